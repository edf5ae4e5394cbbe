/**
 * Counts of parameters and tokens are absolute: 7e9, not 7. Counts that are far too small to be a
 * training run's are refused, with the unit that they look like. This is the one gate for all
 * counts, of tables and of requests.
 */
import { extremesOf } from "../stats/moments.ts";
import * as v from "valibot";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { aPositive, byName } from "./option-schema.ts";

/**
 * What one count of an input stands for, by input ("params", "tokens"): { params: 1e6 } for N in
 * millions. A unit that is named is taken at its word, a unit of 1 too. "absolute": all counts are
 * taken as they are.
 */
export type CountUnits = "absolute" | Readonly<Record<string, number>>;

/** What `units` may be. */
export const someUnits = v.union(
  [v.literal("absolute"), byName(aPositive)],
  'it must be "absolute", or what one count stands for by input, such as params=1e6,tokens=1e9',
);

/** What `units` may be of a request, whose counts are numbers. */
export const asTheyAre = v.literal("absolute", 'it can be "absolute"');

/** Inputs that are counts: the fewest that are taken for absolute, and what is usual at most. */
const COUNTS: ReadonlyMap<string, { readonly fewest: number; readonly usual: number }> = new Map([
  ["params", { fewest: 1e4, usual: 1e9 }],
  ["tokens", { fewest: 1e6, usual: 3e10 }],
  ["unique_tokens", { fewest: 1e6, usual: 3e10 }],
]);

const SCALES = [
  [1, "absolute counts"],
  [1e3, "thousands"],
  [1e6, "millions"],
  [1e9, "billions"],
  [1e12, "trillions"],
] as const;

/** The unit that is named for an input; undefined where none is. */
const named = (units: CountUnits | undefined, input: string): number | undefined => {
  if (units === "absolute") return 1;
  return units !== undefined && Object.hasOwn(units, input) ? units[input] : undefined;
};

/** What a count of an input is multiplied by. */
export const unitOf = (units: CountUnits | undefined, input: string): number =>
  named(units, input) ?? 1;

/** Whether a count is too small to be absolute; always false for inputs that are no counts. */
export const isTooFew = (input: string, count: number): boolean =>
  count < (COUNTS.get(input)?.fewest ?? -Infinity);

/** Counts of one input, as they were given. */
export interface GivenCounts {
  readonly input: string;
  /** Where they stand: 'column "n_params"', or an option. */
  readonly place: string;
  /** The smallest, above 0. */
  readonly least: number;
  readonly most: number;
  /** The largest of its kind that is known, in absolute counts; default what is usual. */
  readonly known?: number | undefined;
}

type Scale = (typeof SCALES)[number];

/** ln of how far the largest count is from what is known or usual, in a unit. */
const distance = ({ input, most, known }: GivenCounts, unit: number): number =>
  Math.abs(Math.log((most * unit) / (known ?? COUNTS.get(input)?.usual ?? 1)));

/** Tokens a parameter that no run has much less or much more of. */
const RATIOS = { least: 2, most: 1000 } as const;

/** ln of how far tokens a parameter are from what runs have; 0 where that is not known. */
function oddity(params: number | undefined, tokens: number | undefined): number {
  if (params === undefined || tokens === undefined) return 0;
  const ratio = tokens / params;
  return Math.max(0, Math.log(RATIOS.least / ratio), Math.log(ratio / RATIOS.most));
}

/**
 * A guess at the unit of each suspect: sizes such as runs have, and together with the counts beside
 * them tokens a parameter such as runs have.
 */
function guesses(
  given: readonly GivenCounts[],
  suspects: readonly GivenCounts[],
): ReadonlyMap<GivenCounts, Scale> {
  const best = (counts: GivenCounts, cost: (unit: number) => number = () => 0): Scale =>
    SCALES.reduce((least, scale) => {
      const of = ([unit]: Scale): number => distance(counts, unit) + cost(unit);
      return of(scale) < of(least) ? scale : least;
    });
  const [params, tokens] = ["params", "tokens"].map((name) =>
    given.find(({ input }) => input === name),
  );
  const isOdd = (counts: GivenCounts | undefined): boolean =>
    counts !== undefined && suspects.includes(counts);
  const most = (counts: GivenCounts | undefined, unit: number): number | undefined =>
    counts === undefined ? undefined : counts.most * unit;
  /** The best unit of D beside N in a unit, and what both cost. */
  const beside = (unit: number): { readonly scale: Scale; readonly cost: number } => {
    const size = params === undefined ? 0 : distance(params, unit);
    const cost = (other: number): number => oddity(most(params, unit), most(tokens, other));
    const scale = tokens !== undefined && isOdd(tokens) ? best(tokens, cost) : SCALES[0];
    const own = tokens === undefined ? 0 : distance(tokens, scale[0]);
    return { scale, cost: size + own + cost(scale[0]) };
  };
  const first = isOdd(params)
    ? SCALES.reduce((least, scale) =>
        beside(scale[0]).cost < beside(least[0]).cost ? scale : least,
      )
    : SCALES[0];
  return new Map(
    suspects.map((counts) => {
      if (counts === params) return [counts, first];
      return [counts, counts === tokens ? beside(first[0]).scale : best(counts)];
    }),
  );
}

