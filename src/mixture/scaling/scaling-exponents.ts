/**
 * The exponents of the best N and D along training compute, N* ∝ C^a and D* ∝ C^b: by the fitted
 * laws with an interval, and beside them by the runs alone.
 */
import { itemAt } from "../../base/known.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import { covarianceIn } from "../../fit/backtest/covariance.ts";
import type { BandOptions } from "../../fit/inference/bands.ts";
import { predictRows } from "../../fit/result/predictor.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { rowsOf } from "../../fit/result/rows-of-file.ts";
import type { LawInput } from "../../laws/law.ts";
import { quantile } from "../../stats/interval.ts";
import { normalQuantile } from "../../stats/normal.ts";
import { lawsDrawn, replicatesFor } from "../certainty/replicates.ts";
import { byLawAlone, refitted, type TargetLoss } from "../goal/goal.ts";
import type { IsoflopEstimate, ScalingExponents } from "../request/exponents.ts";
import { isoflopEstimate } from "./isoflop.ts";
import { exponentOfSize, type LossAtSizes } from "./local-exponents.ts";

/** Where the exponents are meant. */
export interface ScalingPoint {
  /** 6ND, with N the active parameters. */
  readonly flops: number;
  /** Values of other inputs, held. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The mixture, held; empty for laws without one. */
  readonly weights: Float64Array;
}

/** Level of intervals where no bootstrap has one. */
const LEVEL = 0.95;
/** With a larger share of replicates without a best N there is no interval. */
const LOST = 0.025;
/** Steps of differences in a coordinate, in its standard errors. */
const STEP = 0.1;

/** @param losses the laws with their shares of the objective, which sum to 1 */
export function scalingExponents(
  file: FitFile,
  losses: readonly TargetLoss[],
  point: ScalingPoint,
  options: BandOptions & { readonly intervals?: boolean } = {},
): ScalingExponents {
  const best = exponentOfSize(lossAtSizes(losses, point), point.flops);
  const a = best?.exponent;
  const by: ExponentBy = (others) =>
    exponentOfSize(lossAtSizes(others, point), point.flops, best?.lnRatio)?.exponent;
  const level = options.level ?? levelOf(file, losses);
  return {
    params: a ?? null,
    tokens: a === undefined ? null : 1 - a,
    interval:
      a === undefined || options.intervals === false
        ? null
        : (bootstrapInterval(file, losses, by, level) ??
          covarianceInterval(file, losses, by, { a, level })),
    isoflop: isoflopOf(file, losses, level) ?? null,
  };
}

const fitOf = (file: FitFile, { law, target }: TargetLoss): FitFile["fits"][number] | undefined =>
  file.fits.find((fit) => fit.law === law && fit.target === target);

const levelOf = (file: FitFile, losses: readonly TargetLoss[]): number =>
  losses.map((loss) => fitOf(file, loss)?.bootstrap?.level).find((level) => level !== undefined) ??
  LEVEL;

/** The weighted loss over ln N and ln D, all else held. */
function lossAtSizes(
  losses: readonly TargetLoss[],
  { inputs, weights }: ScalingPoint,
): LossAtSizes {
  return (points) => {
    const rows = points.length;
    const k = weights.length;
    const sizes = {
      params: Float64Array.from(points, ([lnN]) => Math.exp(lnN)),
      tokens: Float64Array.from(points, ([, lnD]) => Math.exp(lnD)),
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [name, new Float64Array(rows).fill(value)]),
      ),
    };
    const shares = Float64Array.from({ length: rows * k }, (_, at) => weights[at % k]);
    const total = new Float64Array(rows);
    for (const { fitted, weight } of losses) {
      if (weight === 0) continue;
      const { law, theta } = fitted;
      const runs = { rows, inputs: sizes, weights: law.law.uses.weights ? shares : new Float64Array() }; // prettier-ignore
      const predicted = predictRows(law, Float64Array.from(theta), runs);
      for (const [row, loss] of predicted.entries()) total[row] += weight * loss;
    }
    return total;
  };
}

type ExponentBy = (losses: readonly TargetLoss[]) => number | undefined;

