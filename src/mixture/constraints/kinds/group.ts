/** Bounds of a sum of shares: `--group 'math+code>=0.2'`. */
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { percent } from "../../../base/format-number.ts";
import { aList, aName, anObject, aText } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import { toNumber } from "../../../data/table/cells.ts";
import { type KindOf, type Limit, type Setting, sharePrice, sumRow } from "./kind.ts";
import {
  knownNames,
  type NameReader,
  onlyReading,
  orPlain,
  quoted,
  type Readings,
} from "../../../syntax/names.ts";
import { checkShare, shareFrom, shareSchema, sumReadings } from "./shares.ts";

/** A bound of a sum of shares. */
export interface Group {
  /** How messages call it. Default: its domains, joined by "+". */
  readonly name?: string | undefined;
  /** The domains whose shares are summed. */
  readonly domains: readonly string[];
  /** Least sum of their shares; one of `min` and `max` must be there. */
  readonly min?: number | undefined;
  /** Largest sum of their shares. */
  readonly max?: number | undefined;
}

export interface Groups {
  /** Bounds of sums of shares. */
  readonly groups?: readonly Group[];
}

const KIND = { name: "group", path: "constraints.groups" } as const;

/**
 * The ways to read "stem:math+code<=30%". A sum of known names comes before one with a name of its
 * own: "dclm:science" is a domain where there is one, and no group of "science".
 */
function groupReadings(text: string, name: NameReader): Readings<Group> {
  return [...text.matchAll(/>=|<=|(?<![<>])=/g)].flatMap(({ index, 0: sign }) => {
    const share = toNumber(text.slice(index + sign.length));
    if (share === undefined) return [];
    const left = text.slice(0, index);
    const group = (domains: readonly string[], label?: string): Group => ({
      ...(label === undefined ? {} : { name: label }),
      domains,
      ...(sign === "<=" ? {} : { min: share }),
      ...(sign === ">=" ? {} : { max: share }),
    });
    const plain = sumReadings(left, name).map((domains) => group(domains));
    if (plain.length > 0) return plain;
    return [...left.matchAll(/:/g)].flatMap(({ index: colon }) => {
      const label = left.slice(0, colon).trim();
      return label === ""
        ? []
        : sumReadings(left.slice(colon + 1), name).map((domains) => group(domains, label));
    });
  });
}

const HAS_FORM = /^([^<>=]+)(>=|<=|=)([^<>=]+)$/;

/**
 * "stem:math+code<=30%": an optional name, domains joined by "+", one of >=, <=, =, a share. Names
 * of `domains` may hold any sign, others in quotes.
 */
export function groupFrom(text: string, domains: readonly string[] = []): Group {
  const known = knownNames(new Set(domains));
  const group = onlyReading(
    option(KIND.path),
    text,
    {
      known: () => groupReadings(text, known),
      plain: () => groupReadings(text, orPlain(known, /[+<>=:]/)),
    },
    ({ name, domains: members }) =>
      `${name === undefined ? "" : `${name}:`}${members.map(quoted).join("+")}`,
  );
  if (group !== undefined) return group;
  const [, sum = "", , amount] = HAS_FORM.exec(text) ?? [];
  if (amount === undefined)
    throw new InputError(
      `${option(KIND.path)}: "${text}" is not of the form domains>=share, such as 'math+code>=0.2' (also <= and =).`,
      { option: KIND.path },
    );
  shareFrom(KIND.path, amount);
  throw new InputError(
    `${option(KIND.path)}: "${sum.trim()}" has an empty domain name; join domains with one "+".`,
    { option: KIND.path },
  );
}

function limitOf({ name, domains: members, min, max }: Group, setting: Setting): Limit {
  const coefficients = sumRow(KIND, members, setting);
  const label = name ?? members.join("+");
  if (min === undefined && max === undefined)
    throw new InputError(
      `the group ${label} has neither a least nor a greatest share; give one, such as ${label}>=0.2.`,
      { option: KIND.path },
    );
  if (min !== undefined) checkShare(KIND, label, min);
  if (max !== undefined) checkShare(KIND, label, max);
  const bounds = [
    ...(min === undefined ? [] : [`≥ ${percent(min)}`]),
    ...(max === undefined ? [] : [`≤ ${percent(max)}`]),
  ];
  return {
    name: `${KIND.name} ${label} ${min !== undefined && min === max ? `= ${percent(min)}` : bounds.join(", ")}`,
    coefficients,
    min: min ?? -Infinity,
    max: max ?? Infinity,
    price: sharePrice,
  };
}

export const group: KindOf<Groups> = {
  name: KIND.name,
  key: "groups",
  flag: {
    name: "--group",
    metavar: "<SUM>",
    help: "bound of a sum of shares: 'math+code>=0.2' or <=; may be repeated",
    repeats: true,
    parse: (texts, { domains }) => texts.map((text) => groupFrom(text, domains)),
    check(text) {
      const [, sum = "", amount = ""] = /^(.+?)(?:>=|<=|=)([^<>=]*)$/s.exec(text) ?? [];
      const share = toNumber(amount);
      // Without a share at its end it is no group, whatever the domains are.
      if (share === undefined) return void groupFrom(text);
      checkShare(KIND, sum.trim(), share);
    },
  },
  schema: aList(
    anObject({
      name: v.optional(aName),
      domains: aList(aText, "it must be a list of domains", "domains"),
      min: v.optional(shareSchema),
      max: v.optional(shareSchema),
    }),
    "it must be a list of groups",
    "constraints",
  ),
  merge: (file, flags) => [...file, ...flags],
  contribute: (groups, setting) => ({ limits: groups.map((each) => limitOf(each, setting)) }),
  moreRoom(constraint) {
    const [least, most] = [constraint.includes(" ≥ "), constraint.includes(" ≤ ")];
    // Both ends or one value: which way the sum pushes, its name does not say.
    if (least === most) return "one percent of leeway";
    return least ? "one percent less" : "one more percent";
  },
};
