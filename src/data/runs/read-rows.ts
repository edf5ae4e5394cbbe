/** Rows of a table → runs packed for computing. */
import { itemAt } from "../../base/known.ts";
import { type Column, isMissing, type Table } from "../table/cells.ts";
import type { Roles } from "./roles.ts";
import { sigmaAt } from "./precision.ts";
import {
  readCount,
  readGroup,
  readMixture,
  readNumber,
  readRowWeight,
  type Reading,
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
  /** Rows whose weights did not sum to 1, and what weights summed to. */
  readonly renormalized: { readonly rows: number; readonly least: number; readonly most: number };
}

/** Rows as they are packed: one array a column, with room for all rows that may be used. */
interface Packing extends Reading {
  /** How many rows there are so far. */
  used: number;
  /** Which data row each one is, from 1. */
  readonly rowNumbers: Int32Array;
  readonly inputs: readonly Float64Array[];
  /** rows × domains. */
  readonly weights: Float64Array;
  readonly losses: readonly Float64Array[];
  readonly sigmas: readonly Float64Array[];
  readonly rowWeights: Float64Array;
  readonly groups: string[];
  readonly missing: Record<"input" | "weight" | "loss", number>;
  readonly missingColumns: Map<string, number>;
  readonly renormalized: { rows: number; least: number; most: number };
}

/**
 * Reads, checks and packs rows of a table (from 0) that a filter chose. Rows with a
 * missing input or weight, or without any loss, are left out and counted.
 *
 * @throws InputError naming file, row and column for text in place of a number and for numbers out
 *   of range.
 */
export function packRows(
  table: Table,
  roles: Roles,
  rows: readonly number[],
  filter: Reading["filter"],
): PackedRows {
  const columnOf = (isThere: boolean): Float64Array => new Float64Array(isThere ? rows.length : 0);
  const packing: Packing = {
    table,
    roles,
    filter,
    used: 0,
    rowNumbers: new Int32Array(rows.length),
    inputs: roles.inputs.map(() => columnOf(true)),
    weights: new Float64Array(rows.length * roles.weights.length),
    losses: roles.targets.map(() => columnOf(true)),
    sigmas: roles.targets.map(({ precision }) => columnOf(precision !== undefined)),
    rowWeights: columnOf(roles.rowWeights !== undefined),
    groups: [],
    missing: { input: 0, weight: 0, loss: 0 },
    missingColumns: new Map(),
    renormalized: { rows: 0, least: Infinity, most: -Infinity },
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
    const empty = needed.filter(({ column }) => isMissing(column, row));
    for (const { column } of empty)
      missingColumns.set(column.name, (missingColumns.get(column.name) ?? 0) + 1);
    if (empty.length === 0) continue;
    missing[kind] += 1;
    return false;
  }
  const { targets } = roles;
  const measured = targets.length === 0 || targets.some(({ column }) => !isMissing(column, row));
  if (!measured) missing.loss += 1;
  return measured;
}

function addRow(packing: Packing, row: number): void {
  const { roles, renormalized, used } = packing;
  const number = (column: Column): number => readNumber(packing, column, row);
  packing.rowNumbers[used] = row + 1;
  for (const [i, { column, positive, unit }] of roles.inputs.entries()) {
    const value = positive ? readCount(packing, column, row) : number(column);
    itemAt(packing.inputs, i)[used] = value * unit;
  }
  const domains = roles.weights.length;
  if (domains > 0) {
    const shares = packing.weights.subarray(used * domains, (used + 1) * domains);
    const sum = readMixture(packing, row, shares);
    if (Math.abs(sum - 1) > ROUNDING) renormalized.rows += 1;
    renormalized.least = Math.min(renormalized.least, sum);
    renormalized.most = Math.max(renormalized.most, sum);
  }
  for (const [t, { column, precision }] of roles.targets.entries()) {
    const isEmpty = isMissing(column, row);
    itemAt(packing.losses, t)[used] = isEmpty ? NaN : number(column);
    if (precision !== undefined)
      itemAt(packing.sigmas, t)[used] = isEmpty ? NaN : sigmaAt(packing, precision, row, number);
  }
  if (roles.rowWeights !== undefined)
    packing.rowWeights[used] = readRowWeight(packing, roles.rowWeights, row);
  if (roles.group !== undefined) packing.groups.push(readGroup(packing, roles.group, row));
  packing.used += 1;
}

function runSetOf({ roles, used, rowNumbers, groups, ...packing }: Packing): RunSet {
  // What no row came to use is not kept.
  const cut = <T extends Float64Array | Int32Array>(values: T, width = 1): T =>
    (values.length === used * width ? values : values.slice(0, used * width)) as T;
  const ofRows = (column: Float64Array): Float64Array => cut(column);
  return {
    rows: used,
    rowNumbers: cut(rowNumbers),
    inputs: Object.fromEntries(
      roles.inputs.map(({ name }, i) => [name, ofRows(itemAt(packing.inputs, i))]),
    ),
    weights: cut(packing.weights, roles.weights.length),
    losses: packing.losses.map(ofRows),
    ...(roles.targets.some(({ precision }) => precision !== undefined)
      ? { sigmas: packing.sigmas.map(ofRows) }
      : {}),
    ...(roles.rowWeights === undefined ? {} : { rowWeights: cut(packing.rowWeights) }),
    ...(roles.group === undefined ? {} : { groups }),
  };
}
