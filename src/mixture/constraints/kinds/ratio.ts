/** Bounds of one share against another: `--ratio 'code/web<=0.5'`, also of sums of shares. */
import { itemAt } from "../../../base/known.ts";
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { significant } from "../../../base/format-number.ts";
import { aList, aNumber, anObject, aText } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import { dot } from "../../../convex/vectors.ts";
import { toNumber } from "../../../data/table/cells.ts";
import {
  knownNames,
  type NameReader,
  onlyReading,
  orPlain,
  quoted,
  type Readings,
} from "../../../syntax/names.ts";
import { type KindOf, type Limit, type Setting, sumRow } from "./kind.ts";
import { sumReadings } from "./shares.ts";

/**
 * min ≤ Σ numerator / Σ denominator ≤ max: where the lower sum is 0, max allows only 0 above it.
 */
export interface Ratio {
  /** Domains whose shares are summed above the line. */
  readonly numerator: readonly string[];
  /** Domains whose shares are summed below it; none may be on both sides. */
  readonly denominator: readonly string[];
  /** Least ratio, at least 0; one of `min` and `max` must be there. */
  readonly min?: number | undefined;
  /** Largest ratio, at least 0. */
  readonly max?: number | undefined;
}

export interface Ratios {
  /** Bounds of ratios of shares. */
  readonly ratio?: readonly Ratio[];
}

const KIND = { name: "ratio", path: "constraints.ratio" } as const;

const wrong = (message: string): InputError => new InputError(message, { option: KIND.path });

