/** The F distribution, and Student's t. */
import { normalQuantile } from "./normal.ts";

/** ln Γ(x), x > 0, by Lanczos's approximation (g = 7, n = 9): 15 digits. */
function logGamma(x: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
    9.9843695780195716e-6, 1.5056327351493116e-7,
  ]; // prettier-ignore
  const z = x - 1;
  const t = z + 7.5;
  const sum = c.reduce((total, value, i) => total + (i === 0 ? value : value / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * The regularized incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), with
 * Lentz's method.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front =
    Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) /
    a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** P(F > f) for d1 and d2 degrees of freedom. */
export const tailF = (f: number, d1: number, d2: number): number =>
  f <= 0 ? 1 : incompleteBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);

/**
 * The t that Student's t with `degreesOfFreedom` stays below with probability p > ½; a normal
 * quantile in the limit.
 *
 * @example studentQuantile(0.975, 9) // 2.262157
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(degreesOfFreedom)) return normalQuantile(p);
  const tail = (t: number): number => tailF(t * t, 1, degreesOfFreedom) / 2;
  let [low, high] = [0, 2];
  while (tail(high) > 1 - p) [low, high] = [high, 2 * high];
  for (let n = 0; n < 60 && high - low > 1e-14 * high; n++) {
    const middle = (low + high) / 2;
    if (tail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
