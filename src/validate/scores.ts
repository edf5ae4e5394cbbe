/** Scores of predictions on held-out rows, and comparisons of laws by them. */
import { itemAt } from "../base/known.ts";
import { rowWeights } from "../data/runs/row-weights.ts";
import type { RunSet } from "../data/runs/run-set.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { blocksOf, sampleWeights } from "../random/resampling.ts";
import { score } from "../fit/result/score.ts";
import { quantile } from "../stats/interval.ts";
import { mean, weightedMean } from "../stats/moments.ts";
import type { Folds } from "./folds.ts";
import type { Difference, HeldScore } from "./validation.ts";

/**
 * Predictions of one law for one target: NaN where a row was not held out, finite where it was and
 * has a loss.
 */
export type Predicted = Float64Array;

/** One target's predictions of the rows that are held out, and what they are scored by. */
export interface HeldTarget {
  readonly predicted: Predicted;
  readonly observed: Float64Array;
  /** What the rows weigh in the fits: as much as in the scores. */
  readonly weights: Float64Array;
  readonly held: Folds["held"];
}

/** The held-out rows of a fold that have an observation and a prediction, and weigh something. */
const scoredRows = ({ predicted, observed, weights }: HeldTarget, fold: Int32Array): number[] =>
  [...fold].filter(
    (row) =>
      !Number.isNaN(observed[row]) && !Number.isNaN(predicted[row]) && itemAt(weights, row) > 0,
  );

/** Scores over the held-out rows whose observation is there; undefined where there are none. */
export function heldScore(
  target: HeldTarget,
  runs: RunSet,
  domains: number,
): HeldScore | undefined {
  const rows = target.held.flatMap((fold) => scoredRows(target, fold));
  if (rows.length === 0) return undefined;
  const [p, y, w] = [target.predicted, target.observed, target.weights].map((values) =>
    Float64Array.from(rows, (row) => values[row]),
  );
  const scored = score(p, y, w);
  if (scored === null) return undefined;
  const { mrePercent, r2, spearman } = scored;
  const rmse = Math.sqrt(
    weightedMean(
      p.map((x, i) => (x - y[i]) ** 2),
      w,
    ),
  );
  return {
    rows: rows.length,
    mrePercent,
    rmse,
    r2,
    spearman,
    regret: regret(target, runs, domains),
  };
}

/** See `HeldScore.regret`. A set of rows alike counts as much as its rows weigh on average. */
function regret(target: HeldTarget, runs: RunSet, domains: number): number | null {
  const { predicted, observed, weights, held } = target;
  if (domains === 0) return null;
  const mixtureOf = (row: number): string =>
    runs.weights.subarray(row * domains, (row + 1) * domains).join();
  const choices = held.flatMap((fold) =>
    rowsAlike(scoredRows(target, fold), runs).filter(
      (rows) => new Set(rows.map(mixtureOf)).size > 1,
    ),
  );
  if (choices.length === 0) return null;
  const losses = choices.map((rows) => {
    const chosen = rows.reduce((a, b) => (predicted[b] < predicted[a] ? b : a));
    return observed[chosen] - Math.min(...rows.map((row) => observed[row]));
  });
  return weightedMean(
    losses,
    choices.map((rows) => mean(rows.map((row) => weights[row]))),
  );
}

/** Rows with the same inputs together. */
function rowsAlike(rows: readonly number[], { inputs }: RunSet): number[][] {
  const sets = new Map<string, number[]>();
  for (const row of rows) {
    const key = Object.values(inputs)
      .map((values) => values[row])
      .join();
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [row]);
    else set.push(row);
  }
  return [...sets.values()];
}

/** Means over targets; null where a target has none. */
export function meanScore(scores: readonly HeldScore[]): HeldScore {
  const over = (pick: (ofTarget: HeldScore) => number | null): number | null => {
    const values = scores.map(pick).filter((x) => x !== null);
    return values.length < scores.length || scores.length === 0 ? null : mean(values);
  };
  return {
    rows: scores.reduce((sum, { rows }) => sum + rows, 0),
    mrePercent: over(({ mrePercent }) => mrePercent),
    rmse: over(({ rmse }) => rmse) ?? NaN,
    r2: over(({ r2 }) => r2),
    spearman: over(({ spearman }) => spearman),
    regret: over((ofTarget) => ofTarget.regret),
  };
}

