/** The text of flags as values, strictly: what cannot be read is an error that names the flag. */
import { toNumber } from "../data/cells.ts";
import { nearest } from "../data/names.ts";
import { InputError } from "../errors.ts";
import { CATALOG } from "../laws/catalog.ts";
import type { Law } from "../laws/define.ts";

/** A number such as 20, 0.5 or 1e-3. */
export const numeric =
  (flag: string) =>
  (text: string): number => {
    const value = toNumber(text);
    if (value === undefined) throw new InputError(`${flag} is ${JSON.stringify(text)}; it must be a number, such as 100 or 1e-3`, { flag });
    return value;
  };

/** A number that `accepts`; `says` completes "it must be …". */
export const limited =
  (flag: string, accepts: (value: number) => boolean, says: string) =>
  (text: string): number => {
    const value = toNumber(text);
    if (value === undefined || !accepts(value)) throw new InputError(`${flag} is ${JSON.stringify(text)}; it must be ${says}`, { flag });
    return value;
  };

export const whole = (flag: string, least = 1): ((text: string) => number) =>
  limited(flag, (value) => Number.isInteger(value) && value >= least, `a whole number, ${least} or more`);

/** One of a few words. */
export const choice =
  <T extends string>(flag: string, allowed: readonly T[]) =>
  (text: string): T => {
    const found = allowed.find((word) => word === text);
    if (found !== undefined) return found;
    throw new InputError(`${flag} is ${JSON.stringify(text)}; it must be one of ${allowed.join(", ")}`, { flag });
  };

/** "a, b,c" → ["a", "b", "c"]. */
export const words = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

export const numbers =
  (flag: string) =>
  (text: string): number[] =>
    words(text).map(numeric(flag));

/** The laws of a comma list, each once, in its order. */
export function lawsOf(text: string, flag = "--law"): Law[] {
  const names = [...new Set(words(text))];
  if (names.length === 0) throw new InputError(`${flag} names no law; the laws are: ${[...CATALOG.keys()].join(", ")}`, { flag });
  return names.map((name) => lawOf(name, `${flag}: `));
}

export function lawOf(name: string, before = ""): Law {
  const law = CATALOG.get(name);
  if (law !== undefined) return law;
  const near = nearest(name, CATALOG.keys());
  const meant = near === undefined ? "" : `; did you mean "${near}"?`;
  throw new InputError(
    `${before}there is no law "${name}"${meant} The laws are: ${[...CATALOG.keys()].join(", ")}`.replace('" The', '". The'),
    {
      flag: "--law",
    },
  );
}

/** Collects `--input name=col`, which may be given several times. */
export function mapping(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  const [name, column] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || name === "" || column === "") {
    throw new InputError(`--input is ${JSON.stringify(text)}; write it name=COLUMN, such as sparsity=expert_sparsity`, { flag: "--input" });
  }
  return { ...before, [name]: column };
}
