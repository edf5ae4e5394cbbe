/** Cells of a row as the numbers that their columns' roles ask for. */
import { firstOf, itemAt, lastOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { significant } from "../../base/format-number.ts";
import { option } from "../../base/option-text.ts";
import { SUM_TOLERANCE } from "../../options/limits.ts";
import {
  type Cell,
  cellAt,
  type Column,
  isMissing,
  numberAt,
  rowPlace,
  showCell,
  type Table,
} from "../table/cells.ts";
import type { PhaseRoles, Roles } from "./roles.ts";
import { type ChosenRows, dropCells, dropRows, dropSums } from "../filter/drop-rows.ts";

/** Sums nearer to 1 than this differ from it by rounding in their last digits only. */
export const ROUNDING = 1e-9;

/** A table that is being read into runs. */
export interface Reading extends ChosenRows {
  readonly table: Table;
  readonly roles: Roles;
}

/** What programs write for a loss that is infinite. */
const INFINITE = /^[+-]?(inf(inity)?|∞)$/i;

function refuse({ table }: Reading, row: number, column: Column, problem: string): InputError {
  const message = `${rowPlace(table, row)}, column "${column.name}": ${problem}`;
  return new InputError(message, { file: table.source, row: row + 1, column: column.name });
}

/** A finite number. Rows count from 0 here; messages count from 1. */
export function readNumber(reading: Reading, column: Column, row: number): number {
  const value = numberAt(column, row);
  if (value !== undefined) return value;
  const cell = cellAt(column, row);
  const problem = `${showCell(cell)} is not a finite number: ${remedyFor(reading, column, cell)}`;
  throw refuse(reading, row, column, problem);
}

/** What to do about a cell that is no number. */
function remedyFor(reading: Reading, column: Column, cell: Cell): string {
  if (cell === null) return dropRows(reading, column, "is not missing", "is missing");
  if (typeof cell === "string" && /^[+-]?\d+,\d+$/.test(cell))
    return "write a point where the decimal comma is";
  const write = INFINITE.test(String(cell))
    ? "leave the cell empty if the run diverged"
    : "write it like 1000000, 0.5, 1e9 or 7B, leave the cell empty if it is missing";
  return `${write}, or ${dropCells(reading, column)}`;
}

/** A number of parameters or tokens. */
export function readCount(reading: Reading, column: Column, row: number): number {
  const value = readNumber(reading, column, row);
  if (value > 0) return value;
  const drop = dropRows(reading, column, "> 0", "<= 0");
  const problem = `${value} must be above 0 (an absolute count): correct it, or ${drop}`;
  throw refuse(reading, row, column, problem);
}

/** What the row weighs in the objective. */
export function readRowWeight(reading: Reading, column: Column, row: number): number {
  const value = readNumber(reading, column, row);
  if (value >= 0) return value;
  const drop = dropRows(reading, column, ">= 0", "< 0");
  const problem = `the weight ${value} of the row is below 0: correct it, or ${drop}`;
  throw refuse(reading, row, column, problem);
}

/** The label of the block that the row belongs to. */
export function readGroup(reading: Reading, column: Column, row: number): string {
  if (!isMissing(column, row)) return String(cellAt(column, row));
  const drop = dropRows(reading, column, "is not missing", "is missing");
  const problem = `the row has no group: fill it in, ${drop}, or choose another ${option("group")}`;
  throw refuse(reading, row, column, problem);
}

/**
 * The shares of a row, made to sum to 1 where they do so within the tolerance, or whatever their
 * sum where that was asked for, into `shares`; those of each phase by themselves, times its part of
 * the tokens. What they summed to in the table: of phases, what is farthest from 1.
 */
export function readMixture(reading: Reading, row: number, shares: Float64Array): number {
  const { weights, phases } = reading.roles;
  if (phases === undefined) return readShares(reading, row, weights, shares);
  const fractions = readFractions(reading, phases, row);
  const k = phases.domains.length;
  const sums = phases.names.map((_, p) => {
    const own = shares.subarray(p * k, (p + 1) * k);
    const sum = readShares(reading, row, weights.slice(p * k, (p + 1) * k), own);
    for (let i = 0; i < k; i++) own[i] = itemAt(own, i) * itemAt(fractions, p);
    return sum;
  });
  return sums.reduce((most, sum) => (Math.abs(sum - 1) > Math.abs(most - 1) ? sum : most), 1);
}

/** The phases' parts of a row's tokens, made to sum to 1. */
function readFractions(reading: Reading, phases: PhaseRoles, row: number): number[] {
  const { names, fractions } = phases;
  const parts = fractions.map((column, p) => {
    const part = readNumber(reading, column, row);
    if (part > 0 && part < 1) return part;
    const problem = `the phase ${names[p]} has ${part} of the tokens, and each phase has a part between 0 and 1: correct it, or ${option("phases")}`;
    throw refuse(reading, row, column, problem);
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  if (Math.abs(sum - 1) <= SUM_TOLERANCE) return parts.map((part) => part / sum);
  throw refuse(
    reading,
    row,
    firstOf(fractions),
    `the phases' parts of the tokens sum to ${significant(sum, 6)}, not to 1 within ${SUM_TOLERANCE}: correct them, or say "rest" of one in ${option("phases")}`,
  );
}

/** The shares of some columns. */
function readShares(
  reading: Reading,
  row: number,
  weights: Roles["weights"],
  shares: Float64Array,
): number {
  for (let i = 0; i < weights.length; i++)
    shares[i] = readNumber(reading, itemAt(weights, i).column, row);
  const sum = sumOf(shares);
  if (reading.roles.normalize) normalize(reading, row, weights, shares, sum);
  else checkSum(reading, row, weights, shares, sum);
  for (let i = 0; i < shares.length; i++) shares[i] = Math.max(0, itemAt(shares, i));
  const total = sumOf(shares);
  if (total !== 1) for (let i = 0; i < shares.length; i++) shares[i] = itemAt(shares, i) / total;
  return sum;
}

/** Divides shares by their sum. Throws an InputError for one below 0, and where all are 0. */
function normalize(
  reading: Reading,
  row: number,
  weights: Roles["weights"],
  shares: Float64Array,
  sum: number,
): void {
  for (let i = 0; i < shares.length; i++) {
    const weight = itemAt(shares, i);
    if (weight < -ROUNDING)
      throw refuse(reading, row, itemAt(weights, i).column, `the weight ${weight} is below 0: correct it`); // prettier-ignore
    if (!(sum > 0 && sum < Infinity))
      throw refuse(reading, row, itemAt(weights, i).column, `the weights of the row sum to ${sum}, which cannot be made 1: correct it, or ${dropSums(reading, columnsOf(weights), "> 0")}`); // prettier-ignore
    shares[i] = weight / sum;
  }
}

/** Throws an InputError for weights that are not between 0 and 1 or do not sum to 1. */
function checkSum(
  reading: Reading,
  row: number,
  weights: Roles["weights"],
  shares: Float64Array,
  sum: number,
): void {
  const { table, roles } = reading;
  const { targets, phases } = roles;
  // Only runs have these options: points to predict at are to be corrected.
  const arePoints = targets.length === 0;
  for (let i = 0; i < shares.length; i++) {
    const weight = itemAt(shares, i);
    if (weight >= -ROUNDING && weight <= 1 + SUM_TOLERANCE) continue;
    const remedy =
      weight < 0
        ? "correct it"
        : `these weights sum to ${significant(sum, 6)}: if they are percent or counts, ${arePoints ? "divide" : `${option("normalize")} divides`} each row's by their sum`;
    const problem = `the weight ${weight} is not between 0 and 1: ${remedy}`;
    throw refuse(reading, row, itemAt(weights, i).column, problem);
  }
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    const columns = `${weights.length} columns, ${firstOf(weights).column.name} to ${lastOf(weights).column.name}`;
    const remedy = arePoints
      ? "if they are rounded, percent or counts, divide each row's by their sum; else correct the row"
      : `if they are rounded, percent or counts, ${option("normalize")} divides each row's by their sum; else correct the row, ${dropSums(reading, columnsOf(weights), sum < 1 ? `>= ${1 - SUM_TOLERANCE}` : `<= ${1 + SUM_TOLERANCE}`)}, or name the right columns with ${phases === undefined ? `${option("weights")} ('h_*,!h_x' leaves h_x out)` : option("phases")}`;
    const problem = `${rowPlace(table, row)}: the weights (${columns}) sum to ${significant(sum, 6)}, not to 1 within ${SUM_TOLERANCE}: ${remedy}`;
    throw new InputError(problem, {
      file: table.source,
      row: row + 1,
      option: phases === undefined ? "weights" : "phases",
    });
  }
}

const columnsOf = (weights: Roles["weights"]): Column[] => weights.map(({ column }) => column);

function sumOf(shares: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += itemAt(shares, i);
  return sum;
}
