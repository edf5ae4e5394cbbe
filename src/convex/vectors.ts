/** Arithmetic of vectors that the solvers share. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** x + factor·direction, a new vector. */
export function addScaled(x: Float64Array, factor: number, direction: Float64Array): Float64Array {
  const sum = new Float64Array(x.length);
  for (let i = 0; i < sum.length; i++) sum[i] = x[i] + factor * direction[i];
  return sum;
}

/** a − b, a new vector. */
export const difference = (a: Float64Array, b: Float64Array): Float64Array => addScaled(a, -1, b);

/** The largest |aᵢ − bᵢ|. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
