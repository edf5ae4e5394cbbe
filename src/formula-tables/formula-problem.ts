/** Formulas for any table: a response and inputs that need be no losses and no counts. */
import { type Cell, type Table, toNumber } from "../data/table/cells.ts";
import { columnOf } from "../data/table/columns.ts";
import { toRuns } from "../data/runs/runs.ts";
import type { Runs, RunsOptions } from "../data/runs/run-set.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { Law } from "../laws/law.ts";
import { lawFromFormula } from "../laws/formula/formula.ts";

export interface GeneralOptions {
  /** The response's column. Default: what the formula's left side names. */
  readonly response?: string;
  /** Columns that the formula reads. Default: those of its names that are columns. */
  readonly inputs?: readonly string[];
  /** The law's name. Default "formula". */
  readonly name?: string;
  /** Rows, weights and groups; roles of columns as for other fits. */
  readonly runs?: RunsOptions;
}

export interface General {
  readonly law: Law;
  readonly runs: Runs;
}

/** What a formula's left side may do to the response. */
const SIDES: Readonly<Record<string, (y: number) => number>> = {
  log: Math.log,
  ln: Math.log,
  exp: Math.exp,
  sqrt: Math.sqrt,
};

/**
 * The law of a formula and the runs of a table for it. The left side may be the response or a
 * function of it ("log(y) = …"), which is then what is fitted. Unlike the parameters of a law's
 * formula these have any sign, and no bounds, and nothing is assumed of their size.
 *
 * @throws InputError that points into the formula or names the column.
 * @example generalProblem(table, "y = b1*(1 - exp(-b2*x))") // b1 and b2 are parameters, since the
 *   table has no such columns
 */
export function generalProblem(
  table: Table,
  formula: string,
  options: GeneralOptions = {},
): General {
  const at = formula.indexOf("=");
  const [left, right] =
    at < 0 ? ["", formula] : [formula.slice(0, at).replaceAll(/\s/g, ""), formula.slice(at + 1)];
  const side = /^(?:(\w+)\((\w+)\)|(\w*))$/.exec(left);
  const change = side?.[1] === undefined ? undefined : SIDES[side[1]];
  if (side === null || (side[1] !== undefined && change === undefined))
    throw new InputError(
      `${option("formula")}: the left side "${left}" must be the response, or log, exp or sqrt of it`,
      { option: "formula" },
    );
  const named = side[2] ?? side[3];
  const response = options.response ?? named;
  if (response === undefined || response === "")
    throw new InputError(
      `${option("formula")}: which column is the response? Write it on the left ("y = …"), or say ${option("response", "COL")}`,
      { option: "formula" },
    );
  if (change !== undefined && named !== response)
    throw new InputError(
      `${option("formula")}: the left side is of ${named}, and ${option("response")} is ${response}: name the same column`,
      { option: "response" },
    );
  const column = columnOf(table, response, options.response === undefined ? "formula" : "response");

  const names = right.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  const mapped = options.runs?.inputs ?? {};
  const inputs = [
    ...new Set([
      ...(options.inputs ?? names.filter((name) => table.columns.has(name) && name !== response)),
      ...Object.keys(mapped),
    ]),
  ];
  const make = (parameters: readonly string[]): Law =>
    lawFromFormula(right, {
      name: options.name, inputs, origin: option("formula"),
      parameters: Object.fromEntries(parameters.map((name) => [name, { chart: "free" as const, bounds: [null, null] as const }])),
    }); // prettier-ignore
  const law = make(Object.keys(make([]).parameters({ signs: "positive" })));

  const label = change === undefined ? response : left;
  const columns = new Map(table.columns);
  if (change !== undefined)
    columns.set(label, {
      name: label,
      cells: column.cells.map((cell, row) =>
        transformed(table, cell, row, response, label, change),
      ),
    });
  const { uses } = law;
  const runs = toRuns(
    { ...table, columns },
    {
      ...options.runs,
      targets: label,
      inputs: { ...Object.fromEntries(inputs.map((name) => [name, name])), ...mapped },
      need: {
        params: uses.params,
        tokens: uses.tokens,
        weights: uses.weights,
        inputs: (uses.inputs ?? []).map((input) => input.name),
      },
    },
  );
  return { law, runs };
}

function transformed(
  table: Table,
  cell: Cell,
  row: number,
  response: string,
  label: string,
  change: (y: number) => number,
): Cell {
  if (cell === null) return null;
  const value = change(toNumber(cell) ?? NaN);
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `${table.source}, data row ${row + 1}, column "${response}": ${label} of ${String(cell)} is no finite number: correct it, or fit ${response} itself`,
    { file: table.source, row: row + 1, column: response },
  );
}