/** The ways to read "code/web<=0.5". */
const ratioReadings = (text: string, name: NameReader): Readings<Ratio> =>
  [...text.matchAll(/>=|<=|(?<![<>])=/g)].flatMap(({ index, 0: sign }) => {
    const bound = toNumber(text.slice(index + sign.length));
    if (bound === undefined) return [];
    const sides = text.slice(0, index);
    return [...sides.matchAll(/\//g)].flatMap(({ index: line }) =>
      sumReadings(sides.slice(0, line), name).flatMap((numerator) =>
        sumReadings(sides.slice(line + 1), name).map((denominator) => ({
          numerator,
          denominator,
          ...(sign === "<=" ? {} : { min: bound }),
          ...(sign === ">=" ? {} : { max: bound }),
        })),
      ),
    );
  });

/** "code/web<=0.5" as a ratio; a sentence about what is wrong where it is none. */
function readRatio(text: string, domains: readonly string[] = []): Ratio | string {
  const known = knownNames(new Set(domains));
  const ratioOf = onlyReading(
    option(KIND.path),
    text,
    {
      known: () => ratioReadings(text, known),
      plain: () => ratioReadings(text, orPlain(known, /[+/<>=]/)),
    },
    ({ numerator, denominator }) =>
      [numerator, denominator].map((side) => side.map(quoted).join("+")).join("/"),
  );
  return ratioOf ?? whyNoRatio(text);
}

function whyNoRatio(text: string): string {
  const match = /^\s*([^<>=]+?)\s*(>=|<=|=)\s*([^<>=]+)$/.exec(text);
  const [, sides = "", , amount = ""] = match ?? [];
  if (!sides.includes("/"))
    return `"${text}" is not of the form domain/domain<=number, such as 'code/web<=0.5' (also >= and =, and sums such as code+math).`;
  if (sides.split("/").length > 2)
    return `"${sides}" has more than one "/": put a domain whose name has one in quotes, such as '"a/b"/web<=0.5', or write the ratio in a constraints file, with its numerator and its denominator.`;
  if (toNumber(amount) === undefined) return `"${amount.trim()}" is not a number, such as 0.5.`;
  return `"${sides}" has an empty domain name; write domain/domain, and join domains with one "+".`;
}

/**
 * "code/web<=0.5": two sums of domains with "/" between them, one of >=, <=, =, a number. Names of
 * `domains` may hold any sign, others in quotes.
 */
export function ratioFrom(text: string, domains: readonly string[] = []): Ratio {
  const read = readRatio(text, domains);
  if (typeof read === "string") throw wrong(`${option(KIND.path)}: ${read}`);
  return read;
}

function checkBound(label: string, bound: number): void {
  if (!(bound >= 0 && Number.isFinite(bound)))
    throw wrong(`the ratio ${label} is ${bound}; it must be a number of at least 0.`);
}

function check({ numerator, denominator, min, max }: Ratio, label: string): void {
  if (numerator.length === 0 || denominator.length === 0)
    throw wrong("a ratio names no domain on one of its sides: it needs some on both.");
  const both = numerator.find((domain) => denominator.includes(domain));
  if (both !== undefined)
    throw wrong(`the ratio ${label} has "${both}" on both sides: name it on one.`);
  if (min === undefined && max === undefined)
    throw wrong(
      `the ratio ${label} has neither a least nor a largest value; give one, such as ${label}<=0.5.`,
    );
  for (const bound of [min, max]) if (bound !== undefined) checkBound(label, bound);
  if (min !== undefined && max !== undefined && min > max)
    throw wrong(`the least ratio ${label}, ${min}, is above the largest, ${max}: swap them.`);
}

/**
 * numerator − bound·denominator ≤ 0, ≥ 0 or = 0: linear in the shares. Divided by the bound where
 * that is above 1, so that no coefficient is far from 1.
 */
function limitOf(
  ratio: Ratio,
  label: string,
  sign: "≤" | "≥" | "=",
  bound: number,
  setting: Setting,
): Limit {
  const above = sumRow(KIND, ratio.numerator, setting);
  const below = sumRow(KIND, ratio.denominator, setting);
  const scale = Math.max(1, bound);
  return {
    name: `${KIND.name} ${label} ${sign} ${significant(bound, 6)}`,
    coefficients: above.map((a, i) => (a - bound * itemAt(below, i)) / scale),
    min: sign === "≤" ? -Infinity : 0,
    max: sign === "≥" ? Infinity : 0,
    divisor: scale,
    // The limit moves by the denominator's share a unit of the bound.
    price(multiplier, h) {
      const share = dot(below, h);
      return { perPercent: (0.01 * multiplier * share) / scale, perEpoch: null };
    },
  };
}

function limitsOf(ratio: Ratio, setting: Setting): Limit[] {
  const { numerator, denominator, min, max } = ratio;
  const label = `${numerator.join("+")}/${denominator.join("+")}`;
  check(ratio, label);
  if (min !== undefined && min === max) return [limitOf(ratio, label, "=", min, setting)];
  return [
    ...(min === undefined ? [] : [limitOf(ratio, label, "≥", min, setting)]),
    ...(max === undefined ? [] : [limitOf(ratio, label, "≤", max, setting)]),
  ];
}

export const ratio: KindOf<Ratios> = {
  name: KIND.name,
  key: "ratio",
  flag: {
    name: "--ratio",
    metavar: "<BOUND>",
    help: "bound of a ratio of shares: 'code/web<=0.5' or >=; may be repeated",
    repeats: true,
    parse: (texts, { domains }) => texts.map((text) => ratioFrom(text, domains)),
    check(text) {
      const [, sides = "", amount = ""] = /^(.+?)(?:>=|<=|=)([^<>=]*)$/s.exec(text) ?? [];
      const bound = toNumber(amount);
      // Without two sides and a number at its end it is no ratio, whatever the domains are.
      if (bound === undefined || !sides.includes("/")) return void ratioFrom(text);
      checkBound(sides.trim(), bound);
    },
  },
  schema: aList(
    v.union(
      [
        v.pipe(
          v.string(),
          v.check((text) => typeof readRatio(text) !== "string"),
          v.transform((text) => ratioFrom(text)),
        ),
        anObject({
          numerator: aList(aText, "it must be a list of domains", "domains"),
          denominator: aList(aText, "it must be a list of domains", "domains"),
          min: v.optional(aNumber),
          max: v.optional(aNumber),
        }),
      ],
      "it must be a ratio such as code/web<=0.5, or its numerator, denominator, min and max",
    ),
    "it must be a list of ratios",
    "constraints",
  ),
  merge: (file, flags) => [...file, ...flags],
  contribute: (ratios, setting) => ({ limits: ratios.flatMap((each) => limitsOf(each, setting)) }),
  moreRoom(constraint) {
    if (constraint.includes(" = ")) return "0.01 of leeway";
    return constraint.includes(" ≥ ") ? "0.01 less" : "0.01 more";
  },
};
