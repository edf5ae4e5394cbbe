import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { showCell, toNumber } from "../table/cells.ts";
import { sigmaAt } from "./precision.ts";
import type { Roles } from "./column-roles.ts";
import type { RunSet } from "./run-set.ts";
import type { Column, Table } from "../table/cells.ts";
import { significant } from "../../base/format-number.ts";

/** Packed rows, and what happened on the way. */
export interface Packed {
  readonly set: RunSet;
  /**
   * Rows left out because a cell is missing, by what it was; the columns with missing cells, each
   * with its count.
   */
  readonly missing: Readonly<Record<"input" | "weight" | "loss", number>>;
  readonly missingColumns: ReadonlyMap<string, number>;
  readonly renormalized: { readonly rows: number; readonly largest: number };
}

/** How far a row's weights may sum from 1. */
const sumTolerance = 1e-3;
// Sums nearer to 1 than this differ by rounding in the last digits, which is nothing to tell.
const rounding = 1e-9;

/**
 * Reads, checks and packs rows of a table (from 0). Rows with a missing input or weight, or without
 * any loss, are left out and counted.
 *
 * @throws InputError naming file, row and column for text in place of a number and for numbers out
 *   of range.
 */
export function pack(table: Table, roles: Roles, rows: readonly number[]): Packed {
  const missing = { input: 0, weight: 0, loss: 0 };
  const missingColumns = new Map<string, number>();
  const renormalized = { rows: 0, largest: 0 };
  const kept: number[] = [];
  const inputs: number[][] = roles.inputs.map(() => []);
  const weights: number[] = [];
  const losses: number[][] = roles.targets.map(() => []);
  const sigmas: number[][] = roles.targets.map(() => []);
  const rowWeights: number[] = [];
  const groups: string[] = [];

  for (const row of rows) {
    const read = (column: Column): number => readNumber(table, column, row);
    const lacking = (what: "input" | "weight", columns: readonly { column: Column }[]): boolean => {
      const empty = columns.filter(({ column }) => column.cells[row] === null);
      for (const { column } of empty)
        missingColumns.set(column.name, (missingColumns.get(column.name) ?? 0) + 1);
      if (empty.length > 0) missing[what] += 1;
      return empty.length > 0;
    };
    if (lacking("input", roles.inputs) || lacking("weight", roles.weights)) continue;
    if (
      roles.targets.length > 0 &&
      roles.targets.every(({ column }) => column.cells[row] === null)
    ) {
      missing.loss += 1;
      continue;
    }
    kept.push(row);
    roles.inputs.forEach(({ column, positive }, i) =>
      inputs[i].push(positive ? readCount(table, column, row) : read(column)),
    );
    if (roles.weights.length > 0) {
      const { mixture, deviation } = readMixture(table, roles, row);
      for (const weight of mixture) weights.push(weight);
      if (deviation > rounding) renormalized.rows += 1;
      renormalized.largest = Math.max(renormalized.largest, deviation);
    }
    roles.targets.forEach(({ column }, i) =>
      losses[i].push(column.cells[row] === null ? NaN : read(column)),
    );
    roles.targets.forEach(({ column, precision }, i) => {
      if (precision !== undefined)
        sigmas[i].push(column.cells[row] === null ? NaN : sigmaAt(table, precision, row, read));
    });
    if (roles.rowWeights !== undefined) rowWeights.push(readWeight(table, roles.rowWeights, row));
    if (roles.group !== undefined) groups.push(readGroup(table, roles.group, row));
  }
  const set: RunSet = {
    rows: kept.length,
    rowNumbers: Int32Array.from(kept, (row) => row + 1),
    inputs: Object.fromEntries(
      roles.inputs.map(({ name }, i) => [name, Float64Array.from(inputs[i])]),
    ),
    weights: Float64Array.from(weights),
    losses: losses.map((values) => Float64Array.from(values)),
    ...(roles.targets.some(({ precision }) => precision !== undefined)
      ? { sigmas: sigmas.map((values) => Float64Array.from(values)) }
      : {}),
    ...(roles.rowWeights === undefined ? {} : { rowWeights: Float64Array.from(rowWeights) }),
    ...(roles.group === undefined ? {} : { groups }),
  };
  return { set, missing, missingColumns, renormalized };
}

function refuse(table: Table, row: number, column: Column, problem: string): InputError {
  const message = `${table.source}, data row ${row + 1}, column "${column.name}": ${problem}`;
  return new InputError(message, { file: table.source, row: row + 1, column: column.name });
}

function readNumber(table: Table, column: Column, row: number): number {
  const cell = column.cells[row];
  const value = toNumber(cell);
  if (value !== undefined) return value;
  const remedy = `write it like 1000000, 0.5 or 1e9, leave the cell empty if it is missing, or drop the row with ${option("where")}`;
  throw refuse(table, row, column, `${showCell(cell)} is not a finite number: ${remedy}`);
}

function readCount(table: Table, column: Column, row: number): number {
  const value = readNumber(table, column, row);
  if (value > 0) return value;
  throw refuse(
    table,
    row,
    column,
    `${value} must be above 0 (an absolute count): correct it, or drop the row with ${option("where")}`,
  );
}

function readWeight(table: Table, column: Column, row: number): number {
  const value = readNumber(table, column, row);
  if (value >= 0) return value;
  throw refuse(
    table,
    row,
    column,
    `the weight ${value} of the row is below 0: correct it, or drop the row with ${option("where")}`,
  );
}

function readGroup(table: Table, column: Column, row: number): string {
  const cell = column.cells[row];
  if (cell !== null) return String(cell);
  throw refuse(
    table,
    row,
    column,
    `the row has no group: fill it in, drop the row with ${option("where")}, or choose another ${option("group")}`,
  );
}

function readMixture(
  table: Table,
  roles: Roles,
  row: number,
): { mixture: number[]; deviation: number } {
  const raw = roles.weights.map(({ column }) => readNumber(table, column, row));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  raw.forEach((weight, i) => {
    if (weight >= -rounding && weight <= 1 + sumTolerance) return;
    const remedy =
      weight < 0
        ? "correct it"
        : `these weights sum to ${significant(sum, 6)}: divide each by that`;
    throw refuse(
      table,
      row,
      roles.weights[i].column,
      `the weight ${weight} is not between 0 and 1: ${remedy}`,
    );
  });
  if (Math.abs(sum - 1) > sumTolerance) {
    const columns = `${roles.weights.length} columns, ${roles.weights[0].column.name} to ${roles.weights[roles.weights.length - 1].column.name}`;
    const remedy = `correct the row, drop it with ${option("where")}, or name the right columns with ${option("weights")} ('h_*,!h_x' leaves h_x out)`;
    const problem = `${table.source}, data row ${row + 1}: the weights (${columns}) sum to ${significant(sum, 6)}, not to 1 within ${sumTolerance}: ${remedy}`;
    throw new InputError(problem, { file: table.source, row: row + 1, option: "weights" });
  }
  const clean = raw.map((weight) => Math.max(0, weight));
  const total = clean.reduce((all, weight) => all + weight, 0);
  return {
    mixture: total === 1 ? clean : clean.map((weight) => weight / total),
    deviation: Math.abs(sum - 1),
  };
}
