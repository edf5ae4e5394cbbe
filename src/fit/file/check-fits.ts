/** What only a law can tell of a fit file: bounds of coordinates, lengths of packed numbers. */
import { InputError } from "../../base/errors.ts";
import { checkLimit } from "../../options/limits.ts";
import { ownOf } from "../../base/known.ts";
import type { FileWords } from "../../options/parse-file.ts";
import type { Law } from "../../laws/law.ts";
import type { Coordinate } from "../../laws/parameters/parameters.ts";
import type { Bootstrap, Fit, FitFile } from "../result/fit-file.ts";
import { LISTED_STARTS } from "../search/basins.ts";
import type { KeptSet } from "../result/kept-rows.ts";
import { coordinatesOf, knownLaw } from "./law-of-fit.ts";

/** Throws the InputError for something that a file has at a path. */
type Refuse = (path: string, problem: string) => never;

/** Characters of a number in base64. */
const CHARACTERS = 32 / 3;

/** How many float64 numbers a text in base64 holds; −1 for a text that is none. */
function numbersIn(text: string): number {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return -1;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = (text.length / 4) * 3 - padding;
  return bytes % 8 === 0 ? bytes / 8 : -1;
}

/**
 * Checks every fit against its law. Fits of laws that this version does not know are left to who
 * uses them.
 *
 * @param refuse throws the error for what stands at a path
 */
export function checkFits(file: FitFile, words: FileWords, refuse: Refuse): void {
  const numbers = file.fits.reduce((sum, { bootstrap }) => sum + (bootstrap?.coordinates.length ?? 0) / CHARACTERS, 0); // prettier-ignore
  checkLimit("replicateNumbers", Math.floor(numbers), { what: words.source, remedy: words.remedy, where: { file: words.source } }); // prettier-ignore
  for (const name of Object.keys(file.definitions ?? {})) checkDefinition(file, name, refuse);
  for (const [set, part] of Object.entries({ train: file.rows?.train, test: file.rows?.test }))
    if (part !== undefined) checkRows(part, `rows.${set}`, refuse);
  const pairs = new Set<string>();
  const firstOfLaw = new Map<string, Fit>();
  for (const [i, fit] of file.fits.entries()) {
    const path = `fits.${i}`;
    const pair = JSON.stringify([fit.law, fit.target]);
    if (pairs.has(pair)) refuse(path, `is a second fit of ${fit.law} to ${fit.target}`);
    pairs.add(pair);
    const first = firstOfLaw.get(fit.law);
    if (first === undefined) firstOfLaw.set(fit.law, fit);
    else checkAlike(fit, first, `${path}.parameters`, refuse);
    const law = knownLaw(file, fit.law);
    if (law !== undefined) checkFit(file, fit, law, path, refuse);
  }
}

