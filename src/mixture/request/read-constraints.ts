/** Constraints as people write them: the texts of flags, and a YAML or JSON file. */
import * as v from "valibot";
import { parse } from "yaml";
import { toNumber } from "../../data/table/cells.ts";
import { InputError } from "../../base/errors.ts";
import type { ConstraintRequest } from "./optimum.ts";

/** The flags' texts as given. */
export interface ConstraintTexts {
  /** "web=0.1,code=5%", each. */
  readonly floor?: readonly string[] | undefined;
  readonly cap?: readonly string[] | undefined;
  readonly fix?: readonly string[] | undefined;
  readonly atLeastOrZero?: readonly string[] | undefined;
  /** "math+code>=0.2", "stem:math+code<=30%". */
  readonly group?: readonly string[] | undefined;
  /** "l1<=0.2", "kl<=0.05". */
  readonly trust?: string | undefined;
  /** "1/1000". */
  readonly lattice?: string | undefined;
  readonly maxEpochs?: number | undefined;
}

/** A share: 0.05 or 5%; undefined for what is none. */
function readShare(text: string): number | undefined {
  const percent = text.trim().endsWith("%");
  const x = toNumber(percent ? text.trim().slice(0, -1) : text);
  return x === undefined || !percent ? x : x / 100;
}

function shareOf(flag: string, text: string): number {
  const x = readShare(text);
  if (x === undefined)
    throw new InputError(`${flag}: "${text.trim()}" is not a share; write 0.05 or 5%.`, { flag });
  return x;
}

/** "web=0.1,code=5%" by domain. Names may hold anything but "," and "=". */
export function sharesOf(flag: string, texts: readonly string[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const piece of texts
    .flatMap((text) => text.split(","))
    .map((p) => p.trim())
    .filter((p) => p !== "")) {
    const at = piece.lastIndexOf("=");
    const name = piece.slice(0, at).trim();
    if (at < 1 || name === "")
      throw new InputError(
        `${flag}: "${piece}" is not of the form domain=share, such as web=0.1.`,
        { flag },
      );
    if (Object.hasOwn(shares, name))
      throw new InputError(`${flag} names "${name}" twice.`, { flag });
    shares[name] = shareOf(flag, piece.slice(at + 1));
  }
  return shares;
}

type Group = NonNullable<ConstraintRequest["groups"]>[number];

/** "stem:math+code<=30%": an optional name, domains joined by "+", one of >=, <=, =, a share. */
export function groupOf(text: string): Group {
  const flag = "--group";
  const match = /^\s*(?:([^:<>=]+):)?([^<>=]+?)\s*(>=|<=|=)\s*([^<>=]+)$/.exec(text);
  if (match === null)
    throw new InputError(
      `--group: "${text}" is not of the form domains>=share, such as 'math+code>=0.2' (also <= and =).`,
      { flag },
    );
  const [, name, sum = "", sign, amount = ""] = match;
  const domains = sum.split("+").map((d) => d.trim());
  if (domains.includes(""))
    throw new InputError(`--group: "${sum}" has an empty domain name; join domains with one "+".`, {
      flag,
    });
  const share = shareOf(flag, amount);
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    domains,
    ...(sign === "<=" ? {} : { min: share }),
    ...(sign === ">=" ? {} : { max: share }),
  };
}

/** "l1<=0.2" or "kl<=0.05". */
export function trustOf(text: string): NonNullable<ConstraintRequest["trust"]> {
  const match = /^\s*(l1|kl)\s*<=\s*([0-9.eE+-]+)\s*$/i.exec(text);
  const radius = Number(match?.[2]);
  if (match === null || !Number.isFinite(radius))
    throw new InputError(`--trust: "${text}" is neither 'l1<=RADIUS' nor 'kl<=RADIUS'.`, {
      flag: "--trust",
    });
  return { measure: match[1].toLowerCase() === "l1" ? "l1" : "kl", radius };
}

const LATTICE = /^\s*1\s*\/\s*(\d+)\s*$/;

/** "1/1000" is 1000. */
export function latticeOf(text: string): number {
  const match = LATTICE.exec(text);
  if (match === null)
    throw new InputError(`--lattice: "${text}" is not of the form 1/N, such as 1/1000.`, {
      flag: "--lattice",
    });
  return Number(match[1]);
}

