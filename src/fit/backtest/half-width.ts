/** Half widths of predictive intervals. */
import { extremesOf } from "../../stats/moments.ts";
import { normalCdf, normalDensity, normalQuantile } from "../../stats/normal.ts";
import type { ErrorRate } from "./error-model.ts";

/** Relative accuracy of half widths. */
const CLOSE = 1e-6;
/** Rates less likely than this make no difference. */
const RARE = 1e-9;

/**
 * The h with P(|e| ≤ h) = level of an error that is normal with standard deviation √(sd² + (τx)²),
 * τ as likely as `rate` says. At distance 0, or without a rate, that is the normal's.
 *
 * @param sd of all that is no error of the law
 * @param distance x, at least 0
 * @example halfWidth(1, 0, undefined, 0.95) // 1.96
 */
export function halfWidth(
  sd: number,
  distance: number,
  rate: ErrorRate | undefined,
  level: number,
): number {
  const z = normalQuantile((1 + level) / 2);
  if (rate === undefined || distance === 0 || !Number.isFinite(sd)) return z * sd;
  const sds: number[] = [];
  const chances: number[] = [];
  let total = 0;
  let square = 0;
  for (const [i, chance] of rate.chances.entries()) {
    if (chance < RARE) continue;
    const s = Math.hypot(sd, rate.rates[i] * distance);
    sds.push(s);
    chances.push(chance);
    total += chance;
    square += chance * s * s;
  }
  // Newton's method for ln P(|e| > h), and bisection where it leaves the bracket.
  let [low, high] = extremesOf(sds).map((end) => z * end);
  let h = z * Math.sqrt(square / total);
  while (high - low > CLOSE * high) {
    let [outside, density] = [0, 0];
    for (const [i, s] of sds.entries()) {
      outside += (2 * chances[i] * normalCdf(-h / s)) / total;
      density += (2 * chances[i] * normalDensity(h / s)) / (s * total);
    }
    if (outside > 1 - level) low = h;
    else high = h;
    const step = (Math.log(outside / (1 - level)) * outside) / density;
    const isInside = h + step > low && h + step < high;
    const next = isInside ? h + step : (low + high) / 2;
    if (Math.abs(next - h) <= CLOSE * h) return next;
    h = next;
  }
  return (low + high) / 2;
}
