/** Formulas for any table: a response and inputs that need be no losses and no counts. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { type RunsOptions, USUAL_COLUMNS } from "../data/runs/runs-options.ts";
import { toRuns } from "../data/runs/runs.ts";
import { type Column, rowPlace, type Table, toNumber } from "../data/table/cells.ts";
import { columnOf, pickColumns } from "../data/table/columns.ts";
import { lawFromFormula } from "../laws/formula/formula.ts";
import type { Law } from "../laws/law.ts";

export interface FormulaProblemOptions {
  /** The response's column. Default: what the formula's left side names. */
  readonly response?: string;
  /** Columns that the formula reads. Default: those of its names that are columns. */
  readonly inputs?: readonly string[];
  /** The law's name. Default "formula". */
  readonly name?: string;
  /** Rows, weights and groups; roles of columns as for other fits. */
  readonly runs?: RunsOptions;
}

/** A law made from a formula, and the runs to fit it to. */
export interface FormulaProblem {
  readonly law: Law;
  readonly runs: Runs;
}

/**
 * The law of a formula and the runs of a table for it. The left side may be the response or a
 * function of it ("log(y) = …"), which is then what is fitted. Unlike the parameters of a law's
 * formula these have any sign, and no bounds, and nothing is assumed of their size.
 *
 * @throws InputError that points into the formula or names the column.
 * @example formulaProblem(table, "y = b1*(1 - exp(-b2*x))") // b1 and b2 are parameters, since the
 *   table has no such columns
 */
export function formulaProblem(
  table: Table,
  formula: string,
  options: FormulaProblemOptions = {},
): FormulaProblem {
  const at = formula.indexOf("=");
  const right = formula.slice(at + 1);
  const response = responseOf(at < 0 ? "" : formula.slice(0, at), options.response);
  const column = columnOf(
    table,
    response.column,
    options.response === undefined ? "formula" : "response",
  );
  const mapped = options.runs?.inputs ?? {};
  const read = options.inputs ?? columnsIn(right, table).filter((name) => name !== column.name);
  const inputs = [...new Set([...read, ...Object.keys(mapped)])];
  const letters = lettersIn(right, table, options.runs).filter((name) => !inputs.includes(name));
  const law = freeLaw(right, { inputs, letters, name: options.name });
  const { uses } = law;
  const runs = toRuns(withResponse(table, column, response), {
    ...options.runs,
    targets: response.label,
    inputs: { ...Object.fromEntries(inputs.map((name) => [name, name])), ...mapped },
    need: {
      params: uses.params,
      tokens: uses.tokens,
      weights: uses.weights,
      inputs: (uses.inputs ?? []).map((input) => input.name),
      supply: uses.supply === true,
    },
  });
  return { law, runs };
}

/** What is fitted. */
interface Response {
  readonly column: string;
  /** How the fitted column is called: "y", or "log(y)". */
  readonly label: string;
  /** What is fitted in place of the response itself. */
  readonly change?: (y: number) => number;
}

/** What a formula's left side may do to the response. */
const CHANGES: ReadonlyMap<string, (y: number) => number> = new Map([
  ["log", Math.log],
  ["ln", Math.log],
  ["exp", Math.exp],
  ["sqrt", Math.sqrt],
]);

/** The response that the left side of a formula (or, without one, the option) says. */
function responseOf(text: string, asked: string | undefined): Response {
  const fail = (problem: string, path = "formula"): InputError =>
    new InputError(`${option("formula")}: ${problem}`, { option: path });
  const left = text.replaceAll(/\s/g, "");
  const [, outer, inner, plain] = /^(?:(\w+)\((\w+)\)|(\w*))$/.exec(left) ?? [];
  const change = outer === undefined ? undefined : CHANGES.get(outer);
  if (change === undefined && plain === undefined)
    throw fail(`the left side "${left}" must be the response, or log, exp or sqrt of it`);
  const column = asked ?? inner ?? plain ?? "";
  if (column === "")
    throw fail(
      `which column is the response? Write it on the left ("y = …"), or say ${option("response", "COL")}`,
    );
  if (change === undefined) return { column, label: column };
  if (inner !== column)
    throw fail(
      `the left side is of ${inner}, and ${option("response")} is ${column}: name the same column`,
      "response",
    );
  return { column, label: left, change };
}

