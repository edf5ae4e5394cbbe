/**
 * Shares that are moved by hand. They are multiples of 2⁻⁵⁰, of which sums are exact, so that a
 * mixture's shares sum to exactly 1 in whatever order they are added.
 */
import { itemAt } from "../../base/known.ts";

const UNITS = 2 ** 50;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Whole units in proportion to some weights, each right to one unit: what is rounded are the sums
 * up to each, so that all of them together are right.
 */
function divided(units: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  let [upTo, given] = [0, 0];
  return weights.map((weight) => {
    upTo += weight;
    const before = given;
    given = Math.round((units * upTo) / total);
    return given - before;
  });
}

/**
 * The nearest shares that sum to exactly 1.
 *
 * @param weights at least 0, not all of them 0
 */
export const exactShares = (weights: readonly number[]): number[] =>
  divided(UNITS, weights).map((units) => units / UNITS);

/** A mixture after one of its shares was moved. */
export interface Moved {
  readonly shares: readonly number[];
  /** Whether the share stopped on the way, since the others had nothing more to give or to take. */
  readonly stopped: boolean;
}

/**
 * Moves a share. The others that are not held give and take in proportion to what they have, or in
 * equal parts where all of them have nothing.
 *
 * @param shares of `exactShares` or of this function
 * @param held positions of shares that stay
 * @param moved the share's position
 * @param wanted what it is to be
 */
export function moveShare(
  shares: readonly number[],
  held: ReadonlySet<number>,
  moved: number,
  wanted: number,
): Moved {
  const givers = [...shares.keys()].filter((i) => i !== moved && !held.has(i));
  const own = UNITS * itemAt(shares, moved);
  if (givers.length === 0)
    return { shares, stopped: Math.abs(UNITS * wanted - own) > UNITS * NEAR };
  const theirs = givers.map((i) => UNITS * itemAt(shares, i));
  const room = own + sum(theirs);
  const units = Math.min(room, Math.max(0, Math.round(UNITS * wanted)));
  const parts = divided(room - units, sum(theirs) > 0 ? theirs : theirs.map(() => 1));
  const next = [...shares];
  next[moved] = units / UNITS;
  for (const [n, i] of givers.entries()) next[i] = itemAt(parts, n) / UNITS;
  return { shares: next, stopped: UNITS * wanted - units > UNITS * NEAR };
}

/** Shares nearer than this are the same to the eye. */
const NEAR = 1e-6;
