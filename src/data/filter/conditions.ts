/** Conditions on a table's columns → tests of its rows. */
import type { InputError } from "../../base/errors.ts";
import {
  type Arithmetic, type BinaryOp, children, type ColumnName, type CompareOp, type Condition, type Expression,
} from "../../syntax/tree.ts"; // prettier-ignore
import { type Cell, cellAt, type Column, isMissing, numberAt, toNumber } from "../table/cells.ts";

/** The columns of a table as a condition sees them. */
export interface Columns {
  readonly column: (name: ColumnName) => Column;
  /**
   * The error of a cell that is not what its column is compared with: `wanted`, such as "a number".
   */
  readonly unlike: (column: ColumnName, row: number, wanted: string, remedy: string) => InputError;
}

/** Whether a row (from 0) passes. */
export type RowTest = (row: number) => boolean;

/**
 * The test of a condition. A missing cell makes every comparison false.
 *
 * The test throws an InputError for a cell that is not of the kind it is compared with.
 */
export function rowTest(node: Condition, columns: Columns): RowTest {
  switch (node.kind) {
    case "and": {
      const tests = node.parts.map((part) => rowTest(part, columns));
      return (row) => tests.every((test) => test(row));
    }
    case "or": {
      const tests = node.parts.map((part) => rowTest(part, columns));
      return (row) => tests.some((test) => test(row));
    }
    case "not": {
      const test = rowTest(node.arg, columns);
      return (row) => !test(row);
    }
    case "missing": {
      const value = valueOf(node.value, columns);
      return (row) => value(row) === null;
    }
    case "compare":
      return node.left.kind === "name" && node.right.kind === "name"
        ? columnTest(node.op, node.left, node.right, columns)
        : numberTest(node, columns);
    case "compare-text": {
      const { op, text } = node;
      const column = columns.column(node.column);
      return (row) => !isMissing(column, row) && holds(op, String(cellAt(column, row)), text);
    }
    case "compare-truth":
      return truthTest(node, columns);
  }
}

/** What is missing is null: a cell, or the result of arithmetic on one. */
const valueOf = (node: Arithmetic, columns: Columns): ((row: number) => Cell) => {
  if (node.kind !== "name") return numberOf(node, columns, EARLIER);
  const column = columns.column(node);
  return (row) => cellAt(column, row);
};

const QUOTED = "put quotes around the number to compare as text";
const EARLIER = 'leave such rows out with a condition before this one and "and"';

const isConstant = (node: Expression): boolean =>
  node.kind !== "name" && children(node).every(isConstant);

function numberTest(
  { op, left, right }: Condition & { readonly kind: "compare" },
  columns: Columns,
): RowTest {
  const isEquality = op === "==" || op === "!=";
  const remedy = isEquality && (isConstant(left) || isConstant(right)) ? QUOTED : EARLIER;
  const [a, b] = [numberOf(left, columns, remedy), numberOf(right, columns, remedy)];
  return (row) => {
    const [x, y] = [a(row), b(row)];
    return x !== null && y !== null && holds(op, x, y);
  };
}

/** Two columns are compared as numbers where both cells hold one, else as text. */
function columnTest(op: CompareOp, left: ColumnName, right: ColumnName, columns: Columns): RowTest {
  const [a, b] = [columns.column(left), columns.column(right)];
  const ordered = op !== "==" && op !== "!=";
  return (row) => {
    const [x, y] = [cellAt(a, row), cellAt(b, row)];
    if (x === null || y === null) return false;
    const [m, n] = [asNumber(x), asNumber(y)];
    if (m !== undefined && n !== undefined) return holds(op, m, n);
    if (ordered && (m === undefined) !== (n === undefined))
      throw columns.unlike(m === undefined ? left : right, row, "a number like the other", EARLIER);
    return holds(op, String(x), String(y));
  };
}

function truthTest(
  { op, column: name, value }: Condition & { readonly kind: "compare-truth" },
  columns: Columns,
): RowTest {
  const column = columns.column(name);
  return (row) => {
    const cell = cellAt(column, row);
    if (cell === null) return false;
    const truth = TRUTHS.get(String(cell).toLowerCase());
    if (truth === undefined)
      throw columns.unlike(name, row, "true or false", "compare it with a number or quoted text");
    return holds(op, truth, value);
  };
}

/** pandas writes True and False, databases 1 and 0. */
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

const INFINITE = /^([+-]?)inf(inity)?$/i;

/** True counts as 1, as in databases; inf is above every number, so that a limit leaves it out. */
function asNumber(cell: Cell): number | undefined {
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell === "number") return cell; // Parquet and JSON have infinite ones
  const [, sign] = typeof cell === "string" ? (INFINITE.exec(cell) ?? []) : [];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  return toNumber(cell);
}

const CALCULATE: Readonly<Record<BinaryOp, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

/** Arithmetic row by row: null where a cell is missing or there is no result, such as 0/0. */
function numberOf(
  node: Arithmetic,
  columns: Columns,
  remedy: string,
): (row: number) => number | null {
  switch (node.kind) {
    case "number":
      return () => node.value;
    case "name": {
      const column = columns.column(node);
      return (row) => {
        if (isMissing(column, row)) return null;
        const value = numberAt(column, row) ?? asNumber(cellAt(column, row));
        if (value === undefined) throw columns.unlike(node, row, "a number", remedy);
        return value;
      };
    }
    case "negate": {
      const value = numberOf(node.arg, columns, remedy);
      return (row) => {
        const x = value(row);
        return x === null ? null : -x;
      };
    }
    case "binary": {
      const left = numberOf(node.left, columns, remedy);
      const right = numberOf(node.right, columns, remedy);
      const calculate = CALCULATE[node.op];
      return (row) => {
        const [x, y] = [left(row), right(row)];
        const result = x === null || y === null ? NaN : calculate(x, y);
        return Number.isNaN(result) ? null : result;
      };
    }
    case "call":
      throw new Error(`a filter has no functions, and this one calls ${node.name}`);
  }
}

function holds<T extends number | string | boolean>(op: CompareOp, left: T, right: T): boolean {
  switch (op) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
