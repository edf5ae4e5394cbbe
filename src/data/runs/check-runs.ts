/**
 * The gate for runs that users of the library hand in as objects: whatever made them, what comes
 * after it relies on their shapes and numbers.
 */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { checkLimit } from "../../options/limits.ts";
import { printable } from "../../options/printable.ts";
import type { Runs, RunSet } from "./run-set.ts";

/** Shares of a row may sum to 1 within this, which is rounding. */
const ROUNDING = 1e-9;
const MOST_ROWS = 2 ** 31 - 1;

/** Whether a number may stand in a column. */
export type Accepts = (value: number) => boolean;

export const isRowNumber: Accepts = (x) => Number.isInteger(x) && x >= 1 && x <= MOST_ROWS;
export const isShare: Accepts = (x) => x >= 0 && x <= 1 + ROUNDING;
export const isLoss: Accepts = (x) => Number.isNaN(x) || Number.isFinite(x);
export const isAboveZero: Accepts = (x) => x > 0 && x < Infinity;
export const isSigma: Accepts = (x) => Number.isNaN(x) || isAboveZero(x);
/** Whether a number may be an input of a name. */
export const isInput = (name: string): Accepts =>
  name === "params" || name === "tokens" ? isAboveZero : Number.isFinite;

/** The first row whose shares do not sum to 1, and their sum; undefined where there is none. */
export function unevenRow(
  shares: Float64Array,
  rows: number,
): { readonly row: number; readonly sum: number } | undefined {
  const domains = shares.length / rows;
  for (let row = 0; row < (domains === 0 ? 0 : rows); row++) {
    let sum = 0;
    for (let i = row * domains; i < (row + 1) * domains; i++) sum += itemAt(shares, i);
    if (!(Math.abs(sum - 1) <= ROUNDING)) return { row, sum };
  }
  return undefined;
}

/**
 * The runs themselves, found to be what their type says.
 *
 * @throws InputError that names the part that is wrong, what it is and what it must be.
 */
export function checkedRuns(runs: Runs): Runs {
  if (!isObject(runs)) throw wrong("runs", "are no object");
  const { source, sha256, domains, targets, train, test, group, dropped, notes } = runs as Loose;
  for (const [name, value] of Object.entries({ source, sha256 }))
    if (typeof value !== "string") throw wrong(name, "is no text");
  if (group !== undefined && typeof group !== "string") throw wrong("group", "is no text");
  checkNames("domains", domains);
  checkLimit("domains", (domains as unknown[]).length, { what: "runs", remedy: "join some" });
  checkNames("targets", targets);
  if (!isTexts(notes)) throw wrong("notes", "is no list of texts");
  if (!Array.isArray(dropped) || !dropped.every(isDropped))
    throw wrong("dropped", "is no list of { reason, rows }");
  checkSet("train", train, runs);
  if (test !== undefined) checkSet("test", test, runs);
  return runs;
}

type Loose = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Loose =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === "string");
const isDropped = (value: unknown): boolean =>
  isObject(value) && typeof value["reason"] === "string" && Number.isInteger(value["rows"]);

const wrong = (part: string, problem: string): InputError =>
  new InputError(
    `runs that were handed in as an object: ${printable(part)} ${problem}. Make runs with ‘toRuns’.`,
  );

function checkNames(part: string, names: unknown): void {
  if (!isTexts(names)) throw wrong(part, "is no list of names");
  for (const [i, name] of names.entries()) {
    const which = `${part}[${i}]`;
    if (name === "" || printable(name) !== name) throw wrong(which, "is no name of one line");
    if (names.indexOf(name) < i) throw wrong(which, `is "${name}", as another is`);
    checkLimit("nameLength", name.length, { what: `runs: ${which}`, remedy: "shorten it" });
  }
}

function checkSet(part: string, set: unknown, { domains, targets }: Runs): void {
  if (!isObject(set)) throw wrong(part, "is no object");
  const { rows, rowNumbers, inputs, weights, losses, sigmas, rowWeights, groups } = set;
  if (typeof rows !== "number" || !isRowNumber(rows))
    throw wrong(`${part}.rows`, `is ${String(rows)}, and no number of rows`);
  const check = (name: string, values: unknown, count: number, accepts: Accepts): void =>
    checkColumn(`${part}.${name}`, values, count, accepts);
  const checkEach = (name: string, columns: unknown, accepts: Accepts): void => {
    if (!Array.isArray(columns) || columns.length !== targets.length)
      throw wrong(`${part}.${name}`, `has not a column for each of ${targets.length} targets`);
    for (const [i, column] of columns.entries()) check(`${name}[${i}]`, column, rows, accepts);
  };
  if (!(rowNumbers instanceof Int32Array)) throw wrong(`${part}.rowNumbers`, "is no Int32Array");
  check("rowNumbers", rowNumbers, rows, isRowNumber);
  if (!isObject(inputs)) throw wrong(`${part}.inputs`, "is no object by name");
  for (const [name, values] of Object.entries(inputs))
    check(`inputs.${name}`, values, rows, isInput(name));
  check("weights", weights, rows * domains.length, isShare);
  const uneven = unevenRow((set as unknown as RunSet).weights, rows);
  if (uneven !== undefined)
    throw wrong(`${part}.weights`, `sum to ${uneven.sum} in row ${uneven.row + 1}, and not to 1`);
  checkEach("losses", losses, isLoss);
  if (sigmas !== undefined) checkEach("sigmas", sigmas, isSigma);
  if (rowWeights !== undefined) check("rowWeights", rowWeights, rows, isAboveZero);
  if (groups !== undefined && !(isTexts(groups) && groups.length === rows))
    throw wrong(`${part}.groups`, `has not a label for each of ${rows} rows`);
}

function checkColumn(where: string, values: unknown, count: number, accepts: Accepts): void {
  if (!(values instanceof Float64Array || values instanceof Int32Array))
    throw wrong(where, "is no Float64Array");
  if (values.length !== count)
    throw wrong(where, `has ${values.length} values, and ${count} are expected`);
  for (let i = 0; i < count; i++)
    if (!accepts(itemAt(values, i)))
      throw wrong(where, `has ${itemAt(values, i)} as value ${i + 1}`);
}
