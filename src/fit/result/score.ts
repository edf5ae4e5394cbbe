/** How well predictions meet observations. */
import { weightedCorrelation, weightedMean, weightedRanks } from "../../stats/moments.ts";
import type { Score } from "./fit-file.ts";

/**
 * Scores over the rows that have an observation and weigh something; null when there are none.
 *
 * @param weights what each row counts, as in the fit; without them all alike
 */
export function score(
  predicted: Float64Array,
  observed: Float64Array,
  weights?: ArrayLike<number>,
): Score | null {
  const rows = Int32Array.from(observed, (_, row) => row).filter(
    (row) => !Number.isNaN(observed[row]) && weights?.[row] !== 0,
  );
  if (rows.length === 0) return null;
  const at = (f: (row: number) => number): Float64Array => Float64Array.from(rows, f);
  const [p, y] = [at((row) => predicted[row]), at((row) => observed[row])];
  const w = at((row) => weights?.[row] ?? 1);
  const mean = (f: (i: number) => number): number =>
    weightedMean(
      p.map((_, i) => f(i)),
      w,
    );
  const center = mean((i) => y[i]);
  const total = mean((i) => (y[i] - center) ** 2);
  const isVarying = (x: Float64Array): boolean => x.some((v) => v !== x[0]);
  const orNull = (x: number): number | null => (Number.isFinite(x) ? x : null);
  const relative = 100 * mean((i) => Math.abs(p[i] - y[i]) / Math.abs(y[i]));
  return {
    rows: rows.length,
    // Of 0 there is none, and beside one that is nearly 0 no number for it.
    mrePercent: orNull(relative),
    r2: isVarying(y) ? orNull(1 - mean((i) => (p[i] - y[i]) ** 2) / total) : null,
    mae: mean((i) => Math.abs(p[i] - y[i])),
    spearman:
      isVarying(p) && isVarying(y)
        ? weightedCorrelation(weightedRanks(p, w), weightedRanks(y, w), w)
        : null,
  };
}
