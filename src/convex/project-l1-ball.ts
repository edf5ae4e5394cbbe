/** The nearest point of a polyhedron inside an L1 ball. */
import { nearest, type Nearest, type Row } from "./project-polyhedron.ts";

/**
 * What `nearest` gives, with Σ|xᵢ − cᵢ| ≤ radius too; its multiplier τ ≥ 0 is the last one, after
 * those of the rows: y − x = Σ λ·coefficients + τ·s + (what the box adds) with s in the
 * subdifferential of the L1 distance, which is sign(xᵢ − cᵢ), or anything from −1 to 1 where xᵢ =
 * cᵢ.
 *
 * With x = c + p − n and p, n ≥ 0 the ball is one row, Σ(p + n) ≤ radius, and the bounds of x are
 * bounds of p and n. The nearest (p, n) to (y − c, c − y) is what is sought: |p − (y − c)|² + |n −
 * (c − y)|² = |x − y|² + 2·p·n + a constant, and p·n = 0 at the least of it, for taking min(pᵢ, nᵢ)
 * off both keeps x and violates nothing. So 2n coordinates are exact where linear pieces of the
 * ball would be 2ⁿ rows.
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
  const lift = (
    more: (c: number, i: number) => number,
    less: (c: number, i: number) => number,
  ): Float64Array => {
    const both = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      both[i] = more(center[i], i);
      both[n + i] = less(center[i], i);
    }
    return both;
  };
  const lifted = rows.map(({ coefficients, min, max }): Row => {
    const shift = coefficients.reduce((sum, a, i) => sum + a * center[i], 0);
    const both = lift(
      (_, i) => coefficients[i],
      (_, i) => -coefficients[i],
    );
    return { coefficients: both, min: min - shift, max: max - shift };
  });
  const parts = nearest(
    lift(
      (c, i) => y[i] - c,
      (c, i) => c - y[i],
    ),
    lift(
      (c, i) => Math.max(0, lower[i] - c),
      (c, i) => Math.max(0, c - upper[i]),
    ),
    lift(
      (c, i) => Math.max(0, upper[i] - c),
      (c, i) => Math.max(0, c - lower[i]),
    ),
    [...lifted, { coefficients: new Float64Array(2 * n).fill(1), min: -Infinity, max: radius }],
  );
  if (parts === undefined) return undefined;
  const x = center.map((c, i) =>
    Math.min(Math.max(c + parts.x[i] - parts.x[n + i], lower[i]), upper[i]),
  );
  return { x, multipliers: parts.multipliers };
}
