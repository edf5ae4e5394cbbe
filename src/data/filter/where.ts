import { type Cell, showCell, toNumber } from "../table/cells.ts";
import {
  type ColumnRef,
  type CompareOp,
  type Filter,
  type Literal,
  parseFilter,
} from "./grammar.ts";
import { filterError } from "./lexer.ts";
import { suggest } from "../../base/wording.ts";
import type { Table } from "../table/cells.ts";

/** A row filter: `--where` and `--test`. */
export interface Where {
  readonly text: string;
  /** The columns it names, each once. */
  readonly columns: readonly string[];
  /** Throws an InputError when the table lacks one of the columns. */
  check(table: Table): void;
  /**
   * Whether the row (from 0) passes. Throws an InputError naming row and column where text meets a
   * number.
   */
  matches(table: Table, row: number): boolean;
}

/**
 * Parses a row filter: comparisons `== != < <= > >=` (`=` and `<>` too) of a column with a number,
 * text in single or double quotes, true or false; `in (a, b)`, `not in`; `and`, `or`, `not`,
 * parentheses. Column names stand bare or in backticks; quotes inside quotes are doubled.
 *
 * A missing cell makes every comparison false, `!=` and `not in` included; so `not (x == 1)` keeps
 * rows without x and `x != 1` does not. A number is compared with numeric cells (true counts as 1),
 * text with the cell as the file wrote it, by UTF-16 code unit.
 *
 * @param flag where the text came from, for messages
 * @throws InputError with carets under the problem.
 * @example parseWhere("split == 'train' and n_params < 1e9").matches(table, 0)
 */
export function parseWhere(text: string, flag = "where"): Where {
  const filter = parseFilter(text, flag);
  const refs = references(filter);

  const cellsOf = (table: Table, ref: ColumnRef): readonly Cell[] => {
    const column = table.columns.get(ref.name);
    if (column !== undefined) return column.cells;
    const problem = `${table.source} has no column "${ref.name}"; ${suggest(ref.name, [...table.columns.keys()], "columns")}`;
    throw filterError(problem, text, ref, flag, { file: table.source, column: ref.name });
  };

  const compare = (
    table: Table,
    row: number,
    ref: ColumnRef,
    op: CompareOp,
    value: Literal,
  ): boolean => {
    const cell = cellsOf(table, ref)[row];
    if (cell === null) return false;
    const left = cellLike(value, cell);
    if (left !== undefined) return holds(op, left, value);
    const [what, remedy] =
      typeof value === "number"
        ? ["a number", "put quotes around the number to compare as text"]
        : ["true or false", "compare it with a number or quoted text"];
    const problem = `${table.source}, data row ${row + 1}, column "${ref.name}" holds ${showCell(cell)}, which is not ${what}: ${remedy}`;
    throw filterError(problem, text, ref, flag, {
      file: table.source,
      row: row + 1,
      column: ref.name,
    });
  };

  const evaluate = (node: Filter, table: Table, row: number): boolean => {
    switch (node.kind) {
      case "and":
        return evaluate(node.left, table, row) && evaluate(node.right, table, row);
      case "or":
        return evaluate(node.left, table, row) || evaluate(node.right, table, row);
      case "not":
        return !evaluate(node.of, table, row);
      case "compare":
        return compare(table, row, node.column, node.op, node.value);
      case "in":
        if (cellsOf(table, node.column)[row] === null) return false;
        return (
          node.values.some((value) => compare(table, row, node.column, "==", value)) !==
          node.negated
        );
    }
  };

  return {
    text,
    columns: [...new Set(refs.map((ref) => ref.name))],
    check: (table) => refs.forEach((ref) => void cellsOf(table, ref)),
    matches: (table, row) => evaluate(filter, table, row),
  };
}

function references(node: Filter): ColumnRef[] {
  switch (node.kind) {
    case "and":
    case "or":
      return [...references(node.left), ...references(node.right)];
    case "not":
      return references(node.of);
    case "compare":
    case "in":
      return [node.column];
  }
}

/** The cell in the type of the literal, or undefined when it has none. */
function cellLike(value: Literal, cell: Exclude<Cell, null>): Literal | undefined {
  if (typeof value === "string") return String(cell);
  if (typeof value === "number") return typeof cell === "boolean" ? Number(cell) : toNumber(cell);
  // pandas writes True and False, databases 1 and 0.
  const text = String(cell).toLowerCase();
  return text === "true" || text === "1"
    ? true
    : text === "false" || text === "0"
      ? false
      : undefined;
}

function holds(op: CompareOp, left: Literal, right: Literal): boolean {
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
