/** The nearest point of a polyhedron inside an L1 ball. */
import type { Row } from "./active-rows.ts";
import { clamp } from "./project-box.ts";
import { nearest, type Nearest } from "./project-polyhedron.ts";
import { dot } from "./vectors.ts";

/** Σ|xᵢ − centerᵢ| ≤ radius, over the coordinates or along axes. */
export interface Ball {
  readonly center: Float64Array;
  readonly radius: number;
  /** Where they are given: Σ|axisⱼ·x − centerⱼ| ≤ radius. */
  readonly axes?: Axes;
}

/** An orthonormal basis: axes that a ball is along, and the rest. */
export interface Axes {
  readonly along: readonly Float64Array[];
  readonly others: readonly Float64Array[];
}

/** Distances along axes that are smaller than this are rounding. */
const ON_AXIS = 1e-13;

/** xᵢ − centerᵢ, or along each axis. */
export const fromCenter = ({ center, axes }: Ball, x: Float64Array): Float64Array =>
  axes === undefined
    ? x.map((v, i) => v - center[i])
    : Float64Array.from(axes.along, (axis, j) => {
        const distance = dot(axis, x) - center[j];
        return Math.abs(distance) < ON_AXIS ? 0 : distance;
      });

/** The nearest point in a ball of either kind; see `nearestInBall` and `nearestAlong`. */
export const nearestWithin = (
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
  { center, radius, axes }: Ball,
): Nearest | undefined =>
  axes === undefined
    ? nearestInBall(y, lower, upper, rows, center, radius)
    : nearestAlong(y, lower, upper, rows, axes, center, radius);

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

/**
 * What `nearestInBall` gives for Σ|axisⱼ·x − cⱼ| ≤ radius: the same in the coordinates of the axes.
 * With x = Σ (cⱼ + pⱼ − nⱼ)·axisⱼ + Σ sⱼ·otherⱼ the ball is one row again, and each bound of x is a
 * row too.
 */
function nearestAlong(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
  { along, others }: Axes,
  center: Float64Array,
  radius: number,
): Nearest | undefined {
  const m = along.length;
  const size = 2 * m + others.length;
  /** p, n and s as one vector, by axis. */
  const all = (onAxis: (axis: Float64Array, j: number) => number): Float64Array =>
    Float64Array.from({ length: size }, (_, i) =>
      i < m ? onAxis(along[i], i) : i < 2 * m ? -onAxis(along[i - m], i - m) : onAxis(others[i - 2 * m], -1),
    ); // prettier-ignore
  const lifted = (value: (axis: Float64Array) => number, min: number, max: number): Row => {
    const shift = along.reduce((sum, axis, j) => sum + value(axis) * center[j], 0);
    return { coefficients: all(value), min: min - shift, max: max - shift };
  };
  const bounds = Array.from(lower, (low, i) => lifted((axis) => axis[i], low, upper[i]));
  const ball = Float64Array.from({ length: size }, (_, i) => (i < 2 * m ? 1 : 0));
  const parts = nearest(
    all((axis, j) => dot(axis, y) - (j < 0 ? 0 : center[j])),
    Float64Array.from({ length: size }, (_, i) => (i < 2 * m ? 0 : -Infinity)),
    new Float64Array(size).fill(Infinity),
    [
      ...rows.map(({ coefficients, min, max }) =>
        lifted((axis) => dot(axis, coefficients), min, max),
      ),
      ...bounds,
      { coefficients: ball, min: -Infinity, max: radius },
    ],
  );
  if (parts === undefined) return undefined;
  const { x: at, multipliers } = parts;
  const x = new Float64Array(y.length);
  for (const [j, axis] of along.entries())
    for (const i of x.keys()) x[i] += (center[j] + at[j] - at[m + j]) * axis[i];
  for (const [j, other] of others.entries())
    for (const i of x.keys()) x[i] += at[2 * m + j] * other[i];
  const atBounds = multipliers.subarray(rows.length, rows.length + y.length);
  return {
    x: x.map((v, i) =>
      atBounds[i] < 0 ? lower[i] : atBounds[i] > 0 ? upper[i] : clamp(v, lower[i], upper[i]),
    ),
    multipliers: Float64Array.of(...multipliers.subarray(0, rows.length), ...multipliers.slice(-1)),
  };
}
