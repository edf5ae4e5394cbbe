/** Scores of predictions on held-out rows, and comparisons of laws by them. */
import type { RunSet } from "../data/runs/run-set.ts";
import { blocksOf, sampleWeights } from "../random/resampling.ts";
import { score } from "../fit/result/score.ts";
import { quantile } from "../stats/interval.ts";
import { mean } from "../stats/moments.ts";
import type { Folds } from "./folds.ts";
import type { Difference, HeldScore } from "./validation.ts";

/**
 * Predictions of one law for one target: NaN where a row was not held out, finite where it was and
 * has a loss.
 */
export type Predicted = Float64Array;

/** Scores over the held-out rows whose observation is there; undefined where there are none. */
export function heldScore(
  predicted: Predicted,
  observed: Float64Array,
  runs: RunSet,
  domains: number,
  held: Folds["held"],
): HeldScore | undefined {
  const rows = held.flatMap((fold) =>
    [...fold].filter((row) => !Number.isNaN(observed[row]) && !Number.isNaN(predicted[row])),
  );
  if (rows.length === 0) return undefined;
  const [p, y] = [predicted, observed].map((values) =>
    Float64Array.from(rows, (row) => values[row]),
  );
  const scored = score(p, y);
  if (scored === null) return undefined;
  const { mrePercent, r2, spearman } = scored;
  const rmse = Math.sqrt(mean(p.map((x, i) => (x - y[i]) ** 2)));
  return {
    rows: rows.length,
    mrePercent,
    rmse,
    r2,
    spearman,
    regret: regret(predicted, observed, runs, domains, held),
  };
}

/** See `HeldScore.regret`. */
function regret(
  predicted: Predicted,
  observed: Float64Array,
  runs: RunSet,
  domains: number,
  held: Folds["held"],
): number | null {
  if (domains === 0) return null;
  const mixtureOf = (row: number): string =>
    runs.weights.subarray(row * domains, (row + 1) * domains).join();
  const losses = held.flatMap((fold) => {
    const scored = [...fold].filter(
      (row) => !Number.isNaN(observed[row]) && !Number.isNaN(predicted[row]),
    );
    const choices = rowsAlike(scored, runs).filter((rows) => new Set(rows.map(mixtureOf)).size > 1);
    return choices.map((rows) => {
      const chosen = rows.reduce((a, b) => (predicted[b] < predicted[a] ? b : a));
      return observed[chosen] - Math.min(...rows.map((row) => observed[row]));
    });
  });
  return losses.length === 0 ? null : mean(losses);
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

/**
 * Mean relative error of `a` less that of `b`, in points of percent: rows are paired, targets count
 * alike, and the interval is from a bootstrap over the clusters of the rows held out, since the
 * errors of one cluster's rows go together.
 */
export function compare(
  a: readonly Predicted[],
  b: readonly Predicted[],
  observed: readonly Float64Array[],
  { clusters, held }: Pick<Folds, "clusters" | "held">,
  level: number,
  seed: number,
): Difference {
  const rows = held.flatMap((fold) => [...fold]);
  const { blocks, blockOf } = blocksOf(rows.map((row) => String(clusters.blockOf[row])));
  const sums = observed.map((y, t) => differenceSums(a[t], b[t], y, rows, blockOf, blocks));
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

/** By block of rows: the sum of differences of relative errors, in percent, and how many they are. */
interface DifferenceSums {
  readonly error: Float64Array;
  readonly count: Float64Array;
}

/** One target's. Rows without an observation, or of 0, count for nothing. */
function differenceSums(
  a: Predicted,
  b: Predicted,
  observed: Float64Array,
  rows: readonly number[],
  blockOf: Int32Array,
  blocks: number,
): DifferenceSums {
  const [error, count] = [new Float64Array(blocks), new Float64Array(blocks)];
  for (const [i, row] of rows.entries()) {
    const truth = observed[row];
    if (Number.isNaN(truth) || truth === 0) continue;
    error[blockOf[i]] +=
      (100 * (Math.abs(a[row] - truth) - Math.abs(b[row] - truth))) / Math.abs(truth);
    count[blockOf[i]]++;
  }
  return { error, count };
}

/** The mean over targets of the mean over rows, with blocks weighed. */
function meanDifference(sums: readonly DifferenceSums[], weights: ArrayLike<number>): number {
  const ofTargets = sums.flatMap(({ error, count }) => {
    let [total, n] = [0, 0];
    for (let block = 0; block < error.length; block++) {
      total += weights[block] * error[block];
      n += weights[block] * count[block];
    }
    return n === 0 ? [] : [total / n];
  });
  return ofTargets.length === 0 ? 0 : mean(ofTargets);
}
