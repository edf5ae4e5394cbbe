/**
 * Which runs tell most about the losses at given points: V-optimal design (Fedorov 1972, Theory of
 * Optimal Experiments), where what is open is the covariance of the fitted laws, their basins, and
 * how the laws disagree (law-spread.ts).
 */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { Points } from "../fit/inference/bands.ts";
import { pointsFor, restore } from "../fit/predict.ts";
import { hasFailed } from "../fit/result/failed-fits.ts";
import { firstOf, itemAt } from "../base/known.ts";
import { sampleOf } from "../fit/large/row-sample.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { rowsOf } from "../fit/result/rows-of-file.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { lawErrorRows } from "./law-error.ts";
import { mean } from "../stats/moments.ts";
import type { DesignProblem } from "./bayesian-design.ts";
import { spreadOf, totalSpread } from "./law-spread.ts";

/** A design problem about losses at points. */
export interface PointProblem {
  /** Its goals are the losses at the points; a point's targets stand together. */
  readonly problem: DesignProblem;
  readonly targets: readonly string[];
  /** Mean over points and laws of the predictions, by target. */
  readonly means: readonly number[];
}

/** Noise where a fit has as many parameters as rows: this share of the loss. */
const UNKNOWN_NOISE = 0.01;
/** What laws miss is taken from so many of the fitted runs: its matrix has their square. */
const MOST_RUNS = 1000;

/**
 * @param files fits of one target or more by one law or more
 * @param pool candidate runs; it needs no losses
 * @param points where the losses are to be known
 * @param costs of each row of the pool
 * @throws InputError where no fit can say what is open, and for points or a pool that do not match.
 */
export function pointProblem(
  files: readonly FitFile[],
  pool: Runs,
  points: Runs,
  costs: Float64Array,
): PointProblem {
  const named = [...new Set(files.flatMap(({ fits }) => fits.map(({ target }) => target)))];
  const all = files.map((file) => ({ file, runs: fittedRuns(file) }));
  const parts = named.flatMap((target) => partOf(all, target, pool, points) ?? []);
  if (parts.length === 0)
    throw new InputError(
      `no fit says what it leaves open of the losses at the points: fit again, with ${option("bootstrap", 200)}.`,
      { option: "bootstrap" },
    );
  const [M, G, T] = [pool.train.rows, points.train.rows, parts.length];
  // Each row stands twice, with either sign: their mean is 0, and their covariance is XᵀX.
  const R = 2 * parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const scale = Math.sqrt((R - 1) / 2);
  const goals = new Float64Array(R * G * T);
  const predictions = new Float64Array(R * M * T);
  let r = 0;
  for (const [t, { rows }] of parts.entries())
    for (const row of rows)
      for (const sign of [scale, -scale]) {
        for (let g = 0; g < G; g++) goals[r * G * T + g * T + t] = sign * row[M + g];
        for (let c = 0; c < M; c++) predictions[r * M * T + c * T + t] = sign * row[c];
        r++;
      }
  const noise = Float64Array.from({ length: M * T }, (_, at) => parts[at % T].noise);
  return {
    problem: { goals, predictions, replicates: R, targets: T, noise, costs },
    targets: parts.map(({ target }) => target),
    means: parts.map(({ average }) => average),
  };
}

/** What is open of one target at the pool's rows and, after them, at the points. */
interface Part {
  readonly target: string;
  readonly rows: readonly Float64Array[];
  /** Variance of a run. */
  readonly noise: number;
  /** Mean of the predictions at the points. */
  readonly average: number;
}

/** Undefined where no law says what it leaves open. */
function partOf(
  files: readonly Fitted[],
  target: string,
  pool: Runs,
  points: Runs,
): Part | undefined {
  const known = files.flatMap(({ file, runs }) =>
    file.fits.flatMap((fit) => {
      if (fit.target !== target || hasFailed(fit)) return [];
      const { law, theta } = restore(file, fit);
      const together = joined(pointsFor(law, pool), pointsFor(law, points));
      const spread = spreadOf({ fit, law, theta, points: together });
      if (spread === undefined) return [];
      // Residuals of logarithms and relative ones are shares of the loss.
      const unit = file.settings.residual === "raw" ? 1 : Math.abs(mean(spread.values));
      const noise = fit.residualSd === null ? null : fit.residualSd * unit;
      return [{ spread, noise, law, together, runs }];
    }),
  );
  if (known.length === 0) return undefined;
  const spreads = known.map(({ spread }) => spread);
  const average = mean(spreads.map(({ values }) => mean(values.subarray(pool.train.rows))));
  const noises = known.flatMap(({ noise }) => (noise === null || noise === 0 ? [] : [noise]));
  const noise = noises.length === 0 ? UNKNOWN_NOISE * Math.abs(average) : Math.min(...noises);
  const { law, together, runs } = firstOf(known);
  const fitted = runs && withLoss(runs, target, law);
  const missed = lawErrorRows(together, fitted, noise);
  return { target, rows: [...totalSpread(spreads), ...missed], noise: noise * noise, average };
}

/** A fit file with the runs that were fitted, where it keeps them; of many a sample. */
interface Fitted {
  readonly file: FitFile;
  readonly runs: Runs | undefined;
}

function fittedRuns(file: FitFile): Runs | undefined {
  const runs = rowsOf(file);
  return runs && sampleOf(runs, MOST_RUNS, file.settings.seed);
}

/** The runs that have a loss of a target, as a law sees them. */
function withLoss(runs: Runs, target: string, law: BoundLaw): Points {
  const points = pointsFor(law, runs);
  const losses = itemAt(runs.train.losses, runs.targets.indexOf(target));
  const rows = [...losses.keys()].filter((row) => !Number.isNaN(itemAt(losses, row)));
  const k = points.rows === 0 ? 0 : points.weights.length / points.rows;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => itemAt(values, row)); // prettier-ignore
  return {
    rows: rows.length,
    inputs: Object.fromEntries(Object.entries(points.inputs).map(([name, values]) => [name, pick(values)])), // prettier-ignore
    weights: Float64Array.from(rows.flatMap((row) => [...points.weights.subarray(row * k, (row + 1) * k)])), // prettier-ignore
  };
}

/** Two sets of points, one after the other. */
function joined(first: Points, second: Points): Points {
  const both = (a: Float64Array, b: Float64Array): Float64Array => {
    const all = new Float64Array(a.length + b.length);
    all.set(a);
    all.set(b, a.length);
    return all;
  };
  const names = Object.keys(first.inputs).filter((name) => second.inputs[name] !== undefined);
  return {
    rows: first.rows + second.rows,
    inputs: Object.fromEntries(
      names.map((name) => [name, both(first.inputs[name], second.inputs[name])]),
    ),
    weights: both(first.weights, second.weights),
  };
}
