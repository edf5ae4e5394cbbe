/** Shares as people write them, and as messages show them: 0.05 or 5%. */
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { byNames } from "../../../base/objects.ts";
import { byName } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import { listReadings, type NameReader, type Readings, readPairs } from "../../../syntax/names.ts";
import { toNumber } from "../../../data/table/cells.ts";
import type { ConstraintFlag, ConstraintKind, KindName } from "./kind.ts";

/** Numbers from 0 to 1 by domain. */
export type Shares = Readonly<Record<string, number>>;

/** A share from a text; `path` is the option that has it. Throws InputError for what is none. */
export function shareFrom(path: string, text: string): number {
  const share = toNumber(text);
  if (share === undefined)
    throw new InputError(`${option(path)}: "${text.trim()}" is not a share; write 0.05 or 5%.`, {
      option: path,
    });
  return share;
}

/**
 * "web=0.1,code=5%" by domain. Names of `domains` may hold any sign; others none but "," in quotes.
 */
export const sharesFrom = (
  path: string,
  texts: readonly string[],
  domains: readonly string[] = [],
): Shares =>
  readPairs(texts, {
    where: option(path),
    known: new Set(domains),
    value: toNumber,
    wrong(piece) {
      const at = piece.lastIndexOf("=");
      if (at > 0 && piece.slice(0, at).trim() !== "") shareFrom(path, piece.slice(at + 1));
      return new InputError(
        `${option(path)}: "${piece}" is not of the form domain=share, such as web=0.1.`,
        { option: path },
      );
    },
  });

/** The ways to read a sum of domains, "math+code". */
export const sumReadings = (text: string, name: NameReader): Readings<readonly string[]> =>
  listReadings(text, "+", name, "refused");

const A_SHARE = "it must be a share, such as 0.05 or 5%";

/** A share in a file or of a library caller: a number, or a text such as 5%. */
export const shareSchema = v.pipe(
  v.union([v.number(), v.string()], A_SHARE),
  v.transform((x) => (typeof x === "number" ? x : (toNumber(x) ?? Number.NaN))),
  v.check((x) => Number.isFinite(x), A_SHARE),
);

/** Throws InputError for a share outside 0 … 1; `what` is the domain or group that has it. */
export function checkShare(kind: KindName, what: string, share: number): void {
  if (!(share >= 0 && share <= 1))
    throw new InputError(
      `the ${kind.name} of ${what} is ${share}; shares are from 0 to 1 (or 0 % to 100 %).`,
      { option: kind.path },
    );
}

/**
 * Throws InputError for "web=0.1,code=X" where X is no share. It stands after the last "=",
 * whatever signs the names hold.
 */
function checkLastShare(kind: KindName, text: string): void {
  const list = text.replace(/[\s,]+$/, "");
  const at = list.lastIndexOf("=");
  if (at < 1) return void sharesFrom(kind.path, [text]);
  const [name = ""] = /("[^"]*"|[^,"]*)$/.exec(list.slice(0, at).trim()) ?? [];
  checkShare(kind, name.replaceAll('"', "").trim(), shareFrom(kind.path, list.slice(at + 1)));
}

/** How a kind that gives shares by domain is read: from a flag, a file, and both together. */
export function sharesByDomain(
  path: string,
  flag: Pick<ConstraintFlag<Shares>, "name" | "help">,
): Pick<ConstraintKind<Shares>, "flag" | "schema" | "merge"> {
  return {
    flag: {
      ...flag,
      metavar: "<SHARES>",
      repeats: true,
      parse: (texts, { domains }) => sharesFrom(path, texts, domains),
      check: (text) => checkLastShare({ name: flag.name.slice(2), path }, text),
    },
    schema: byName(shareSchema),
    merge(file, flags) {
      const twice = Object.keys(flags).find((domain) => Object.hasOwn(file, domain));
      if (twice !== undefined)
        throw new InputError(
          `both ${option(path)} and the constraints file name "${twice}": say it in one place.`,
          { option: path },
        );
      return byNames([...Object.entries(file), ...Object.entries(flags)]);
    },
  };
}
