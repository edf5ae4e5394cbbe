/** Half widths of predictive intervals. */
import { normalCdf, normalQuantile } from "../../stats/normal.ts";
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
  for (const [i, chance] of rate.chances.entries()) {
    if (chance < RARE) continue;
    sds.push(Math.hypot(sd, rate.rates[i] * distance));
    chances.push(chance);
  }
  const outside = (h: number): number =>
    sds.reduce((sum, s, i) => sum + 2 * chances[i] * normalCdf(-h / s), 0) /
    chances.reduce((a, b) => a + b, 0);
  let [low, high] = [z * Math.min(...sds), z * Math.max(...sds)];
  while (high - low > CLOSE * high) {
    const middle = (low + high) / 2;
    if (outside(middle) > 1 - level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
