/** What the residuals of a fit say, put together. */
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { deviations } from "./deviations.ts";
import { repeatNoise } from "./noise.ts";
import type { Problem } from "../search/problem.ts";
import type { Deviations } from "../result/fit-file.ts";
import { rowWeights } from "../../data/runs/row-weights.ts";

/**
 * The fit file's section on residuals: their size, the noise of runs that were repeated, standard
 * errors.
 */
export function residualReport(
  law: BoundLaw,
  problem: Problem,
  { train }: Runs,
  target: number,
  theta: Float64Array,
  { residual }: FitSettings,
): Deviations {
  const sizes = deviations(law, problem, target, theta);
  const { squares, residualSd, degreesOfFreedom, standardErrors } = sizes;
  const weights =
    rowWeights(train, residual)?.[target] ??
    train.losses[target].map((y) => (Number.isNaN(y) ? 0 : 1));
  const parameters = weights.filter((w) => w > 0).length - degreesOfFreedom;
  const over = overSigma(train, target, residual, residualSd);
  return {
    degreesOfFreedom,
    residualSd,
    ...(over === undefined ? {} : { overSigma: over }),
    standardErrors,
    noise: repeatNoise(train, target, weights, residual, squares, parameters),
  };
}

/**
 * Weights are 1/σ² over their mean, so that the residuals' standard deviation is this factor times
 * the σ of that mean.
 */
function overSigma(
  { sigmas, rowWeights: own, losses }: RunSet,
  target: number,
  residual: FitSettings["residual"],
  residualSd: number | null,
): number | undefined {
  if (sigmas === undefined || own !== undefined || residualSd === null) return undefined;
  const [y, sigma] = [losses[target], sigmas[target]];
  const precisions = [...y.keys()]
    .filter((row) => !Number.isNaN(y[row]))
    .map((row) => ((residual === "raw" ? 1 : y[row]) / sigma[row]) ** 2);
  return residualSd * Math.sqrt(precisions.reduce((a, b) => a + b, 0) / precisions.length);
}
