/** The linear algebra of a polyhedron's rows that hold with equality. */

/** min ≤ coefficients·x ≤ max; infinite where there is no bound. */
export interface Row {
  readonly coefficients: Float64Array;
  readonly min: number;
  readonly max: number;
}

/** A row that holds with equality. */
export interface ActiveRow {
  readonly row: number;
  /** +1 at the max, −1 at the min, 0 for an equation. */
  readonly side: -1 | 0 | 1;
}

/** The inner product over the coordinates that are at no bound. */
export function freeDot(a: Float64Array, b: Float64Array, bounds: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (bounds[i] === 0) sum += a[i] * b[i];
  return sum;
}

/** Lower triangular L with L·Lᵀ = the active rows' inner products over the free coordinates. */
export function cholesky(
  rows: readonly Row[],
  active: readonly ActiveRow[],
  bounds: Int8Array,
): number[][] {
  const factor: number[][] = [];
  for (const [i, { row }] of active.entries()) {
    const line: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = freeDot(rows[row].coefficients, rows[active[j].row].coefficients, bounds);
      for (let m = 0; m < j; m++) sum -= line[m] * (j === i ? line[m] : factor[j][m]);
      line.push(j === i ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / factor[j][j]);
    }
    factor.push(line);
  }
  return factor;
}

/** Solves L·Lᵀ·z = b. */
export function backSolve(
  factor: readonly (readonly number[])[],
  b: readonly number[],
): Float64Array {
  const z = Float64Array.from(b);
  for (let i = 0; i < z.length; i++) {
    for (let m = 0; m < i; m++) z[i] -= factor[i][m] * z[m];
    z[i] /= factor[i][i];
  }
  for (let i = z.length - 1; i >= 0; i--) {
    for (let m = i + 1; m < z.length; m++) z[i] -= factor[m][i] * z[m];
    z[i] /= factor[i][i];
  }
  return z;
}
