/** Euclidean projection onto a simplex with bounds. */

/**
 * The nearest point to y with Σ = 1 and lower ≤ h ≤ upper: hᵢ = clamp(yᵢ − μ), where the
 * decreasing, piecewise linear Σ(μ) is 1. Newton's method on it, kept inside a bracket, ends at the
 * right piece in a few steps of k operations (Cominetti, Mascarenhas & Silva 2014, "A Newton's
 * method for the continuous quadratic knapsack problem"), and a piece is solved exactly.
 *
 * Requires Σ lower ≤ 1 ≤ Σ upper, up to rounding; upper bounds may be Infinity.
 *
 * @example projectBox(Float64Array.of(1, 0.5), Float64Array.of(0, 0), Float64Array.of(0.6, 1)) //
 *   0.6, 0.4
 */
export function projectBox(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): Float64Array {
  const k = y.length;
  // The first μ is that where no bound acts.
  let mu = -1;
  for (let i = 0; i < k; i++) mu += y[i];
  mu /= k;
  let [low, high] = [-Infinity, Infinity];
  for (let n = 0; n < 200; n++) {
    let [excess, free] = [-1, 0];
    for (let i = 0; i < k; i++) {
      const x = y[i] - mu;
      if (x <= lower[i]) excess += lower[i];
      else if (x >= upper[i]) excess += upper[i];
      else {
        excess += x;
        free++;
      }
    }
    // What rounding leaves of a sum of k differences: further steps would only chase it.
    if (Math.abs(excess) <= 1e-16 * k * (1 + Math.abs(mu))) break;
    if (excess > 0) low = mu;
    else high = mu;
    let next = free > 0 ? mu + excess / free : NaN;
    if (!(next > low && next < high)) next = medianKink(y, lower, upper, low, high);
    if (!(next > low && next < high)) break;
    mu = next;
  }
  const h = new Float64Array(k);
  for (let i = 0; i < k; i++) h[i] = clamp(y[i] - mu, lower[i], upper[i]);
  // Shares of size 1 cannot be told from y of size 1e6 to the last digit; from the point itself
  // they can.
  return Math.abs(spreadRest(h, lower, upper)) > 1e-13 && Math.abs(mu) > 10
    ? projectBox(h, lower, upper)
    : h;
}

/**
 * What a difference of shares rounds by. A share nearer to a bound than this is put there, so that
 * a domain that is left out has the share 0 and not 1e-17.
 */
const ROUNDING = 4e-16;

/** x between its bounds, and at one where it cannot be told from it. */
export const clamp = (x: number, lower: number, upper: number): number =>
  x <= lower + ROUNDING ? lower : x >= upper - ROUNDING ? upper : x;

/**
 * The next μ where Newton's step leads out of the bracket or there is none: the median of the
 * places in the bracket where a share meets a bound, or the middle of the bracket.
 */
function medianKink(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  low: number,
  high: number,
): number {
  const all = new Float64Array(2 * y.length);
  let count = 0;
  const add = (mu: number): void => {
    if (mu > low && mu < high) all[count++] = mu;
  };
  for (let i = 0; i < y.length; i++) {
    add(y[i] - lower[i]);
    add(y[i] - upper[i]);
  }
  return count === 0 ? 0.5 * (low + high) : nthLeast(all, count, count >> 1);
}

/**
 * The number at place n of the first `count` in ascending order; their order changes (Hoare 1961,
 * "Algorithm 65: Find").
 */
function nthLeast(x: Float64Array, count: number, n: number): number {
  let [first, last] = [0, count - 1];
  while (first < last) {
    const pivot = x[(first + last) >> 1];
    let [i, j] = [first, last];
    while (i <= j) {
      while (x[i] < pivot) i++;
      while (x[j] > pivot) j--;
      if (i > j) break;
      const other = x[i];
      x[i++] = x[j];
      x[j--] = other;
    }
    if (n <= j) last = j;
    else if (n >= i) first = i;
    else break;
  }
  return x[n];
}

/**
 * Spreads the 1 − Σ that rounding left (it grows with |y|) over the shares that are free to move;
 * returns what could not be spread.
 */
function spreadRest(h: Float64Array, lower: Float64Array, upper: Float64Array): number {
  let rest = 0;
  for (let n = 0; n < 4; n++) {
    let free = 0;
    rest = 1;
    for (let i = 0; i < h.length; i++) {
      rest -= h[i];
      if (h[i] > lower[i] && h[i] < upper[i]) free++;
    }
    // A sum of k shares rounds by this. Stopping here makes the projection idempotent.
    if (free === 0 || Math.abs(rest) <= 1e-16 * h.length) break;
    for (let i = 0; i < h.length; i++) {
      if (h[i] > lower[i] && h[i] < upper[i])
        h[i] = Math.min(Math.max(h[i] + rest / free, lower[i]), upper[i]);
    }
  }
  return rest;
}
