/**
 * Least squares by Householder reflections (Golub & Van Loan 2013, Matrix Computations, 5.2): min
 * ‖Ax − b‖ for a tall matrix, without forming AᵀA, whose condition is the square of A's.
 */

/**
 * A pivot of R below this, columns having length 1, is rounding: the column depends on those before
 * it.
 */
export const DEPENDENT = 1e-14;

/**
 * Row-major rows × n, overwritten: R in the upper triangle, the reflections below. `b` becomes Qᵀb.
 * Columns that vanish are left alone.
 */
export function triangularize(A: Float64Array, rows: number, n: number, b: Float64Array): void {
  const end = rows * n;
  for (let k = 0; k < n && k < rows; k++) {
    const top = k * n + k;
    let largest = 0;
    for (let at = top; at < end; at += n) largest = Math.max(largest, Math.abs(A[at]));
    if (largest === 0) continue;
    let sum = 0;
    for (let at = top; at < end; at += n) sum += (A[at] / largest) ** 2;
    const norm = largest * Math.sqrt(sum);
    const pivot = A[top];
    const alpha = pivot > 0 ? -norm : norm;
    // v = column − α·e₁, scaled to v₁ = 1; H = I − β·vvᵀ
    const head = pivot - alpha;
    const beta = -head / alpha;
    for (let at = top + n; at < end; at += n) A[at] /= head;
    A[top] = alpha;
    for (let shift = 1; k + shift < n; shift++) {
      let product = A[top + shift];
      for (let at = top + n; at < end; at += n) product += A[at] * A[at + shift];
      product *= beta;
      A[top + shift] -= product;
      for (let at = top + n; at < end; at += n) A[at + shift] -= product * A[at];
    }
    let product = b[k];
    for (let at = top + n, i = k + 1; at < end; at += n, i++) product += A[at] * b[i];
    product *= beta;
    b[k] -= product;
    for (let at = top + n, i = k + 1; at < end; at += n, i++) b[i] -= product * A[at];
  }
}

/**
 * x of Rx = b, R in the upper triangle of row-major A with n columns; undefined where R is
 * singular.
 */
export function backSubstitute(
  A: Float64Array,
  n: number,
  b: ArrayLike<number>,
): Float64Array | undefined {
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let j = i + 1; j < n; j++) sum -= A[i * n + j] * x[j];
    if (A[i * n + i] === 0) return undefined;
    x[i] = sum / A[i * n + i];
  }
  return x;
}