const REPLICATES = 2000;

/** The rows that are held out, with what they are scored by. */
export interface HeldRows {
  /** By target. */
  readonly observed: readonly Float64Array[];
  /** By target: what the rows weigh in the fits. */
  readonly weights: readonly Float64Array[];
  readonly held: Folds["held"];
  readonly clusters: Folds["clusters"];
}

/** What is held out, as scores need it. */
export function heldRows(
  set: RunSet,
  { held, clusters }: Folds,
  residual: FitSettings["residual"],
): HeldRows {
  const weights =
    rowWeights(set, residual) ?? set.losses.map(() => new Float64Array(set.rows).fill(1));
  return { observed: set.losses, weights, held, clusters };
}

/**
 * Mean relative error of `a` less that of `b`, in points of percent: rows are paired and weigh what
 * they weigh in the fits, targets count alike, and the interval is from a bootstrap over the
 * clusters of the rows held out, since the errors of one cluster's rows go together.
 */
export function compare(
  a: readonly Predicted[],
  b: readonly Predicted[],
  { observed, weights, clusters, held }: HeldRows,
  level: number,
  seed: number,
): Difference {
  const rows = held.flatMap((fold) => [...fold]);
  const { blocks, blockOf } = blocksOf(rows.map((row) => String(clusters.blockOf[row])));
  const sums = observed.map((y, t) => {
    const errorOf = (row: number): number =>
      (100 * (Math.abs(a[t][row] - y[row]) - Math.abs(b[t][row] - y[row]))) / Math.abs(y[row]);
    const counted = (row: number): boolean => !Number.isNaN(y[row]) && y[row] !== 0;
    const weighed = (row: number): number => (counted(row) ? weights[t][row] : 0);
    return differenceSums(rows, errorOf, weighed, blockOf, blocks);
  });
  const difference = meanDifference(sums, new Float64Array(blocks).fill(1));
  if (blocks < 2) return { difference, interval: null, p: null };
  const source = { kind: "bootstrap", scheme: "multinomial", seed, first: 0 } as const;
  const samples = { count: REPLICATES, blocks, blockOf, source };
  const replicates = Float64Array.from({ length: REPLICATES }, (_, s) =>
    meanDifference(sums, sampleWeights(samples, s)),
  ).sort();
  const ties = replicates.filter((x) => x === 0).length;
  const below = replicates.filter((x) => x < 0).length + ties / 2;
  const p = Math.min(1, (2 * Math.min(below, REPLICATES - below)) / REPLICATES);
  return {
    difference,
    interval: [quantile(replicates, (1 - level) / 2), quantile(replicates, (1 + level) / 2)],
    p: Math.max(p, 1 / REPLICATES),
  };
}

/**
 * By block of rows: the weighted sum of differences of relative errors, and the weight of its rows.
 */
interface DifferenceSums {
  readonly error: Float64Array;
  readonly weight: Float64Array;
}

/** One target's. Rows that weigh nothing have no difference. */
function differenceSums(
  rows: readonly number[],
  differenceOf: (row: number) => number,
  weightOf: (row: number) => number,
  blockOf: Int32Array,
  blocks: number,
): DifferenceSums {
  const [error, weight] = [new Float64Array(blocks), new Float64Array(blocks)];
  for (const [i, row] of rows.entries()) {
    const w = weightOf(row);
    if (!(w > 0)) continue;
    error[blockOf[i]] += w * differenceOf(row);
    weight[blockOf[i]] += w;
  }
  return { error, weight };
}

/** The mean over targets of the mean over rows, with blocks weighed. */
function meanDifference(sums: readonly DifferenceSums[], weights: ArrayLike<number>): number {
  const ofTargets = sums.flatMap(({ error, weight }) => {
    let [total, mass] = [0, 0];
    for (let block = 0; block < error.length; block++) {
      total += weights[block] * error[block];
      mass += weights[block] * weight[block];
    }
    return mass === 0 ? [] : [total / mass];
  });
  return ofTargets.length === 0 ? 0 : mean(ofTargets);
}
