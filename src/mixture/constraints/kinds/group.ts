/** Bounds of a sum of shares: `--group 'math+code>=0.2'`. */
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { percent } from "../../../base/format-number.ts";
import { anObject, aText } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import { domainIndex, type KindOf, type Limit, type Setting, sharePrice } from "./kind.ts";
import { checkShare, shareFrom, shareSchema } from "./shares.ts";

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

/** "stem:math+code<=30%": an optional name, domains joined by "+", one of >=, <=, =, a share. */
export function groupFrom(text: string): Group {
  const match = /^\s*(?:([^:<>=]+):)?([^<>=]+?)\s*(>=|<=|=)\s*([^<>=]+)$/.exec(text);
  if (match === null)
    throw new InputError(
      `${option(KIND.path)}: "${text}" is not of the form domains>=share, such as 'math+code>=0.2' (also <= and =).`,
      { option: KIND.path },
    );
  const [, name, sum = "", sign, amount = ""] = match;
  const domains = sum.split("+").map((domain) => domain.trim());
  if (domains.includes(""))
    throw new InputError(
      `${option(KIND.path)}: "${sum}" has an empty domain name; join domains with one "+".`,
      { option: KIND.path },
    );
  const share = shareFrom(KIND.path, amount);
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    domains,
    ...(sign === "<=" ? {} : { min: share }),
    ...(sign === ">=" ? {} : { max: share }),
  };
}

function limitOf({ name, domains: members, min, max }: Group, { domains }: Setting): Limit {
  const chosen = new Set(members.map((domain) => domainIndex(KIND, domain, domains)));
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
    coefficients: Float64Array.from(domains, (_, i) => (chosen.has(i) ? 1 : 0)),
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
    parse: (texts) => texts.map(groupFrom),
  },
  schema: v.array(
    anObject({
      name: v.optional(aText),
      domains: v.array(aText, "it must be a list of domains"),
      min: v.optional(shareSchema),
      max: v.optional(shareSchema),
    }),
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
