/** How well predictions meet observations. */
import { sampleRankCorrelation } from "simple-statistics";
import type { Score } from "./fit-file.ts";

/** Scores over the rows whose observation is present; null when there are none. */
export function score(predicted: Float64Array, observed: Float64Array): Score | null {
  const rows = [...observed.keys()].filter((i) => !Number.isNaN(observed[i]));
  if (rows.length === 0) return null;
  const [p, y] = [rows.map((i) => predicted[i]), rows.map((i) => observed[i])];
  const mean = (f: (i: number) => number): number =>
    rows.reduce((sum, _, i) => sum + f(i), 0) / rows.length;
  const center = mean((i) => y[i]);
  const total = mean((i) => (y[i] - center) ** 2);
  const varies = (x: readonly number[]): boolean => x.some((v) => v !== x[0]);
  return {
    rows: rows.length,
    mrePercent: y.includes(0) ? null : 100 * mean((i) => Math.abs(p[i] - y[i]) / Math.abs(y[i])),
    r2: total > 0 ? 1 - mean((i) => (p[i] - y[i]) ** 2) / total : null,
    mae: mean((i) => Math.abs(p[i] - y[i])),
    spearman:
      // rounding passes 1
      varies(p) && varies(y) ? Math.min(1, Math.max(-1, sampleRankCorrelation(p, y))) : null,
  };
}