/** What is wrong with a formula is said in one line. */
function checkDefinition(file: FitFile, name: string, refuse: Refuse): void {
  try {
    knownLaw(file, name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    refuse(`definitions.${name}`, `is no law: ${error.message.split("\n")[0] ?? ""}`);
  }
}

/** Kept columns have a number for each row. What they hold is checked where it is read. */
function checkRows(set: KeptSet, path: string, refuse: Refuse): void {
  const { count, rowNumbers, rowWeights, groups } = set;
  checkNumbers(rowNumbers, count, `${path}.rowNumbers`, refuse);
  if (rowWeights !== undefined) checkNumbers(rowWeights, count, `${path}.rowWeights`, refuse);
  if (groups !== undefined) checkNumbers(groups.places, count, `${path}.groups.places`, refuse);
  for (const part of ["inputs", "shares", "losses", "sigmas"] as const)
    for (const [name, column] of Object.entries(set[part] ?? {}))
      checkNumbers(column, count, `${path}.${part}.${name}`, refuse);
}

function checkFit(file: FitFile, fit: Fit, law: Law, path: string, refuse: Refuse): void {
  const coordinates = coordinatesIn(file, fit, law, path, refuse);
  const { length } = coordinates;
  for (const {
    name,
    bounds: [low, high],
  } of coordinates) {
    const value = ownOf(fit.coordinates, name);
    const where = `${path}.coordinates.${name}`;
    if (value === undefined) refuse(where, `is not there; the law ${fit.law} has it`);
    else if (!(value >= low && value <= high))
      refuse(where, `is ${value}; the law ${fit.law} has it from ${low} to ${high}`);
  }
  const known = new Set(coordinates.map(({ name }) => name));
  const strange = Object.keys(fit.coordinates).find((name) => !known.has(name));
  if (strange !== undefined)
    refuse(`${path}.coordinates.${strange}`, `is there; the law ${fit.law} has none of that name`);
  const { bootstrap, covariance, search } = fit;
  const { objectives, followed = 0 } = search;
  if (objectives !== undefined)
    checkNumbers(
      objectives,
      Math.min(followed, LISTED_STARTS),
      `${path}.search.objectives`,
      refuse,
    );
  for (const [part, values] of [
    ["standardErrors", fit.standardErrors],
    ["bootstrap.standardErrors", bootstrap?.standardErrors],
    ["bootstrap.parameters", bootstrap?.parameters],
  ] as const)
    if (values !== undefined && values !== null)
      checkNames(values, fit.parameters, `${path}.${part}`, refuse);
  if (bootstrap !== null) checkReplicates(bootstrap, length, `${path}.bootstrap`, refuse);
  if (covariance !== undefined)
    checkNumbers(covariance, (length * (length + 1)) / 2, `${path}.covariance`, refuse);
}

/** Fits of one law have the same parameters. */
function checkAlike({ law, parameters }: Fit, first: Fit, path: string, refuse: Refuse): void {
  checkNames(parameters, first.parameters, path, refuse);
  const strange = Object.keys(parameters).find((name) => !Object.hasOwn(first.parameters, name));
  if (strange !== undefined)
    refuse(`${path}.${strange}`, `is there; the first fit of ${law} has none of that name`);
}

/** What is told of parameters is told of each, and of each domain where there is one a domain. */
function checkNames(told: object, parameters: object, path: string, refuse: Refuse): void {
  for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
    const own: unknown = Object.hasOwn(told, name) ? Reflect.get(told, name) : undefined;
    if (own === undefined) refuse(path, `lacks ${JSON.stringify(name)}`);
    const byDomain = (x: unknown): x is object =>
      typeof x === "object" && x !== null && !Array.isArray(x);
    if (byDomain(value) !== byDomain(own) && own !== null && value !== null)
      refuse(`${path}.${name}`, "is by domain where the parameter is not, or the other way round");
    if (byDomain(value) && byDomain(own)) checkNames(own, value, `${path}.${name}`, refuse);
  }
}

/** The coordinates of a fit. What its law says against the file's settings is said of the file. */
function coordinatesIn(
  file: FitFile,
  fit: Fit,
  law: Law,
  path: string,
  refuse: Refuse,
): readonly Coordinate[] {
  try {
    return coordinatesOf(file, fit, law);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return refuse(path, `cannot be: ${error.message.split("\n")[0] ?? ""}`);
  }
}

function checkReplicates(
  { replicates, interval, coordinates, jackknife }: Bootstrap,
  size: number,
  path: string,
  refuse: Refuse,
): void {
  checkNumbers(coordinates, replicates * size, `${path}.coordinates`, refuse);
  const left = numbersIn(jackknife);
  const isWhole = size === 0 ? left === 0 : left % size === 0;
  if (left < 0 || !isWhole)
    refuse(`${path}.jackknife`, `holds no float64 numbers in base64, ${size} for each block`);
  if (interval === "bca" && left === 0 && size > 0)
    refuse(`${path}.jackknife`, "is empty; intervals of the kind bca are made from it");
}

function checkNumbers(text: string, count: number, path: string, refuse: Refuse): void {
  const found = numbersIn(text);
  if (found === count) return;
  const what = found < 0 ? "is no base64 of float64 numbers" : `holds ${found} numbers`;
  refuse(path, `${what}; it must hold ${count}`);
}
