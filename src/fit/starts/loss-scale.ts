/** The size of the losses that a law is fitted to. */
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";

/** Range and mean of the losses that are there. */
export function lossScale(losses: Float64Array): LossScale {
  const present = losses.filter((y) => !Number.isNaN(y));
  const min = present.reduce((a, b) => Math.min(a, b));
  const max = present.reduce((a, b) => Math.max(a, b));
  return { min, max, mean: present.reduce((a, b) => a + b, 0) / present.length };
}
