/** Fit files: what readers rely on is checked, so that a wrong file gives one clear message. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { checkFile, checkNesting, type FileWords, parseJson } from "../../options/parse-file.ts";
import { printable } from "../../options/printable.ts";
import { holdingFits } from "../result/failed-fits.ts";
import type { FitFile } from "../result/fit-file.ts";
import { checkFits } from "./check-fits.ts";
import { FIT_FILE } from "./file-schema.ts";

/** Objects that were found to be fit files: who predicts again and again is checked once. */
const checked = new WeakSet<FitFile>();

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
  checked.add(file);
  return file;
}

/**
 * An object that users of the library hand in as a fit file, found to be one. It stays as it is.
 *
 * @throws InputError that names the part that is wrong, what it is and what it must be.
 */
export function checkedFit(file: FitFile): FitFile {
  if (checked.has(file)) return file;
  const words = { source: "the fit file", remedy: "fit again" };
  checkNesting(file, words);
  checkSchema(file, words.source, words.remedy);
  readFile(file, words);
  checked.add(file);
  return file;
}

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
  const schema =
    typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (schema === "mixlaw/fit@2" || schema === "mixlaw/fit@1") return;
  throw new InputError(`${source} ${whatItIs(schema, remedy)}`, { file: source });
}

function whatItIs(schema: unknown, remedy: string): string {
  if (typeof schema !== "string")
    return `is JSON, but no fit file (it has no "schema": "mixlaw/fit@2"): ${remedy}`;
  const name = printable(schema).slice(0, 100);
  if (/^mixlaw\/fit@\d+$/.test(name))
    return `is a fit file of another version (${name}; this mixlaw reads mixlaw/fit@1 and mixlaw/fit@2): use the mixlaw that wrote it`;
  return `is a ${JSON.stringify(name)} file and no fit file: ${remedy}`;
}