/** A share in a file: a number, or a text such as 5%. */
const share = v.pipe(
  v.union([v.number(), v.string()], "is no share; write 0.05 or 5%"),
  v.transform((x) => (typeof x === "number" ? x : (readShare(x) ?? Number.NaN))),
  v.check((x) => Number.isFinite(x), "is no share; write 0.05 or 5%"),
);
const denominator = v.union(
  [v.number(), v.pipe(v.string(), v.regex(LATTICE), v.transform(latticeOf))],
  "is no lattice; write 1/1000, or its denominator 1000",
);
const sharesByDomain = v.record(v.string(), share);
const SCHEMA = v.strictObject({
  floors: v.optional(sharesByDomain),
  caps: v.optional(sharesByDomain),
  fixed: v.optional(sharesByDomain),
  groups: v.optional(v.array(v.strictObject({ name: v.optional(v.string()), domains: v.array(v.string()), min: v.optional(share), max: v.optional(share) }))), // prettier-ignore
  available: v.optional(v.record(v.string(), v.number())),
  maxEpochs: v.optional(v.number()),
  trust: v.optional(v.strictObject({ measure: v.picklist(["l1", "kl"]), radius: v.number() })),
  atLeastOrZero: v.optional(sharesByDomain),
  lattice: v.optional(denominator),
});

/**
 * A constraints file in YAML or JSON (which is YAML); `source` names it in messages. Its keys are
 * those of `ConstraintRequest`; shares may be written 5%, the lattice 1/1000.
 */
export function parseConstraints(text: string, source: string): ConstraintRequest {
  const where = { file: source, flag: "--constraints" };
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    throw new InputError(
      `${source} is not YAML or JSON: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`,
      where,
    );
  }
  return checkConstraints(data ?? {}, source, where);
}

/**
 * Anything as constraints. Throws InputError saying which part is not what it should be; `source`
 * names the whole in the message.
 */
export function checkConstraints(
  data: unknown,
  source = "constraints",
  where: InputError["where"] = { flag: "--constraints" },
): ConstraintRequest {
  const checked = v.safeParse(SCHEMA, data);
  if (checked.success) return checked.output as ConstraintRequest;
  const [issue] = checked.issues;
  const path = v.getDotPath(issue);
  throw new InputError(
    `${source}${path === null ? "" : `: ${path}`}: ${issue.message}. It may have ${Object.keys(SCHEMA.entries).join(", ")}.`,
    where,
  );
}

/**
 * The file's constraints and the flags' together. What both say about the same thing is an
 * InputError: nothing is overridden in silence.
 */
export function mergeConstraints(
  file: ConstraintRequest,
  texts: ConstraintTexts,
): ConstraintRequest {
  const both = (
    flag: string,
    theirs: Readonly<Record<string, number>> | undefined,
    mine: readonly string[] | undefined,
  ): Record<string, number> => {
    const shares = sharesOf(flag, mine ?? []);
    for (const name of Object.keys(shares)) {
      if (theirs !== undefined && Object.hasOwn(theirs, name))
        throw new InputError(
          `both ${flag} and the constraints file name "${name}": say it in one place.`,
          { flag },
        );
    }
    return { ...theirs, ...shares };
  };
  const once = <T>(flag: string, theirs: T | undefined, mine: T | undefined): T | undefined => {
    if (theirs !== undefined && mine !== undefined)
      throw new InputError(
        `both ${flag} and the constraints file are given: say it in one place.`,
        { flag },
      );
    return theirs ?? mine;
  };
  const trust = once(
    "--trust",
    file.trust,
    texts.trust === undefined ? undefined : trustOf(texts.trust),
  );
  const lattice = once(
    "--lattice",
    file.lattice,
    texts.lattice === undefined ? undefined : latticeOf(texts.lattice),
  );
  const maxEpochs = once("--max-epochs", file.maxEpochs, texts.maxEpochs);
  return {
    floors: both("--floor", file.floors, texts.floor),
    caps: both("--cap", file.caps, texts.cap),
    fixed: both("--fix", file.fixed, texts.fix),
    atLeastOrZero: both("--at-least-or-zero", file.atLeastOrZero, texts.atLeastOrZero),
    groups: [...(file.groups ?? []), ...(texts.group ?? []).map(groupOf)],
    ...(file.available === undefined ? {} : { available: file.available }),
    ...(maxEpochs === undefined ? {} : { maxEpochs }),
    ...(trust === undefined ? {} : { trust }),
    ...(lattice === undefined ? {} : { lattice }),
  };
}
