/** Least squares of a few unknowns, each in its bounds. */
import { backSubstitute, triangularize } from "../../solve/qr.ts";

/** A pivot below this share of its column says that the column depends on those before it. */
const DEPENDENT = 1e-11;

/** A·x + r, row-major rows × n. */
export interface LinearResiduals {
  readonly A: Float64Array;
  readonly r: Float64Array;
  readonly n: number;
}

/**
 * x that makes ‖A·x + r‖ small within bounds: the minimum over the free unknowns, after those that
 * it takes beyond a bound were put there, the worst first. A dependent column gets the value that
 * is nearest to 0. Good enough to start from; it need not be the minimum where several bounds hold.
 */
export function boundedLeastSquares(
  { A, r, n }: LinearResiduals,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array {
  const x = Float64Array.from({ length: n }, (_, j) => Math.min(Math.max(0, lower[j]), upper[j]));
  let free = [...x.keys()];
  while (free.length > 0) {
    const { values, dependent } = solveFree(A, r, n, x, free);
    const worst = worstOf(values, free, lower, upper);
    if (dependent === undefined && worst === undefined) {
      for (const [i, j] of free.entries()) x[j] = values[i];
      return x;
    }
    const out = dependent ?? worst?.position ?? 0;
    if (worst !== undefined && dependent === undefined) x[free[out]] = worst.bound;
    free = free.filter((_, i) => i !== out);
  }
  return x;
}

/** The minimum over the free unknowns; `dependent` is the position of one that others stand for. */
function solveFree(
  A: Float64Array,
  r: Float64Array,
  n: number,
  x: Float64Array,
  free: readonly number[],
): { readonly values: Float64Array; readonly dependent?: number } {
  const [rows, m] = [r.length, free.length];
  const B = new Float64Array(rows * m);
  const b = new Float64Array(rows);
  const scale = new Float64Array(m);
  const lengths = new Float64Array(m);
  for (let row = 0; row < rows; row++) b[row] = -r[row];
  for (let j = 0; j < n; j++)
    if (x[j] !== 0 && !free.includes(j))
      for (let row = 0; row < rows; row++) b[row] -= A[row * n + j] * x[j];
  for (let i = 0; i < m; i++) {
    let largest = 0;
    for (let at = free[i]; at < A.length; at += n) largest = Math.max(largest, Math.abs(A[at]));
    scale[i] = largest;
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const value = A[row * n + free[i]] / (largest || 1);
      B[row * m + i] = value;
      sum += value * value;
    }
    lengths[i] = Math.sqrt(sum);
  }
  triangularize(B, rows, m, b);
  for (let i = 0; i < m; i++)
    if (i >= rows || Math.abs(B[i * m + i]) <= DEPENDENT * lengths[i])
      return { values: new Float64Array(m), dependent: i };
  const solved = backSubstitute(B, m, b) ?? new Float64Array(m);
  return { values: solved.map((value, i) => value / (scale[i] || 1)) };
}

/** The unknown that is furthest beyond a bound, as a share of its size. */
function worstOf(
  values: Float64Array,
  free: readonly number[],
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): { readonly position: number; readonly bound: number } | undefined {
  let worst: { position: number; bound: number; by: number } | undefined;
  for (const [position, j] of free.entries()) {
    const value = values[position];
    const bound = Math.min(Math.max(value, lower[j]), upper[j]);
    const by = Math.abs(value - bound) / (Math.abs(value) || 1);
    if (by > 0 && (worst === undefined || by > worst.by)) worst = { position, bound, by };
  }
  return worst;
}
