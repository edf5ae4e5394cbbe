/**
 * Intervals that values lie in, and the signs that values have. A sign is an interval of −1 … 1:
 * that of a slope says whether a function rises, that of a second derivative how it bends.
 */

/** All values lie in low … high; its ends may be infinite. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The signs that a quantity may have: NONNEGATIVE is 0 … 1. */
export type Signs = Interval;

export const POSITIVE: Signs = { low: 1, high: 1 };
export const NEGATIVE: Signs = { low: -1, high: -1 };
export const NONNEGATIVE: Signs = { low: 0, high: 1 };
export const NONPOSITIVE: Signs = { low: -1, high: 0 };
export const ZERO: Signs = { low: 0, high: 0 };
export const ANY_SIGN: Signs = { low: -1, high: 1 };

/** Nothing is known of the value. */
export const ANYWHERE: Interval = { low: -Infinity, high: Infinity };

export const point = (value: number): Interval => ({ low: value, high: value });

export const isPoint = ({ low, high }: Interval): boolean => low === high;

/** More than the rounding errors of any operator of the table, relative to its result. */
const ROUNDING = 1e-12;

/**
 * The interval with these ends, in whichever order they come, widened by what rounding may have
 * cost. An end that is 0 stays: a rounded result is 0 only where the exact one is, and the sign of
 * others is theirs.
 */
export function spanning(...ends: readonly number[]): Interval {
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  if (Number.isNaN(low) || Number.isNaN(high)) return ANYWHERE;
  const outward = (end: number, by: number): number =>
    Number.isFinite(end) ? end + by * Math.abs(end) * ROUNDING : end;
  return { low: outward(low, -1), high: outward(high, 1) };
}

/** The part that two intervals share; the first where rounding leaves none. */
export function intersection(a: Interval, b: Interval): Interval {
  const [low, high] = [Math.max(a.low, b.low), Math.min(a.high, b.high)];
  return low <= high ? { low, high } : a;
}

/** The signs that values of an interval have. */
export const signsOf = ({ low, high }: Interval): Signs => ({
  low: Math.sign(low),
  high: Math.sign(high),
});

/** The sign of a sum: known where its terms do not disagree. */
export const plus = (a: Signs, b: Signs): Signs => ({
  low: a.low < 0 || b.low < 0 ? -1 : Math.max(a.low, b.low),
  high: a.high > 0 || b.high > 0 ? 1 : Math.min(a.high, b.high),
});

/** The sign of a product. */
export function times(a: Signs, b: Signs): Signs {
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

export const isUp = (slope: Signs): boolean => slope.low >= 0;
export const isDown = (slope: Signs): boolean => slope.high <= 0;