/**
 * A count in at most six digits, large ones in powers of ten.
 *
 * @example countInWords(1.5e9) // "1.5e9"
 */
export function countInWords(count: number): string {
  const rounded = Number(count.toPrecision(6));
  return rounded < 1e4 ? String(rounded) : rounded.toExponential().replace("+", "");
}

/** "20", or "20 to 1500". */
const shown = ({ least, most }: GivenCounts): string =>
  least === most ? countInWords(least) : `${countInWords(least)} to ${countInWords(most)}`;

/** Those that no unit is named for and that cannot be absolute. */
const suspect = (given: readonly GivenCounts[], units: CountUnits | undefined): GivenCounts[] =>
  given.filter(({ input, least }) => named(units, input) === undefined && isTooFew(input, least));

/** How the message on counts ends. */
const INSIST = `insist with ${option("units", "absolute")}`;

/**
 * Throws the InputError for columns of a table whose counts are too small to be absolute. It names
 * the columns, their smallest and largest values, the units that they look like, and the option
 * that says so.
 *
 * @param source the table, for the message
 * @param leaveOut how rows are left out that have fewer of some inputs, in words
 */
export function checkColumnCounts(
  source: string,
  given: readonly GivenCounts[],
  units: CountUnits | undefined,
  leaveOut: (few: readonly { readonly input: string; readonly fewest: number }[]) => string,
): void {
  const odd = suspect(given, units);
  if (odd.length === 0) return;
  const scales = [...guesses(given, odd)];
  const parts = scales.map(([counts, [unit, words]]) => {
    const fewest = countInWords(COUNTS.get(counts.input)?.fewest ?? 0);
    return unit === 1
      ? `${counts.place} has ${shown(counts)}, of which those below ${fewest} are too few`
      : `${counts.place} has ${shown(counts)}, which looks like ${words}`;
  });
  const flag = scales
    .filter(([, [unit]]) => unit > 1)
    .map(([{ input }, [unit]]) => `${input}=${countInWords(unit)}`)
    .join(",");
  const remedy =
    flag === ""
      ? leaveOut(scales.map(([{ input }]) => ({ input, fewest: COUNTS.get(input)?.fewest ?? 0 })))
      : `say so with ${option("units", flag)}`;
  throw new InputError(
    `${source}: counts of parameters and tokens are absolute, and ${parts.join("; ")}: ${remedy}, or ${INSIST}`,
    { file: source, option: "units" },
  );
}

/**
 * Throws the InputError for a list of counts in a request that has some too small to be absolute.
 */
export function checkListedCounts(
  path: string,
  input: string,
  counts: readonly number[],
  units: CountUnits | undefined,
): void {
  if (counts.length === 0) return;
  const [least, most] = extremesOf(counts);
  checkAskedCounts([{ input, place: option(path), least, most }], units);
}

/**
 * Throws the InputError for numbers of a request that are too small to be absolute.
 *
 * @example checkAskedCounts([{ input: "params", place: option("params"), least: 7, most: 7 }],
 *   undefined) // ‘params’ is 7, which looks like billions: write 7e9, or insist with …
 */
export function checkAskedCounts(
  given: readonly GivenCounts[],
  units: CountUnits | undefined,
): void {
  for (const [counts, [unit, words]] of guesses(given, suspect(given, units))) {
    const { place, least } = counts;
    const value = shown(counts);
    const [looks, remedy] =
      unit === 1
        ? ["too few to be a run's", "correct it"]
        : [`which looks like ${words}`, `write ${countInWords(least * unit)}`];
    throw new InputError(
      `${place} is ${value}, ${looks}; counts of parameters and tokens are absolute: ${remedy}, or ${INSIST}`,
      { option: "units" },
    );
  }
}
