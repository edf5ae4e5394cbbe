/**
 * How operators behave on intervals of their arguments: where their values lie, how they rise and
 * how they bend. From this the curvature of whole expressions follows (curvature.ts).
 */
import {
  ANY_SIGN,
  ANYWHERE,
  type Interval,
  isPoint,
  NEGATIVE,
  NONNEGATIVE,
  NONPOSITIVE,
  POSITIVE,
  type Signs,
  signsOf,
  spanning,
  times,
  ZERO,
} from "./interval.ts";

/** An operator on intervals of its arguments. */
export interface OperatorShape {
  /** All its values. */
  readonly range: Interval;
  /** Signs of its derivatives in its two arguments; of one argument, the second is ZERO. */
  readonly slopes: readonly [Signs, Signs];
  /**
   * How it bends along any line through its arguments that are no constants: convex is NONNEGATIVE,
   * concave NONPOSITIVE, affine ZERO.
   */
  readonly bend: Signs;
}

/** The shape of an operator, from intervals of its arguments. */
export type ShapeOf = (a: Interval, b: Interval) => OperatorShape;

const UNKNOWN: OperatorShape = { range: ANYWHERE, slopes: [ANY_SIGN, ANY_SIGN], bend: ANY_SIGN };

const unary = (range: Interval, slope: Signs, bend: Signs): OperatorShape => ({
  range,
  slopes: [slope, ZERO],
  bend,
});

/**
 * A function of one number that rises or falls throughout, and bends one way, from `least` to
 * `most`.
 */
export const monotone =
  (
    f: (x: number) => number,
    slope: Signs,
    bend: Signs,
    least = -Infinity,
    most = Infinity,
  ): ShapeOf =>
  (a) =>
    a.low < least || a.high > most ? UNKNOWN : unary(spanning(f(a.low), f(a.high)), slope, bend);

/** A function that rises throughout, convex below 0 and concave above. */
export const sigmoid =
  (f: (x: number) => number): ShapeOf =>
  (a) =>
    unary(spanning(f(a.low), f(a.high)), POSITIVE, times(NEGATIVE, signsOf(a)));

const HALF_TURN = Math.PI;

/**
 * The sign of sin(x − offset) throughout an interval, unknown where it changes there, or where
 * rounding leaves that open.
 */
function signOfSine({ low, high }: Interval, offset: number): Signs {
  const turns = (x: number, slack: number): number => Math.floor((x - offset) / HALF_TURN + slack);
  const turn = turns(low, -1e-9);
  if (!(Math.abs(low) < 1e6 && Math.abs(high) < 1e6) || turn !== turns(high, 1e-9)) return ANY_SIGN;
  return turn % 2 === 0 ? POSITIVE : NEGATIVE;
}

/** sin(x − offset): its derivative is sin(x − offset + π/2), its second one −sin(x − offset). */
export const wave =
  (f: (x: number) => number, offset: number): ShapeOf =>
  (a) => {
    const slope = signOfSine(a, offset - HALF_TURN / 2);
    const range = slope === ANY_SIGN ? { low: -1, high: 1 } : spanning(f(a.low), f(a.high));
    return unary(range, slope, times(NEGATIVE, signOfSine(a, offset)));
  };

export const sumShape: ShapeOf = (a, b) => ({
  range: spanning(a.low + b.low, a.high + b.high),
  slopes: [POSITIVE, POSITIVE],
  bend: ZERO,
});

export const differenceShape: ShapeOf = (a, b) => ({
  range: spanning(a.low - b.high, a.high - b.low),
  slopes: [POSITIVE, NEGATIVE],
  bend: ZERO,
});

export const negativeShape: ShapeOf = (a) =>
  unary({ low: 0 - a.high, high: 0 - a.low }, NEGATIVE, ZERO);

/** 0·∞ counts as 0: an end that is 0 is reached, one that is infinite is not. */
const product = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : x * y);

