/**
 * The special functions of the operator table in float64. Their WGSL twins are in
 * shaders/lib/special.wgsl.
 */

/** 1/k!, k < 22. */
const RECIPROCALS = Float64Array.from({ length: 22 }, (_, k) => {
  let factorial = 1;
  for (let j = 2; j <= k; j++) factorial *= j;
  return 1 / factorial;
});

/**
 * Σ_{j≥0} zʲ/(j+k)!, for |z| ≤ 1: what is left out is below 1e-16 of it, with fewer terms for small
 * z, as most are.
 */
function phiSeries(z: number, k: number): number {
  const last = Math.abs(z) < 0.25 ? 10 : 17;
  let total = RECIPROCALS[k + last];
  for (let j = last - 1; j >= 0; j--) total = total * z + RECIPROCALS[k + j];
  return total;
}

/** Exponentials of more count as this one. */
export const LARGEST_EXPONENT = 700;

/** eᶻ − 1, kept finite: at h = 0 an infinity would make 0·∞ of a term that is not there. */
const finiteExpm1 = (z: number): number => Math.expm1(Math.min(z, LARGEST_EXPONENT));

/** φ₂(z) = (eᶻ − 1 − z)/z² = ½ + z/6 + z²/24 + … */
export const phi2 = (z: number): number =>
  Math.abs(z) < 1 ? phiSeries(z, 2) : (finiteExpm1(z) - z) / (z * z);

/** φ₃(z) = (eᶻ − 1 − z − z²/2)/z³ = 1/6 + z/24 + … */
export const phi3 = (z: number): number =>
  Math.abs(z) < 1 ? phiSeries(z, 3) : (finiteExpm1(z) - z - 0.5 * z * z) / (z * z * z);

/** φ₄(z) = (eᶻ − 1 − z − z²/2 − z³/6)/z⁴ = 1/24 + z/120 + … */
export const phi4 = (z: number): number =>
  Math.abs(z) < 1
    ? phiSeries(z, 4)
    : (finiteExpm1(z) - z - z * z * (0.5 + z / 6)) / (z * z * (z * z));

/** ln(1 + x)/x, 1 at x = 0. */
export const log1pc = (x: number): number => (x === 0 ? 1 : Math.log1p(x) / x);

/** The derivative of log1pc, (1/(1+x) − log1pc(x))/x = −½ + 2x/3 − 3x²/4 + … */
export function dlog1pc(x: number): number {
  if (Math.abs(x) >= 0.05) return (1 / (1 + x) - Math.log1p(x) / x) / x;
  let total = 0;
  for (let n = 13; n >= 1; n--) total = -total * x + n / (n + 1);
  return -total;
}

/** The second derivative of log1pc, −(1/(1+x)² + 2·dlog1pc(x))/x = 2/3 − 3x/2 + 12x²/5 − … */
export function d2log1pc(x: number): number {
  if (Math.abs(x) >= 0.1) return -(1 / ((1 + x) * (1 + x)) + 2 * dlog1pc(x)) / x;
  let total = 0;
  for (let n = 19; n >= 2; n--) total = (n * (n - 1)) / (n + 1) - total * x;
  return total;
}
