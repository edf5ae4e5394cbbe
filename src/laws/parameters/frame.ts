/** What data decide of the coordinates of a typed formula, beside the units of its inputs. */

/**
 * A frame belongs to a fit and is kept with it: coordinates mean nothing without it. Laws of the
 * catalog have charts of their own, and an empty frame.
 */
export interface Frame {
  /**
   * Centers of data, by the parameter that takes them in and by the text of the data: with x₀ of
   * "x" for a, `a + b*x` is u + b·(x − x₀), and the coordinate is u = a + b·x₀.
   */
  readonly origins: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Powers of two near the sizes that parameters have at these data, by label ("b", "w[web]"). */
  readonly units: Readonly<Record<string, number>>;
}

/** The frame of laws that need none. */
export const NO_FRAME: Frame = { origins: {}, units: {} };

/** What a parameter takes in of a part of the data; 0 where the frame has nothing. */
export function originIn({ origins }: Frame, parameter: string, text: string): number {
  const own = Object.hasOwn(origins, parameter) ? origins[parameter] : undefined;
  return own !== undefined && Object.hasOwn(own, text) ? (own[text] ?? 0) : 0;
}

/** Whether a frame says nothing. */
export const isEmpty = ({ origins, units }: Frame): boolean =>
  Object.keys(origins).length === 0 && Object.keys(units).length === 0;

/** The nearest power of two: a change of units without rounding. */
export const powerOfTwo = (x: number): number =>
  x === 0 || !Number.isFinite(x) ? 1 : 2 ** Math.round(Math.log2(Math.abs(x)));
