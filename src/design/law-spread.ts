/**
 * What fitted laws leave open of losses at points: the covariance of the predictions, as the rows
 * of a matrix X with XᵀX that covariance.
 *
 * Of one fit it is that of its coordinates: deviations of the replicates of its bootstrap, which
 * also differ by the basins that they ended in, or without a bootstrap gᵀΣg with the slopes g of
 * the predictions and the covariance Σ of the coordinates. Between laws it is how their predictions
 * differ. With equal weights 1/L of L laws, the law of total covariance has
 *
 *     Cov = Σ_l Cov_l/L + Σ_l (f_l − f̄)(f_l − f̄)ᵀ/L.
 */
import { itemAt } from "../base/known.ts";
import { covarianceIn, predictionGradients } from "../fit/backtest/covariance.ts";
import type { Points } from "../fit/inference/bands.ts";
import { predictor } from "../fit/result/predictor.ts";
import type { Fit } from "../fit/result/fit-file.ts";
import { replicatesOf } from "../fit/result/stored-replicates.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { symmetricEigen } from "../solve/symmetric-eigen.ts";

/** A fit with the points that its target's losses are wanted at. */
export interface FitAtPoints {
  readonly fit: Fit;
  readonly law: BoundLaw;
  readonly theta: Float64Array;
  readonly points: Points;
}

/** Predictions at points, and what is open of them. */
export interface Spread {
  readonly values: Float64Array;
  /** Rows of X, each with a number for each point. */
  readonly rows: readonly Float64Array[];
}

/** Fewer replicates than this are no covariance. */
const FEWEST_REPLICATES = 20;

/**
 * Undefined where a fit has neither replicates nor a covariance, where that is 0 since it has as
 * many parameters as rows, and where a prediction is no number.
 */
export function spreadOf({ fit, law, theta, points }: FitAtPoints): Spread | undefined {
  const values = predictor(law, points)(theta);
  const replicates = replicatesOf(fit, law.size)?.replicates ?? [];
  const rows =
    replicates.length >= FEWEST_REPLICATES
      ? deviationsOf(law, points, replicates)
      : alongCoordinates({ fit, law, theta, points });
  const isFinite = (numbers: Float64Array): boolean => numbers.every(Number.isFinite);
  return rows !== undefined && rows.length > 0 && isFinite(values) && rows.every(isFinite)
    ? { values, rows }
    : undefined;
}

/** Deviations of the replicates' predictions from their mean, over √(B − 1). */
function deviationsOf(
  law: BoundLaw,
  points: Points,
  replicates: readonly Float64Array[],
): Float64Array[] {
  const predict = predictor(law, points);
  const all = replicates.map((theta) => predict(theta).slice());
  const center = new Float64Array(points.rows);
  for (const values of all)
    for (const [at, value] of values.entries()) center[at] += value / all.length;
  const scale = 1 / Math.sqrt(all.length - 1);
  return all.map((values) => values.map((value, at) => scale * (value - center[at])));
}

/** √λ·gᵀv for each eigenvector v of the covariance of the coordinates. */
function alongCoordinates({ fit, law, theta, points }: FitAtPoints): Float64Array[] | undefined {
  if (fit.covariance === undefined) return undefined;
  const { size } = law;
  const covariance = covarianceIn(fit.covariance, size);
  const gradients = predictionGradients(law, theta, points, (i) => covariance[i * size + i] > 0);
  const eigen = symmetricEigen(
    Array.from({ length: size }, (_, i) => [...covariance.subarray(i * size, (i + 1) * size)]),
  );
  return eigen?.values.flatMap((value, k) => {
    if (!(value > 0)) return [];
    const vector = itemAt(eigen.vectors, k);
    const row = new Float64Array(points.rows);
    for (const [i, gradient] of gradients.entries())
      for (const [at, slope] of gradient.entries()) row[at] += Math.sqrt(value) * vector[i] * slope;
    return [row];
  });
}

/**
 * The rows of several laws' spread, all of the same points: XᵀX is the total covariance.
 *
 * @param laws at least one
 */
export function totalSpread(laws: readonly Spread[]): Float64Array[] {
  const scale = 1 / Math.sqrt(laws.length);
  const center = itemAt(laws, 0).values.map(
    (_, at) => laws.reduce((sum, { values }) => sum + values[at], 0) / laws.length,
  );
  const between = laws.length < 2 ? [] : laws.map(({ values }) => values.map((value, at) => value - center[at])); // prettier-ignore
  return [...laws.flatMap(({ rows }) => rows), ...between].map((row) =>
    row.map((value) => scale * value),
  );
}
