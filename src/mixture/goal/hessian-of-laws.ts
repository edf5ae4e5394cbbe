/**
 * ∂²L/∂hᵢ∂hⱼ of a loss over many domains. A law is mostly a function of few sums of terms of one
 * domain each: where one share changes, the slopes of the other terms stay what they are.
 */
import { LEAST_SHARE } from "../../convex/smooth.ts";
import { onSimplex } from "./law-on-simplex.ts";
import type { WeightedSum } from "./weighted-sum.ts";

/** Of fewer domains as many gradients take no longer than what is compiled here. */
const MANY = 32;

/**
 * The second derivatives of a sum of laws at h, by forward differences of its gradient over `step`
 * times a share: row i has those by share i. Undefined where they are not cheaper so.
 */
export function hessianOfLaws(
  { terms, at, held }: WeightedSum,
  h: Float64Array,
  step: number,
): Float64Array[] | undefined {
  const domains = h.length;
  if (domains < MANY) return undefined;
  // The law at max(h, least), and from there along its tangent: see surface.ts.
  const isBelow = Array.from(h, (share, i) => held?.[i] !== 1 && share < LEAST_SHARE);
  const start = h.map((share, i) => (isBelow[i] ? LEAST_SHARE : share));
  const rows = isBelow.map(() => new Float64Array(domains));
  for (const { fitted, weight } of terms) {
    if (weight === 0) continue;
    const changes = onSimplex(fitted.law, domains).gradientChanges();
    if (changes === undefined) return undefined;
    const { of, width, fill } = changes;
    const row = new Float64Array(width);
    fill(row, fitted.theta, at);
    of.at(start, row);
    for (const [i, share] of h.entries()) {
      if (isBelow[i]) continue;
      const moved = share + step * Math.max(share, LEAST_SHARE);
      of.add(i, moved, weight / (moved - share), rows[i]);
    }
  }
  return rows;
}
