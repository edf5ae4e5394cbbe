/** How well predictions meet observations. */
import { totalOf, weightedCorrelation, weightedRanks } from "../../stats/moments.ts";
import { finish } from "../../solve/iterate.ts";
import type { Score } from "./fit-file.ts";

/**
 * Scores over the rows that have an observation and weigh something; null when there are none.
 *
 * @param weights what each row counts, as in the fit; without them all alike
 */
export const score = (
  predicted: Float64Array,
  observed: Float64Array,
  weights?: ArrayLike<number>,
): Score | null => finish(scoring(predicted, observed, weights));

/** The same, yielding between passes over the rows. */
export function* scoring(
  predicted: Float64Array,
  observed: Float64Array,
  weights?: ArrayLike<number>,
): Generator<undefined, Score | null> {
  const isScored = (row: number): boolean => !Number.isNaN(observed[row]) && weights?.[row] !== 0;
  const scored = (values: Float64Array): Float64Array => values.filter((_, row) => isScored(row));
  const [p, y] = [scored(predicted), scored(observed)];
  const w = scored(observed.map((_, row) => weights?.[row] ?? 1));
  if (p.length === 0) return null;
  const mass = totalOf(w);
  const mean = (f: (i: number) => number): number => totalOf(w, (x, i) => x * f(i)) / mass;
  const center = mean((i) => y[i]);
  const total = mean((i) => (y[i] - center) ** 2);
  const isVarying = (x: Float64Array): boolean => x.some((v) => v !== x[0]);
  const orNull = (x: number): number | null => (Number.isFinite(x) ? x : null);
  yield;
  const ranks = isVarying(p) && isVarying(y) ? [weightedRanks(p, w)] : [];
  yield;
  if (ranks.length > 0) ranks.push(weightedRanks(y, w));
  yield;
  const [ofP, ofY] = ranks;
  const relative = 100 * mean((i) => Math.abs(p[i] - y[i]) / Math.abs(y[i]));
  return {
    rows: p.length,
    // Of 0 there is none, and beside one that is nearly 0 no number for it.
    mrePercent: orNull(relative),
    r2: isVarying(y) ? orNull(1 - mean((i) => (p[i] - y[i]) ** 2) / total) : null,
    mae: mean((i) => Math.abs(p[i] - y[i])),
    spearman: ofP && ofY ? weightedCorrelation(ofP, ofY, w) : null,
  };
}
