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

export const constantAffine = (constant: number, domains: number): Affine => ({
  constant,
  slopes: new Float64Array(domains),
});

/** a + factor·b */
export const plusScaled = (a: Affine, factor: number, b: Affine): Affine => ({
  constant: a.constant + factor * b.constant,
  slopes: a.slopes.map((slope, i) => slope + factor * itemAt(b.slopes, i)),
});

export const scaled = (factor: number, a: Affine): Affine => ({
  constant: factor * a.constant,
  slopes: a.slopes.map((slope) => (slope === 0 ? 0 : factor * slope)),
});

/**
 * Whether it is the same at all mixtures of a box: its slopes are equal, save those of shares that are
 * fixed. Shares sum to 1, so that equal slopes make a constant.
 */
export function isConstantOver({ slopes }: Affine, { low, high }: MixtureBox): boolean {
  const free = slopes.filter((_, i) => itemAt(low, i) < itemAt(high, i));
  return free.every((slope) => slope === free[0]);
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
export const isFiniteAffine = ({ constant, slopes }: Affine): boolean =>
  Number.isFinite(constant) && slopes.every(Number.isFinite);
