/** The nearest point of a polyhedron inside an L1 ball. */
import type { Row } from "./active-rows.ts";
import { nearest, type Nearest } from "./project-polyhedron.ts";

/**
 * What `nearest` gives, with Σ|xᵢ − cᵢ| ≤ radius too. The multiplier τ ≥ 0 of the ball is the last
 * one, after those of the rows: y − x = Σ λ·coefficients + τ·s + (what the box adds), where s is in
 * the subdifferential of the L1 distance: sign(xᵢ − cᵢ), or anything from −1 to 1 where xᵢ = cᵢ.
 *
 * With x = c + p − n and p, n ≥ 0 the ball is one row, Σ(p + n) ≤ radius, and the bounds of x are
 * bounds of p and n. The nearest (p, n) to (y − c, c − y) is what is sought, since |p − (y − c)|² +
 * |n − (c − y)|² = |x − y|² + 2·p·n + a constant, and p·n = 0 where that is least: taking min(pᵢ,
 * nᵢ) off both keeps x and violates nothing. So 2n coordinates are exact, where the linear pieces
 * of the ball would be 2ⁿ rows.
 *
 * @param center c, n coordinates
 * @example nearestInBall(y, zeros, ones, [{ coefficients: ones, min: 1, max: 1 }], reference,
 *   0.2)?.x // moves at most 10 % of the data
 */
export function nearestInBall(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
  center: Float64Array,
  radius: number,
): Nearest | undefined {
  const n = y.length;
  /** p and n as one vector, by coordinate. */
  const both = (p: (i: number) => number, q: (i: number) => number): Float64Array =>
    Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? p(i) : q(i - n)));
  const lifted = rows.map(({ coefficients, min, max }): Row => {
    const shift = coefficients.reduce((sum, a, i) => sum + a * center[i], 0);
    return {
      coefficients: both(
        (i) => coefficients[i],
        (i) => -coefficients[i],
      ),
      min: min - shift,
      max: max - shift,
    };
  });
  const ball = { coefficients: new Float64Array(2 * n).fill(1), min: -Infinity, max: radius };
  const parts = nearest(
    both(
      (i) => y[i] - center[i],
      (i) => center[i] - y[i],
    ),
    both(
      (i) => Math.max(0, lower[i] - center[i]),
      (i) => Math.max(0, center[i] - upper[i]),
    ),
    both(
      (i) => Math.max(0, upper[i] - center[i]),
      (i) => Math.max(0, center[i] - lower[i]),
    ),
    [...lifted, ball],
  );
  if (parts === undefined) return undefined;
  const x = center.map((c, i) =>
    Math.min(Math.max(c + parts.x[i] - parts.x[n + i], lower[i]), upper[i]),
  );
  return { x, multipliers: parts.multipliers };
}
