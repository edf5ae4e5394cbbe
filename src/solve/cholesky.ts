/** Dense symmetric positive definite systems in packed lower triangles: (i, j) at i(i+1)/2 + j. */

/** Factors A = LLᵀ in place. False when a pivot is not positive (A is then garbage). */
export function factor(A: Float64Array, n: number): boolean {
  for (let i = 0, ii = 0; i < n; ii += ++i) {
    for (let j = 0, jj = 0; j <= i; jj += ++j) {
      let sum = A[ii + j];
      for (let k = 0; k < j; k++) sum -= A[ii + k] * A[jj + k];
      if (i !== j) A[ii + j] = sum / A[jj + j];
      else if (sum > 0 && sum < Infinity) A[ii + j] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves LLᵀx = b in place of b. */
export function solve(L: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0, ii = 0; i < n; ii += ++i) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= L[ii + k] * b[k];
    b[i] = sum / L[ii + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i] / L[(i * (i + 1)) / 2 + i];
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] -= x * L[(i * (i + 1)) / 2 + k];
  }
}
