/**
 * A loss at very many mixtures that differ from one in two shares each. Most of what a law computes
 * belongs to single domains, so of 200 of them 198 are computed once for all.
 */
import { LEAST_SHARE } from "../../convex/smooth.ts";
import { onSimplex } from "./law-on-simplex.ts";
import type { Surface } from "./surface.ts";

/** Mixtures with two shares that are others, a column each. */
export interface Moves {
  readonly count: number;
  /** What this domain has left. */
  readonly from: Int32Array;
  readonly left: Float64Array;
  /** What this one has then. */
  readonly to: Int32Array;
  readonly got: Float64Array;
}

/** What a surface is after moves. */
export interface MovedValues {
  readonly values: Float64Array;
  /** How far these may be from what the surface itself computes. */
  readonly rounding: number;
}

/** Sums that are added up in another order differ by this share of what is added. */
const ROUNDING = 1e-11;

/**
 * The values of a surface after moves of h, each by itself; undefined where they are not cheaper
 * so. Moves in a row that leave the same share to the same domain are the cheapest.
 */
export function movedValues(
  { domains, sum }: Surface,
  h: Float64Array,
  { count, from, left, to, got }: Moves,
): MovedValues | undefined {
  if (sum === undefined) return undefined;
  // The law at max(h, least), and from there along its tangent: see surface.ts.
  const isBelow = (i: number, share: number): boolean => sum.held?.[i] !== 1 && share < LEAST_SHARE;
  const pointOf = (i: number, share: number): number => (isBelow(i, share) ? LEAST_SHARE : share);
  const offsetOf = (i: number, share: number): number =>
    isBelow(i, share) ? share - LEAST_SHARE : 0;
  const start = Float64Array.from({ length: 2 * domains }, (_, n) =>
    n < domains ? pointOf(n, h[n]) : offsetOf(n - domains, h[n - domains]),
  );
  const values = new Float64Array(count);
  let size = 0;
  for (const { fitted, weight } of sum.terms) {
    if (weight === 0) continue;
    const changes = onSimplex(fitted.law, domains).changes();
    if (changes === undefined) return undefined;
    const { of, width, fill } = changes;
    const row = new Float64Array(width);
    fill(row, fitted.theta, sum.at);
    of.at(start, row);
    for (let n = 0; n < count; n++) {
      if (n === 0 || from[n] !== from[n - 1] || left[n] !== left[n - 1])
        of.change(from[n], pointOf(from[n], left[n]), offsetOf(from[n], left[n]));
      values[n] += weight * of.with(to[n], pointOf(to[n], got[n]), offsetOf(to[n], got[n]));
    }
    size += Math.abs(weight * of.value);
  }
  return { values, rounding: ROUNDING * size };
}
