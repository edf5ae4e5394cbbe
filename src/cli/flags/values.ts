/** Values of flags from their texts. A text that cannot be read is an error that names the flag. */
import type { Option } from "commander";
import { toNumber } from "../../data/table/cells.ts";
import { checkLimit } from "../../options/limits.ts";
import { byNames } from "../../base/objects.ts";
import { nearest, suggest } from "../../base/wording.ts";
import { InputError } from "../../base/errors.ts";
import { CATALOG, lawNamed, lawNames } from "../../laws/catalog/catalog.ts";
import type { Law } from "../../laws/law.ts";
import { knownNames, listReadings, orPlain } from "../../syntax/names.ts";
import { lawFromFormula } from "../../laws/formula/formula.ts";

/** A number such as 20, 0.5 or 1e-3. */
export const numeric =
  (flag: string) =>
  (text: string): number => {
    const value = toNumber(text);
    if (value === undefined)
      throw new InputError(
        `${flag} is ${JSON.stringify(text)}; it must be a number, such as 100 or 1e-3`,
      );
    return value;
  };

/** A number that `accepts`. `says` completes the message "it must be …". */
export const limited =
  (flag: string, accepts: (value: number) => boolean, says: string) =>
  (text: string): number => {
    const value = toNumber(text);
    if (value === undefined || !accepts(value))
      throw new InputError(`${flag} is ${JSON.stringify(text)}; it must be ${says}`);
    return value;
  };

export const whole = (flag: string, least = 1): ((text: string) => number) =>
  limited(
    flag,
    (value) => Number.isInteger(value) && value >= least,
    `a whole number, ${least} or more`,
  );

/** `--level`: a confidence level. */
export const confidence = limited(
  "--level",
  (x) => x > 0 && x < 1,
  "a confidence level between 0 and 1, such as 0.95",
);

/** `--seed` of random numbers. */
export const seedNumber = limited(
  "--seed",
  Number.isSafeInteger,
  "a whole number within ±(2^53 − 1)",
);

/** One of a few words, which job files and completion know of it too. */
export const choice = <T extends string>(
  flag: string,
  allowed: readonly T[],
): ((text: string) => T) & { readonly choices: readonly T[] } =>
  Object.assign(
    (text: string): T => {
      const word = allowed.find((each) => each === text);
      if (word !== undefined) return word;
      throw new InputError(
        `${flag} is ${JSON.stringify(text)}; it must be one of ${allowed.join(", ")}`,
      );
    },
    { choices: allowed },
  );

/** The words that an option or an argument takes; undefined where they are not a few. */
export const choicesOf = ({
  argChoices,
  parseArg,
}: Pick<Option, "argChoices" | "parseArg">): readonly string[] | undefined =>
  argChoices ??
  (parseArg !== undefined && "choices" in parseArg
    ? (parseArg.choices as readonly string[])
    : undefined);

const ANY_WORD = orPlain(knownNames(new Set()), /,/);

/** "a, b,c" → ["a", "b", "c"]; a name that has a comma is in quotes. */
export const words = (text: string): string[] => [
  ...(listReadings(text, ",", ANY_WORD)[0] ??
    text
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== "")),
];

/**
 * The reader of a flag that may be given several times, where each adds to those before. It takes
 * what was read before as its second argument.
 */
export const repeated = <T>(
  read: (text: string, before?: T) => T,
): ((text: string, before?: T) => T) & { readonly repeats: true } =>
  Object.assign((text: string, before?: T) => read(text, before), { repeats: true } as const);

/** Collects a flag that may be given several times. */
export const several = repeated<readonly string[]>((text, before = []) => [...before, text]);

/** A list that is a text: "a,b" and then "c" are "a,b,c". */
export const joined = repeated<string>((text, before) =>
  before === undefined ? text : `${before},${text}`,
);

/** Conditions of several flags as one: all must hold ("and"), or any ("or"). */
export const conditions = (word: "and" | "or") =>
  repeated<string>((text, before) =>
    before === undefined ? text : `(${before}) ${word} (${text})`,
  );

/** Lists of several flags as one. */
export const added = <T>(read: (text: string) => readonly T[]) =>
  repeated<readonly T[]>((text, before = []) => [...before, ...read(text)]);

export const numbers = (flag: string) => added((text) => words(text).map(numeric(flag)));

/** Whether a text is a formula and not a name. */
const isFormula = (text: string): boolean => /[=+*/^()[\]]/.test(text);

/** Splits at commas outside brackets. */
function pieces(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if ("([".includes(char)) depth++;
    if (")]".includes(char)) depth--;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.map((piece) => piece.trim()).filter((piece) => piece !== "");
}

/**
 * The laws of a comma list of names and formulas, each once, in its order. `inputs`: what formulas
 * read beside params, tokens and h.
 */
export function lawsOf(text: string, inputs: readonly string[] = [], flag = "--law"): Law[] {
  const names = [...new Set(pieces(text))];
  if (names.length === 0)
    throw new InputError(`${flag} names no law; the laws are: ${[...CATALOG.keys()].join(", ")}`);
  const formulas = names.filter(isFormula);
  return names.map((name) => {
    if (!isFormula(name)) return lawOf(name, `${flag}: `);
    const number = formulas.length === 1 ? "" : formulas.indexOf(name) + 1;
    return lawFromFormula(name, { name: `formula${number}`, inputs, origin: flag });
  });
}

/** A law of the catalog. Throws InputError for another name; `before` says whose name it is. */
export function lawOf(name: string, before = ""): Law {
  const law = lawNamed(name);
  if (law !== undefined) return law;
  const near = nearest(name, lawNames());
  const meant = near === undefined ? "." : `; did you mean "${near}"?`;
  const names = [...CATALOG.keys()].join(", ");
  throw new InputError(`${before}there is no law "${name}"${meant} The laws are: ${names}`);
}

/**
 * Collects `--input name=col`, or `--input col` for a column of the input's own name; may be given
 * several times.
 */
export const mapping = repeated<Readonly<Record<string, string>>>((text, before = {}) => {
  const at = text.indexOf("=");
  const column = text.slice(at + 1).trim();
  const name = at < 0 ? column : text.slice(0, at).trim();
  if (name === "" || column === "") {
    throw new InputError(
      `--input is ${JSON.stringify(text)}; write it name=COLUMN, such as sparsity=expert_sparsity`,
    );
  }
  checkLimit("inputs", Object.keys(before).length + 1, { what: "--input", remedy: "name fewer" });
  return byNames([...Object.entries(before), [name, column]]);
});

/** Throws the InputError for an `--input` that no law reads: a name that is misspelt. */
export function checkInputs(names: readonly string[], known: readonly string[]): void {
  const odd = names.find((name) => !known.includes(name));
  if (odd === undefined) return;
  const others = known.filter((name) => name !== "params" && name !== "tokens");
  const all =
    nearest(odd, known) === undefined && others.length === 0
      ? "they read N, D and the mixture at most"
      : suggest(odd, known, "inputs");
  throw new InputError(`--input ${odd}: the laws have no such input; ${all}`, {
    option: `inputs.${odd}`,
  });
}
