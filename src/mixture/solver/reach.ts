/**
 * How far a mixture is from those that were trained: inside their convex hull predictions
 * interpolate, outside they extrapolate.
 */
import { nearestInHull } from "../../convex/nearest-in-hull.ts";

export interface Reach {
  /**
   * Half the L1 distance (the share of the data that would have to be another domain's) to the
   * nearest mixture of trained mixtures; below 1e-6 counts as inside.
   */
  readonly hullDistance: number;
  readonly inside: boolean;
  /** The nearest single trained mixture, by the same measure. */
  readonly nearest: NearestTrained | null;
}

const half = (a: Float64Array | readonly number[], b: Float64Array | readonly number[]): number =>
  0.5 * [...a].reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0);

/** A trained mixture, and the share of the data by which another one differs from it. */
export interface NearestTrained {
  readonly index: number;
  readonly distance: number;
}

/** The trained mixture that is nearest to h; undefined where there are none. */
export function nearestTrained(
  h: Float64Array,
  trained: readonly (readonly number[])[],
): NearestTrained | undefined {
  if (trained.length === 0) return undefined;
  const distances = trained.map((m) => half(h, m));
  const distance = Math.min(...distances);
  return { index: distances.indexOf(distance), distance };
}

/** Distance of h from the trained mixtures and their hull. */
export function reach(h: Float64Array, trained: readonly (readonly number[])[]): Reach {
  const nearest = nearestTrained(h, trained);
  if (nearest === undefined) return { hullDistance: Infinity, inside: false, nearest: null };
  const hullDistance = half(h, nearestInHull(h, trained));
  return {
    hullDistance,
    inside: hullDistance < 1e-6,
    nearest,
  };
}