/** Names in a formula that are columns of the table; not functions, which a bracket follows. */
const columnsIn = (formula: string, table: Table): string[] =>
  namesIn(formula).filter((name) => table.columns.has(name));

const namesIn = (formula: string): string[] =>
  formula.match(/[\p{L}_][\p{L}\p{N}_]*(?![\p{L}\p{N}_]|\s*\()/gu) ?? [];

/**
 * Names in a formula that usually stand for a column (h for the shares, N and D for the sizes) and
 * of which the table has no such column: they are parameters like any other. `h[i]` is a share
 * whatever the table has.
 */
function lettersIn(formula: string, table: Table, roles: RunsOptions = {}): string[] {
  const { params, tokens, weights, inputs = {} } = roles;
  const has = (input: "params" | "tokens", column: string | undefined): boolean =>
    column !== undefined || Object.hasOwn(inputs, input) || table.columns.has(USUAL_COLUMNS[input]);
  const hasShares =
    weights !== undefined ||
    /(?<![\p{L}\p{N}_])h\s*\[/u.test(formula) ||
    pickColumns(table, USUAL_COLUMNS.weights, "weights", true).length > 0;
  const hasSupply =
    roles.available !== undefined ||
    roles.supply !== undefined ||
    pickColumns(table, USUAL_COLUMNS.supply, "supply", true).length > 0;
  const meant: readonly (readonly [string, boolean])[] = [
    ["h", hasShares],
    ["u", hasSupply],
    ["N", has("params", params)],
    ["D", has("tokens", tokens)],
  ];
  const names = new Set(namesIn(formula));
  return meant.flatMap(([letter, isMeant]) => (names.has(letter) && !isMeant ? [letter] : []));
}

/** The law of a formula whose parameters may be anything. `letters`: parameters for certain. */
function freeLaw(
  formula: string,
  {
    inputs,
    letters,
    name,
  }: {
    readonly inputs: readonly string[];
    readonly letters: readonly string[];
    readonly name: string | undefined;
  },
): Law {
  const withFree = (parameters: readonly string[]): Law =>
    lawFromFormula(formula, {
      name,
      inputs,
      origin: option("formula"),
      parameters: Object.fromEntries(
        parameters.map((parameter) => [parameter, { chart: "free", bounds: [null, null] }]),
      ),
    });
  // The first time tells the names of the parameters.
  return withFree(Object.keys(withFree(letters).parameters({ signs: "positive" })));
}

/**
 * The table with the column of a target that the left side of a formula made of another column,
 * "log(y)"; the table itself where it has a column of that name.
 */
export function withTarget(table: Table, target: string): Table {
  const [, outer, inner] = /^(\w+)\((\w+)\)$/.exec(target) ?? [];
  const change = CHANGES.get(outer ?? "");
  const column = table.columns.get(inner ?? "");
  if (table.columns.has(target) || change === undefined || column === undefined) return table;
  return withResponse(table, column, { column: column.name, label: target, change });
}

/** The table with a column of what is fitted, where that is a function of the response. */
function withResponse(table: Table, column: Column, { label, change }: Response): Table {
  if (change === undefined) return table;
  const cells = column.cells.map((cell, row) => {
    if (cell === null) return null;
    const value = change(toNumber(cell) ?? NaN);
    if (Number.isFinite(value)) return value;
    throw new InputError(
      `${rowPlace(table, row)}, column "${column.name}": ${label} of ${String(cell)} is no finite number: correct it, or fit ${column.name} itself`,
      { file: table.source, row: row + 1, column: column.name },
    );
  });
  return { ...table, columns: new Map([...table.columns, [label, { name: label, cells }]]) };
}
