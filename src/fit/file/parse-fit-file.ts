/** Fit files: what readers rely on is checked, so that a wrong file gives one clear message. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { namesIn, otherVersion } from "../../options/file-version.ts";
import { checkFile, checkNesting, type FileWords, parseJson } from "../../options/parse-file.ts";
import { printable } from "../../options/printable.ts";
import { holdingFits } from "../result/failed-fits.ts";
import type { FitFile } from "../result/fit-file.ts";
import { checkFits } from "./check-fits.ts";
import { FIT_FILE } from "./file-schema.ts";

/**
 * Objects that were found to be fit files, and what is read of each: who predicts again and again
 * is checked once.
 */
const checked = new WeakMap<FitFile, FitFile>();

/** The versions of the format that are read. */
export const FIT_VERSIONS = ["mixlaw/fit@1", "mixlaw/fit@2"] as const;
const READ: readonly (string | undefined)[] = FIT_VERSIONS;

const DAMAGED = "is damaged";

/**
 * The fit file that a JSON text is.
 *
 * @param source how messages name the file
 * @throws InputError when it is no JSON, is another kind of file, or lacks something.
 */
export function parseFitFile(text: string, source: string): FitFile {
  const write = (file: string): string =>
    `write ${file} with "mixlaw fit RUNS ${option("out", "fit.json")}"`;
  const value = parseJson(text, { source, remedy: `fit files are written with "mixlaw fit RUNS ${option("out", "fit.json")}"` }); // prettier-ignore
  checkSchema(value, source, write("one"));
  const file = readFile(value, { source, remedy: `write it again with "mixlaw fit … ${option("out", source)}"` }); // prettier-ignore
  checked.set(file, file);
  return file;
}

/**
 * An object that users of the library hand in as a fit file, found to be one. It stays as it is.
 * One of version 1, which lacks parts that code relies on, is used as a copy with them.
 *
 * @throws InputError that names the part that is wrong, what it is and what it must be.
 */
export function checkedFit(file: FitFile): FitFile {
  const known = checked.get(file);
  if (known !== undefined) return known;
  const words = { source: "the fit file", remedy: "fit again" };
  checkNesting(file, words);
  checkSchema(file, words.source, words.remedy);
  const read = readFile(file, words);
  const used = isCurrent(file) ? file : read;
  checked.set(file, used).set(used, used);
  return used;
}

/** Files of version 1 say so, whatever their type says. */
const isCurrent = ({ schema }: { readonly schema: string }): boolean => schema === "mixlaw/fit@2";

/** The file of a value, all of it checked. */
function readFile(value: unknown, words: FileWords): FitFile {
  const file = checkFile(FIT_FILE, value, DAMAGED, words) as unknown as FitFile;
  const refuse = (path: string, problem: string): never => {
    throw new InputError(
      `${words.source} ${DAMAGED}: ${printable(path)} ${problem}; ${words.remedy}`,
      { file: words.source },
    );
  };
  if (file.fits.length + (file.failed ?? []).length === 0) refuse("fits", "is empty");
  if (file.fits.length === 0) holdingFits(file); // throws: it says why each has failed
  checkFits(file, words, refuse);
  return file;
}

/** Throws the InputError for a value that is no fit file of a version that is read. */
function checkSchema(value: unknown, source: string, remedy: string): void {
  const { schema } = namesIn(value);
  if (READ.includes(schema)) return;
  const problem =
    otherVersion(value, "fit", READ) ??
    (schema === undefined
      ? `is JSON, but no fit file (it has no "schema": "mixlaw/fit@2"): ${remedy}`
      : `is a ${JSON.stringify(schema)} file and no fit file: ${remedy}`);
  throw new InputError(`${source} ${problem}`, { file: source });
}
