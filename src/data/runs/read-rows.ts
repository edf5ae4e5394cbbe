/** Rows of a table → runs packed for computing. */
import { itemAt } from "../../base/known.ts";
import type { Column, Table } from "../table/cells.ts";
import type { Roles } from "./column-roles.ts";
import { sigmaAt } from "./precision.ts";
import {
  readCount,
  readGroup,
  readMixture,
  readNumber,
  readRowWeight,
  ROUNDING,
} from "./read-cells.ts";
import type { RunSet } from "./run-set.ts";

/** Packed rows, and what happened on the way. */
export interface PackedRows {
  readonly set: RunSet;
  /** Rows left out because a cell is missing, by what it was. */
  readonly missing: Readonly<Record<"input" | "weight" | "loss", number>>;
  /** The columns of inputs and weights with missing cells, each with its count. */
  readonly missingColumns: ReadonlyMap<string, number>;
  /** Rows whose weights did not sum to 1, and the largest deviation. */
  readonly renormalized: { readonly rows: number; readonly largest: number };
}

/** Rows as they are packed: one array a column. */
interface Packing {
  readonly table: Table;
  readonly roles: Roles;
  /** Rows that are used, from 0. */
  readonly rows: number[];
  readonly inputs: readonly number[][];
  /** rows × domains. */
  readonly weights: number[];
  readonly losses: readonly number[][];
  readonly sigmas: readonly number[][];
  readonly rowWeights: number[];
  readonly groups: string[];
  readonly missing: Record<"input" | "weight" | "loss", number>;
  readonly missingColumns: Map<string, number>;
  readonly renormalized: { rows: number; largest: number };
}

/**
 * Reads, checks and packs rows of a table (from 0). Rows with a missing input or weight, or without
 * any loss, are left out and counted.
 *
 * @throws InputError naming file, row and column for text in place of a number and for numbers out
 *   of range.
 */
export function packRows(table: Table, roles: Roles, rows: readonly number[]): PackedRows {
  const packing: Packing = {
    table,
    roles,
    rows: [],
    inputs: roles.inputs.map(() => []),
    weights: [],
    losses: roles.targets.map(() => []),
    sigmas: roles.targets.map(() => []),
    rowWeights: [],
    groups: [],
    missing: { input: 0, weight: 0, loss: 0 },
    missingColumns: new Map(),
    renormalized: { rows: 0, largest: 0 },
  };
  for (const row of rows) if (isComplete(packing, row)) addRow(packing, row);
  const { missing, missingColumns, renormalized } = packing;
  return { set: runSetOf(packing), missing, missingColumns, renormalized };
}

/** Whether a row has what it needs; what is missing is counted. */
function isComplete({ roles, missing, missingColumns }: Packing, row: number): boolean {
  for (const [kind, needed] of [
    ["input", roles.inputs],
    ["weight", roles.weights],
  ] as const) {
    const empty = needed.filter(({ column }) => column.cells[row] === null);
    for (const { column } of empty)
      missingColumns.set(column.name, (missingColumns.get(column.name) ?? 0) + 1);
    if (empty.length === 0) continue;
    missing[kind] += 1;
    return false;
  }
  const { targets } = roles;
  const measured = targets.length === 0 || targets.some(({ column }) => column.cells[row] !== null);
  if (!measured) missing.loss += 1;
  return measured;
}

function addRow({ table, roles, renormalized, ...packing }: Packing, row: number): void {
  const number = (column: Column): number => readNumber(table, column, row);
  packing.rows.push(row);
  for (const [i, { column, positive, unit }] of roles.inputs.entries()) {
    const value = positive ? readCount(table, column, row) : number(column);
    itemAt(packing.inputs, i).push(value * unit);
  }
  if (roles.weights.length > 0) {
    const { shares, deviation } = readMixture(table, roles, row);
    packing.weights.push(...shares);
    if (deviation > ROUNDING) renormalized.rows += 1;
    renormalized.largest = Math.max(renormalized.largest, deviation);
  }
  for (const [t, { column, precision }] of roles.targets.entries()) {
    const isMissing = column.cells[row] === null;
    itemAt(packing.losses, t).push(isMissing ? NaN : number(column));
    if (precision !== undefined)
      itemAt(packing.sigmas, t).push(isMissing ? NaN : sigmaAt(table, precision, row, number));
  }
  if (roles.rowWeights !== undefined)
    packing.rowWeights.push(readRowWeight(table, roles.rowWeights, row));
  if (roles.group !== undefined) packing.groups.push(readGroup(table, roles.group, row));
}

function runSetOf({ roles, rows, inputs, weights, losses, sigmas, ...packing }: Packing): RunSet {
  return {
    rows: rows.length,
    rowNumbers: Int32Array.from(rows, (row) => row + 1),
    inputs: Object.fromEntries(
      roles.inputs.map(({ name }, i) => [name, Float64Array.from(itemAt(inputs, i))]),
    ),
    weights: Float64Array.from(weights),
    losses: losses.map((values) => Float64Array.from(values)),
    ...(roles.targets.some(({ precision }) => precision !== undefined)
      ? { sigmas: sigmas.map((values) => Float64Array.from(values)) }
      : {}),
    ...(roles.rowWeights === undefined
      ? {}
      : { rowWeights: Float64Array.from(packing.rowWeights) }),
    ...(roles.group === undefined ? {} : { groups: packing.groups }),
  };
}