/** A product bends only where both factors vary: then either way. */
export const productShape: ShapeOf = (a, b) => ({
  range: spanning(
    product(a.low, b.low),
    product(a.low, b.high),
    product(a.high, b.low),
    product(a.high, b.high),
  ),
  slopes: [signsOf(b), signsOf(a)],
  bend: isPoint(a) || isPoint(b) ? ZERO : ANY_SIGN,
});

/** A product of something with itself. */
export const squareShape = (a: Interval): OperatorShape => {
  const ends = [a.low * a.low, a.high * a.high];
  const range = a.low < 0 && a.high > 0 ? spanning(0, ...ends) : spanning(...ends);
  return unary(range, signsOf(a), POSITIVE);
};

/** a/b, of a denominator that does not change its sign; at 0 it is infinite. */
export const quotientShape: ShapeOf = (a, b) => {
  if (!(b.low >= 0 || b.high <= 0) || (b.low === 0 && b.high === 0)) return UNKNOWN;
  const sign = b.high > 0 ? POSITIVE : NEGATIVE;
  // A zero of either sign is the end of a side.
  const [low, high] = sign === POSITIVE ? [b.low || 0, b.high] : [b.low, b.high || -0];
  const inverse = [1 / low, 1 / high];
  const ends = inverse.flatMap((x) => [product(a.low, x), product(a.high, x)]);
  return {
    range: spanning(...ends),
    slopes: [sign, times(NEGATIVE, signsOf(a))],
    // a·(1/b)″ = 2a/b³
    bend: isPoint(b) ? ZERO : isPoint(a) ? times(signsOf(a), sign) : ANY_SIGN,
  };
};

export const absoluteShape: ShapeOf = (a) => {
  const slope = a.low >= 0 ? NONNEGATIVE : a.high <= 0 ? NONPOSITIVE : ANY_SIGN;
  const ends = [Math.abs(a.low), Math.abs(a.high)];
  const range = slope === ANY_SIGN ? spanning(0, ...ends) : spanning(...ends);
  return unary(range, slope, slope === ANY_SIGN ? NONNEGATIVE : ZERO);
};

/** The larger of two, and the smaller. Where one always is, it is that one. */
export const extremeShape =
  (which: "larger" | "smaller"): ShapeOf =>
  (a, b) => {
    const [extreme, bend] = which === "larger" ? [Math.max, NONNEGATIVE] : [Math.min, NONPOSITIVE];
    const range = spanning(extreme(a.low, b.low), extreme(a.high, b.high));
    const isFirst = which === "larger" ? a.low >= b.high : a.high <= b.low;
    const isSecond = which === "larger" ? b.low >= a.high : b.high <= a.low;
    if (isFirst) return { range, slopes: [POSITIVE, ZERO], bend: ZERO };
    if (isSecond) return { range, slopes: [ZERO, POSITIVE], bend: ZERO };
    return { range, slopes: [NONNEGATIVE, NONNEGATIVE], bend };
  };

/** 0 up to 0, then 1. From 0 on it is concave: no chord is above it. */
export const stepShape: ShapeOf = (a) => {
  if (a.low > 0) return unary({ low: 1, high: 1 }, ZERO, ZERO);
  if (a.high <= 0) return unary({ low: 0, high: 0 }, ZERO, ZERO);
  return unary({ low: 0, high: 1 }, NONNEGATIVE, a.low === 0 ? NONPOSITIVE : ANY_SIGN);
};

/**
 * A function that is `f` above 0, and 0 where its argument is not: `f`'s shape is known above 0.
 */
export const zeroedBelow =
  (f: (x: number) => number, slope: Signs, bend: Signs): ShapeOf =>
  (a, b) => {
    if (a.low > 0) return monotone(f, slope, bend)(a, b);
    if (a.high <= 0) return unary({ low: 0, high: 0 }, ZERO, ZERO);
    return unary(spanning(f(0), 0, f(a.high)), ANY_SIGN, ANY_SIGN);
  };
