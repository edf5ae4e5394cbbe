/**
 * Shares as decimals that sum to 1, and tokens as whole numbers that sum to all of them: Hamilton's
 * method of largest remainders, in integers.
 */
import { byNames } from "../../base/objects.ts";
import { itemAt } from "../../base/known.ts";

/**
 * A whole number divided in proportion to weights: each part rounded down, and what is left given,
 * one each, to the parts with the largest remainders, the first of equal ones. One weight at least
 * is not 0.
 *
 * @example wholeParts([1n, 1n, 1n], 10n) // [4n, 3n, 3n]
 */
export function wholeParts(weights: readonly bigint[], total: bigint): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  const parts = weights.map((weight) => (weight * total) / sum);
  const remainders = weights.map((weight) => (weight * total) % sum);
  const left = Number(total - parts.reduce((all, part) => all + part, 0n));
  const byRemainder = weights
    .map((_, i) => i)
    .toSorted((a, b) => Number(itemAt(remainders, b) - itemAt(remainders, a)) || a - b);
  for (const i of byRemainder.slice(0, left)) parts[i] = itemAt(parts, i) + 1n;
  return parts;
}

/** Decimals of a share. With 15 of them a float64 is the decimal that is printed for it. */
const UNITS = 10n ** 15n;

/** Bits behind the point of shares as integers: none of a share above 1e-8 is lost. */
const SCALE = 2 ** 80;

/** Shares by domain, and the whole tokens of each where they are known. */
export interface PrintedShares {
  /** Multiples of 1e-15: the decimals that are printed sum to exactly 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** They sum to the whole number that `total` is. */
  readonly tokens?: { readonly total: number; readonly by: Readonly<Record<string, number>> };
}

/**
 * The shares of a mixture as files have them.
 *
 * @param tokens all training tokens; null where they are not known
 * @example printedShares({ web: 1 / 3, code: 2 / 3 }, 10).tokens?.by // { web: 3, code: 7 }
 */
export function printedShares(
  weights: Readonly<Record<string, number>>,
  tokens: number | null,
): PrintedShares {
  const names = Object.keys(weights);
  // Rounding may have left a share below 0: it is none.
  const exact = Object.values(weights).map((x) => BigInt(Math.round(Math.max(0, x) * SCALE)));
  const units = wholeParts(exact, UNITS);
  const named = (values: readonly number[]): Record<string, number> =>
    byNames(names.map((name, i) => [name, itemAt(values, i)]));
  const shares = named(units.map((unit) => Number(unit) / Number(UNITS)));
  if (tokens === null) return { weights: shares };
  const total = Math.round(tokens);
  const parts = wholeParts(units, BigInt(total));
  return { weights: shares, tokens: { total, by: named(parts.map(Number)) } };
}
