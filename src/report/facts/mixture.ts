/** What the view of the mixture shows. */
import { ownOf } from "../../base/known.ts";
import type { Optimum } from "../../mixture/request/optimum.ts";
import type { MixtureData } from "../../views/decision/mixture.ts";

type Span = readonly [low: number, high: number];

/** Intervals without an end are those of all shares. */
const within = (interval: readonly [number | null, number | null] | undefined): Span | null =>
  interval === undefined ? null : [interval[0] ?? 0, interval[1] ?? 1];

export function mixtureFacts({
  weights,
  interval,
  sharpness,
  undetermined,
  reference,
  uniform,
}: Optimum): MixtureData {
  const rows = Object.entries(weights).map(([domain, share]) => ({
    domain,
    share,
    interval: within(ownOf(interval?.weights, domain)),
    near: ownOf(sharpness.ranges, domain) ?? null,
    undetermined: ownOf(undetermined, domain) ?? null,
    reference: ownOf(reference.weights, domain) ?? 0,
    uniform: ownOf(uniform.weights, domain) ?? 0,
  }));
  return {
    rows: rows.toSorted((a, b) => b.share - a.share),
    epsilon: sharpness.epsilon,
    level: interval?.level ?? null,
  };
}
