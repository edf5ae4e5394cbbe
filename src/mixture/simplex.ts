/** Euclidean projection onto a simplex with bounds. */

/**
 * The nearest point to y with Σ = 1 and lower ≤ h ≤ upper: hᵢ = clamp(yᵢ − μ), with μ by bisection on the decreasing sum and one exact step at the end.
 * Requires Σ lower ≤ 1 ≤ Σ upper.
 */
export function projectBox(y: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
  const at = (mu: number): Float64Array => y.map((v, i) => Math.min(Math.max(v - mu, lower[i]), upper[i]));
  const sum = (h: Float64Array): number => h.reduce((a, b) => a + b, 0);
  let low = Infinity;
  let high = -Infinity;
  for (const [i, v] of y.entries()) {
    low = Math.min(low, v - upper[i]);
    high = Math.max(high, v - lower[i]);
  }
  if (!Number.isFinite(low)) low = high - 1 - y.length;
  for (let n = 0; n < 200 && high - low > 1e-17 * Math.max(1, Math.abs(low)); n++) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    if (sum(at(middle)) > 1) low = middle;
    else high = middle;
  }
  const mu = 0.5 * (low + high);
  const h = at(mu);
  // Exactly: spread what is missing over the coordinates that are free to move.
  const free = [...h.keys()].filter((i) => h[i] > lower[i] && h[i] < upper[i]);
  const rest = (1 - sum(h)) / Math.max(1, free.length);
  for (const i of free) h[i] = Math.min(Math.max(h[i] + rest, lower[i]), upper[i]);
  return h;
}