/** Both intervals from that of a. */
const intervalOf = (
  [low, high]: readonly [number, number],
  level: number,
  from: "bootstrap" | "covariance",
): ScalingExponents["interval"] => ({
  params: [low, high],
  tokens: [1 - high, 1 - low],
  level,
  from,
});

/**
 * Percentiles over the replicates, each by one law of an average; undefined where a fit has none,
 * or too few have a best N.
 */
function bootstrapInterval(
  file: FitFile,
  losses: readonly TargetLoss[],
  by: ExponentBy,
  level: number,
): ScalingExponents["interval"] | undefined {
  const stored = replicatesFor(file, losses, { level, interval: "percentile" });
  if (stored === undefined) return undefined;
  const drawn = lawsDrawn(losses, stored.replicates.length);
  const values = stored.replicates.map((thetas, b) =>
    by(byLawAlone(refitted(losses, thetas), drawn?.[b])),
  );
  const known = Float64Array.from(values.filter((value) => value !== undefined)).sort();
  if (known.length < (1 - LOST) * values.length) return undefined;
  return intervalOf(
    [quantile(known, (1 - level) / 2), quantile(known, (1 + level) / 2)],
    level,
    "bootstrap",
  );
}

/**
 * The delta method: Var a = ∇aᵀ Σ ∇a for each fit. Errors of several targets' fits are of the same
 * runs, so they are taken to go together: standard errors add up.
 */
function covarianceInterval(
  file: FitFile,
  losses: readonly TargetLoss[],
  by: ExponentBy,
  { a, level }: { readonly a: number; readonly level: number },
): ScalingExponents["interval"] {
  let error = 0;
  for (const [t, loss] of losses.entries()) {
    const { fitted, weight } = loss;
    const stored = fitOf(file, loss)?.covariance;
    if (stored === undefined) return null;
    if (weight === 0) continue;
    const { size, lower, upper } = fitted.law;
    const covariance = covarianceIn(stored, size);
    const theta = Float64Array.from(fitted.theta);
    const at = (i: number, end: number): TargetLoss => ({ ...loss, fitted: { ...fitted, theta: theta.with(i, end) } }); // prettier-ignore
    const gradient = Float64Array.from(theta, (value, i) => {
      const step = STEP * Math.sqrt(covariance[i * size + i]);
      if (step === 0) return 0;
      const ends = [Math.max(lower[i], value - step), Math.min(upper[i], value + step)];
      const [low, high] = ends.map((end) => by(losses.with(t, at(i, end))) ?? NaN);
      return (high - low) / (ends[1] - ends[0]);
    });
    let variance = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        variance += gradient[i] * covariance[i * size + j] * gradient[j];
    error += Math.sqrt(Math.max(0, variance));
  }
  if (!Number.isFinite(error)) return null;
  const half = normalQuantile((1 + level) / 2) * error;
  return intervalOf([a - half, a + half], level, "covariance");
}

/** By the rows that the fit file keeps, the losses weighted as in the objective. */
function isoflopOf(
  file: FitFile,
  losses: readonly TargetLoss[],
  level: number,
): IsoflopEstimate | undefined {
  const runs = rowsOf(file);
  if (runs === undefined) return undefined;
  const total = new Float64Array(runs.train.rows);
  for (const { target, weight } of losses) {
    if (weight === 0) continue;
    const observed = itemAt(runs.train.losses, runs.targets.indexOf(target));
    for (const [row, loss] of observed.entries()) total[row] += weight * loss;
  }
  return isoflopEstimate(runs.train, total, level, activeShare(losses, runs.train));
}

/** The share of the parameters that compute in a run, where a law knows it: experts. */
function activeShare(losses: readonly TargetLoss[], { inputs }: RunSet): (row: number) => number {
  const sparse = losses
    .flatMap(({ fitted }): readonly LawInput[] => fitted.law.law.uses.inputs ?? [])
    .find((input) => input.active !== undefined);
  const values = sparse === undefined ? undefined : inputs[sparse.name];
  return (row) => (values === undefined ? 1 : (sparse?.active?.(itemAt(values, row)) ?? 1));
}
