/** What was minimized in a fit, in words. */
import { number } from "../base/format-number.ts";
import { lossOf } from "../expr/loss.ts";
import type { Fit, FitFile } from "../fit/result/fit-file.ts";

/** @example objectiveWords(file) // "Huber loss, δ 0.001, of the log residual" */
export function objectiveWords({ fits, settings }: Pick<FitFile, "fits" | "settings">): string {
  const { title, scale } = lossOf(settings.loss);
  const loss = scale === undefined ? title : `${title}, δ ${deltas(fits, settings.delta)}`;
  return settings.residual === "raw" ? loss : `${loss}, of the ${settings.residual} residual`;
}

/** δ of all fits: one number, or from the least to the most. */
function deltas(fits: readonly Fit[], usual: number): string {
  const each = fits.map(({ delta }) => delta ?? usual);
  const ends = new Set([Math.min(...each), Math.max(...each)]);
  return [...ends].map((delta) => number(delta, delta === usual ? 1 : 3)).join(" to ");
}
