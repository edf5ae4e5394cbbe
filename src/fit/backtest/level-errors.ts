/** The errors of one refit at the levels of the ladder above those it was fitted to. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { ResidualKind } from "../../options/fit-options.ts";
import { weightedMean } from "../../stats/moments.ts";
import type { Backtest } from "../result/backtests.ts";
import { reachOf } from "../result/coverage.ts";
import { predictRows } from "../result/predictor.ts";
import { effectiveParameters } from "../ridge/effective-parameters.ts";
import { coordinateCovariance, type FittedPoint, predictionErrors } from "./covariance.ts";
import { distancesFrom } from "./distance.ts";
import type { Ladder } from "./ladder.ts";
import { RESIDUAL_UNITS } from "./residual-units.ts";

/** A refit of one target to the first levels of a ladder. */
export interface PrefixFit extends FittedPoint {
  readonly ladder: Ladder;
  /** How many levels were fitted. */
  readonly fitted: number;
  readonly residual: ResidualKind;
}

/** Mean and standard deviation of the values at some rows, by weight. */
function momentsAt(
  values: Float64Array,
  weights: Float64Array,
  rows: readonly number[],
): { readonly mean: number; readonly sd: number } {
  const [x, w] = [rows.map((row) => values[row]), rows.map((row) => weights[row])];
  const mean = weightedMean(x, w);
  return { mean, sd: Math.sqrt(weightedMean(x.map((value) => (value - mean) ** 2), w)) }; // prettier-ignore
}

/** Runs of all levels that count for the noise of the largest one, beside its own. */
const BORROWED = 10;

/**
 * Standard deviation of the noise of a run of the largest fitted level. Small models and early
 * checkpoints often scatter more around a law than large ones, or less, and what is predicted is
 * larger still. So the runs of that level tell it, and ten runs more that scatter as all do. The
 * parameters that the fit has spent are taken off as degrees of freedom, the same share of every
 * level's. Undefined where no run is left to tell it.
 */
function edgeNoise(
  errors: Float64Array,
  weights: Float64Array,
  { ladder: { levelOf }, fitted, problem, target, theta }: PrefixFit,
  below: readonly number[],
): number | undefined {
  const spent = effectiveParameters(problem, target, theta, [...theta.keys()]);
  if (below.length <= spent) return undefined;
  const edge = below.filter((row) => levelOf[row] === fitted - 1);
  const squareAt = (rows: readonly number[]): number => {
    const { mean, sd } = momentsAt(errors, weights, rows);
    return mean ** 2 + sd ** 2;
  };
  const square =
    edge.length === 0
      ? squareAt(below)
      : (edge.length * squareAt(edge) + BORROWED * squareAt(below)) / (edge.length + BORROWED);
  return Math.sqrt((square * below.length) / (below.length - spent));
}

/** The noise at the upper end of what was fitted; undefined where no run is left to tell it. */
export function noiseAtEdge(
  fit: PrefixFit,
  train: RunSet,
  rowWeights: Float64Array,
): number | undefined {
  const errors = errorsOf(fit, train, predictRows(fit.law, fit.theta, train));
  const below = fittedRows(fit, rowWeights);
  return edgeNoise(errors, rowWeights, fit, below);
}

const fittedRows = (
  { ladder: { levelOf }, fitted }: PrefixFit,
  rowWeights: Float64Array,
): number[] => [...levelOf.keys()].filter((row) => rowWeights[row] > 0 && levelOf[row] < fitted);

/** The errors at all rows, in units of the residual. */
const errorsOf = (
  { residual, target }: PrefixFit,
  { losses }: RunSet,
  predicted: Float64Array,
): Float64Array =>
  predicted.map((y, row) => RESIDUAL_UNITS[residual].error(y, losses[target][row]));

/**
 * None where the prefix has too few runs to fit the law and tell the noise, or what the runs leave
 * open is not known.
 */
export function levelErrors(fit: PrefixFit, train: RunSet, rowWeights: Float64Array): Backtest[] {
  const { law, theta, ladder, fitted, residual } = fit;
  const { levels, levelOf } = ladder;
  const predicted = predictRows(law, theta, train);
  const errors = errorsOf(fit, train, predicted);
  const below = fittedRows(fit, rowWeights);
  const noise = edgeNoise(errors, rowWeights, fit, below);
  if (noise === undefined) return [];
  const covariance = coordinateCovariance(fit);
  if (covariance === undefined) return [];
  const spread = predictionErrors(law, theta, covariance, train);
  const squares = spread.map(
    (error, row) => (error / RESIDUAL_UNITS[residual].unitAt(predicted[row])) ** 2,
  );
  const distances = distancesFrom(reachOf(rowsOf(train.inputs, below)), law.law.uses, train);
  return levels.flatMap((predictedTo, level): Backtest[] => {
    const rows = [...levelOf.keys()].filter((row) => rowWeights[row] > 0 && levelOf[row] === level);
    if (level < fitted || rows.length === 0) return [];
    const error = momentsAt(errors, rowWeights, rows);
    return [
      {
        fittedTo: levels[fitted - 1],
        levels: fitted,
        predicted: predictedTo,
        rows: rows.length,
        distance: momentsAt(distances, rowWeights, rows).mean,
        error: error.mean,
        scatter: error.sd,
        noise,
        standardError: Math.sqrt(momentsAt(squares, rowWeights, rows).mean),
      },
    ].filter((test) => Number.isFinite(test.error) && Number.isFinite(test.standardError));
  });
}

/** The inputs of some rows. */
const rowsOf = (inputs: RunSet["inputs"], rows: readonly number[]): RunSet["inputs"] =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, column]) => [
      name,
      Float64Array.from(rows, (row) => column[row]),
    ]),
  );
