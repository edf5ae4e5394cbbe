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

function regret(
  predicted: Predicted,
  observed: Float64Array,
  { inputs, weights }: RunSet,
  k: number,
  held: Folds["held"],
): number | null {
  if (k === 0) return null;
  const losses: number[] = [];
  for (const fold of held) {
    const sets = new Map<string, number[]>();
    for (const row of fold) {
      if (Number.isNaN(observed[row]) || Number.isNaN(predicted[row])) continue;
      const key = Object.values(inputs)
        .map((values) => values[row])
        .join();
      const set = sets.get(key);
      if (set === undefined) sets.set(key, [row]);
      else set.push(row);
    }
    for (const rows of sets.values()) {
      const mixtures = new Set(rows.map((row) => weights.subarray(row * k, (row + 1) * k).join()));
      if (mixtures.size < 2) continue;
      const chosen = rows.reduce((a, b) => (predicted[b] < predicted[a] ? b : a));
      losses.push(observed[chosen] - Math.min(...rows.map((row) => observed[row])));
    }
  }
  return losses.length === 0 ? null : mean(losses);
}

/** Means over targets; null where a target has none. */
export function meanScore(of: readonly HeldScore[]): HeldScore {
  const over = (pick: (s: HeldScore) => number | null): number | null => {
    const values = of.map(pick).filter((x) => x !== null);
    return values.length < of.length || of.length === 0 ? null : mean(values);
  };
  return {
    rows: of.reduce((sum, s) => sum + s.rows, 0),
    mrePercent: over((s) => s.mrePercent),
    rmse: over((s) => s.rmse) ?? NaN,
    r2: over((s) => s.r2),
    spearman: over((s) => s.spearman),
    regret: over((s) => s.regret),
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
  const sums = observed.map((y, t) => {
    const [error, count] = [new Float64Array(blocks), new Float64Array(blocks)];
    for (const [i, row] of rows.entries()) {
      const truth = y[row];
      if (Number.isNaN(truth) || truth === 0) continue;
      error[blockOf[i]] +=
        (100 * (Math.abs(a[t][row] - truth) - Math.abs(b[t][row] - truth))) / Math.abs(truth);
      count[blockOf[i]]++;
    }
    return { error, count };
  });
  const at = (weights: ArrayLike<number>): number => {
    const each = sums.flatMap(({ error, count }) => {
      let [total, n] = [0, 0];
      for (let block = 0; block < blocks; block++) {
        total += weights[block] * error[block];
        n += weights[block] * count[block];
      }
      return n === 0 ? [] : [total / n];
    });
    return each.length === 0 ? 0 : mean(each);
  };
  const difference = at(new Float64Array(blocks).fill(1));
  if (blocks < 2) return { difference, interval: null, p: null };
  const samples = {
    count: REPLICATES,
    blocks,
    blockOf,
    source: { kind: "bootstrap", scheme: "multinomial", seed, first: 0 },
  } as const;
  const replicates = Float64Array.from({ length: REPLICATES }, (_, s) =>
    at(sampleWeights(samples, s)),
  ).sort();
  const below =
    replicates.filter((x) => x < 0).length + replicates.filter((x) => x === 0).length / 2;
  const p = Math.min(1, (2 * Math.min(below, REPLICATES - below)) / REPLICATES);
  return {
    difference,
    interval: [quantile(replicates, (1 - level) / 2), quantile(replicates, (1 + level) / 2)],
    p: Math.max(p, 1 / REPLICATES),
  };
}
