/**
 * What laws miss: every law has the wrong form a little, and errs more the farther a point lies
 * from all runs. Without it a design trusts the law: many cheap runs then say all of dear ones, and
 * predictions far beyond them are worse than from a few dear runs drawn at random
 * (docs/scalebench.md).
 *
 * The error of a law is a random function of the run, with the covariance
 *
 *     τ² exp(−d),  d² = Σ_j ((z_j − z′_j)/w_j)²,
 *
 * z the logarithms of the inputs and the shares' roots, w_j their ranges: near a run it is that
 * run's, and it is as rough as a random walk, so that it is learnt nowhere but near runs. What the
 * runs that were fitted say of it is taken off (the conditional covariance of a Gaussian process;
 * Rasmussen & Williams 2006, eq. 2.24).
 */
import { itemAt } from "../base/known.ts";
import type { Points } from "../fit/inference/bands.ts";
import { factor } from "../solve/cholesky.ts";

/** τ, in standard deviations of the residuals. */
const SIZE = 3;
/** Rows of X at most. */
const RANK = 40;
/** Rows end where so small a share of the variance is left. */
const ENOUGH = 1e-3;

/** The coordinates of runs, each over its range; column by column. */
function coordinatesOf(sets: readonly Points[]): Float64Array[] {
  const [first] = sets;
  if (first === undefined) return [];
  const names = Object.keys(first.inputs).filter((name) => sets.every(({ inputs }) => inputs[name] !== undefined)); // prettier-ignore
  const k = first.rows === 0 ? 0 : Math.round(first.weights.length / first.rows);
  const column = (of: (set: Points, row: number) => number): Float64Array =>
    Float64Array.from(sets.flatMap((set) => Array.from({ length: set.rows }, (_, row) => of(set, row)))); // prettier-ignore
  const inputs = names.map((name) => {
    const values = column(({ inputs: all }, row) => itemAt(all[name] ?? [], row));
    return values.every((x) => x > 0) ? values.map(Math.log) : values;
  });
  const shares = Array.from({ length: k }, (_, j) => column(({ weights }, row) => Math.sqrt(itemAt(weights, row * k + j)))); // prettier-ignore
  return [...inputs, ...shares].flatMap((values) => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const width = values.reduce((a, b) => Math.max(a, b), -Infinity) - low;
    return width > 0 ? [values.map((x) => x / width)] : [];
  });
}

/**
 * Rows X, a number for each point, with XᵀX the covariance of the law's error at the points.
 *
 * @param sd standard deviation of the residuals
 * @param fitted the runs that the law was fitted to; none where they are not known
 */
export function lawErrorRows(
  points: Points,
  fitted: Points | undefined,
  sd: number,
): Float64Array[] {
  const n = points.rows;
  const m = fitted?.rows ?? 0;
  const z = coordinatesOf(fitted === undefined ? [points] : [points, fitted]);
  const covariance = (a: number, b: number): number => {
    let square = 0;
    for (const column of z) square += (column[a] - column[b]) ** 2;
    return (SIZE * sd) ** 2 * Math.exp(-Math.sqrt(square));
  };
  const known = whitened(n, m, covariance, sd);
  const conditional = (a: number, b: number): number => {
    let value = covariance(a, b);
    for (let i = 0; i < m; i++) value -= known[a * m + i] * known[b * m + i];
    return value;
  };
  return pivotedRows(n, conditional);
}

/** L⁻¹K of each point with the fitted runs, LLᵀ = K + σ² of these: a row a point. */
function whitened(
  n: number,
  m: number,
  covariance: (a: number, b: number) => number,
  sd: number,
): Float64Array {
  const L = new Float64Array((m * (m + 1)) / 2);
  for (let i = 0, at = 0; i < m; i++)
    for (let j = 0; j <= i; j++, at++) L[at] = covariance(n + i, n + j) + (i === j ? sd ** 2 : 0);
  const all = new Float64Array(n * m);
  if (m === 0 || !factor(L, m)) return all;
  for (let a = 0; a < n; a++)
    for (let i = 0; i < m; i++) {
      let value = covariance(a, n + i);
      const row = (i * (i + 1)) / 2;
      for (let j = 0; j < i; j++) value -= L[row + j] * all[a * m + j];
      all[a * m + i] = value / L[row + i];
    }
  return all;
}

/** Pivoted Cholesky: rows whose squares sum to the matrix, the largest first. */
function pivotedRows(n: number, entry: (a: number, b: number) => number): Float64Array[] {
  const left = Float64Array.from({ length: n }, (_, a) => Math.max(0, entry(a, a)));
  const total = left.reduce((a, b) => a + b, 0);
  const rows: Float64Array[] = [];
  while (rows.length < RANK && left.reduce((a, b) => a + b, 0) > ENOUGH * total) {
    const pivot = left.reduce((best, x, a) => (x > left[best] ? a : best), 0);
    const root = Math.sqrt(left[pivot]);
    if (!(root > 0)) break;
    const row = Float64Array.from({ length: n }, (_, a) => {
      let value = entry(a, pivot);
      for (const before of rows) value -= before[a] * before[pivot];
      return value / root;
    });
    rows.push(row);
    for (let a = 0; a < n; a++) left[a] = Math.max(0, left[a] - row[a] ** 2);
  }
  return rows;
}
