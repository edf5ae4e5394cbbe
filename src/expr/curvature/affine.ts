/** Affine functions of a mixture, and the values that they take over mixtures within bounds. */
import { itemAt } from "../../base/known.ts";
import { type Interval, spanning } from "../intervals/interval.ts";

/** Mixtures h with low ≤ h ≤ high and Σ h = 1. */
export interface MixtureBox {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** constant + slopes·h */
export interface Affine {
  readonly constant: number;
  readonly slopes: Float64Array;
}

/**
 * Slopes of 0, by the number of domains: constants share them, and sums with those copy nothing.
 */
const FLAT = new Map<number, Float64Array>();

function flatSlopes(domains: number): Float64Array {
  const slopes = FLAT.get(domains) ?? new Float64Array(domains);
  FLAT.set(domains, slopes);
  return slopes;
}

const isFlat = ({ slopes }: Affine): boolean => slopes === FLAT.get(slopes.length);

export const constantAffine = (constant: number, domains: number): Affine => ({
  constant,
  slopes: flatSlopes(domains),
});

/** a + factor·b */
export function plusScaled(a: Affine, factor: number, b: Affine): Affine {
  const constant = a.constant + factor * b.constant;
  if (isFlat(b)) return { constant, slopes: a.slopes };
  return {
    constant,
    slopes: a.slopes.map((slope, i) => slope + factor * itemAt(b.slopes, i)),
  };
}

export const scaled = (factor: number, a: Affine): Affine => ({
  constant: factor * a.constant,
  slopes: isFlat(a) ? a.slopes : a.slopes.map((slope) => (slope === 0 ? 0 : factor * slope)),
});

/**
 * Whether it is the same at all mixtures of a box: its slopes are equal, save those of shares that
 * are fixed. Shares sum to 1, so that equal slopes make a constant.
 */
export function isConstantOver(affine: Affine, { low, high }: MixtureBox): boolean {
  if (isFlat(affine)) return true;
  let first: number | undefined;
  for (const [i, slope] of affine.slopes.entries()) {
    if (itemAt(low, i) >= itemAt(high, i)) continue;
    first ??= slope;
    if (slope !== first) return false;
  }
  return true;
}

/** Its least and largest value: the free share goes to where it counts least, or most. */
export function rangeOver({ constant, slopes }: Affine, { low, high }: MixtureBox): Interval {
  const order = [...slopes.keys()].sort((i, j) => itemAt(slopes, i) - itemAt(slopes, j));
  const end = (first: readonly number[], towards: -1 | 1): number => {
    let left = 1 - low.reduce((a, b) => a + b, 0);
    let [value, size] = [constant, Math.abs(constant)];
    for (const i of first) {
      const room = Math.max(0, Math.min(left, itemAt(high, i) - itemAt(low, i)));
      const part = itemAt(slopes, i) * (itemAt(low, i) + room);
      left -= room;
      value += part;
      size += Math.abs(part);
    }
    return spanning(value, value + towards * 1e-12 * size)[towards < 0 ? "low" : "high"];
  };
  return { low: end(order, -1), high: end(order.toReversed(), 1) };
}

/** Whether all its numbers are finite. */
export const isFiniteAffine = (affine: Affine): boolean =>
  Number.isFinite(affine.constant) && (isFlat(affine) || affine.slopes.every(Number.isFinite));
