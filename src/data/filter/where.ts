/** Row filters as people type them. */
import { InputError, pointAt, type Span } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { nearest, suggest } from "../../base/wording.ts";
import { parseFilter } from "../../syntax/filter.ts";
import { children, type ColumnName, type Condition, type Expression } from "../../syntax/tree.ts";
import { cellAt, rowPlace, showCell, type Table } from "../table/cells.ts";
import { type RowTest, rowTest } from "./conditions.ts";

/** A row filter: `--where` and `--test`. */
export interface Where {
  readonly text: string;
  /** The columns it names, each once. */
  readonly columns: readonly string[];
  /**
   * Whether a row (from 0) of the table passes. Throws an InputError when the table lacks one of
   * the columns; the test throws one naming row and column where text meets a number.
   */
  readonly on: (table: Table) => RowTest;
  /** The conditions that all must hold: one, or those that "and" joins. */
  readonly clauses: readonly Clause[];
}

/** One of the conditions that all must hold. */
export interface Clause extends Pick<Where, "text" | "columns" | "on"> {
  /** The text that a column is compared with, and how; undefined for other conditions. */
  readonly compared: { readonly column: string; readonly text: string } | undefined;
}

/**
 * Parses a row filter: comparisons `== != < <= > >=` (`=` and `<>` too) of columns, numbers (7B and
 * 12% too), arithmetic of both, and text in single or double quotes, true or false; `in (a, b)`,
 * `not in`; `is missing`, `is not missing`; `and`, `or`, `not`, parentheses. Column names stand
 * bare or in backticks; quotes inside quotes are doubled.
 *
 * A missing cell makes every comparison false, `!=` and `not in` included; so `not (x == 1)` keeps
 * rows without x and `x != 1` does not. A number is compared with numeric cells (true counts as 1),
 * text with the cell as the file wrote it, by UTF-16 code unit; a column with a column as numbers
 * where both cells hold one, else as text.
 *
 * @param path the option that the filter is of, for messages
 * @throws InputError with carets under the problem.
 * @example parseWhere("split == 'train' and n_tokens/n_params >= 20").on(table)(0)
 */
export function parseWhere(text: string, path = "where"): Where {
  const fail = (problem: string, at: Span, where: InputError["where"] = {}): InputError =>
    new InputError(`${option(path)}: ${problem}\n${pointAt(text, at)}`, {
      ...where,
      option: path,
    });
  const filter = parseFilter(text, fail);
  const on = (condition: Condition) => (table: Table) =>
    rowTest(condition, {
      column: (column) => {
        const found = table.columns.get(column.name);
        if (found !== undefined) return found;
        throw fail(unknown(column, filter, text, table), column, {
          file: table.source,
          column: column.name,
        });
      },
      unlike: (column, row, wanted, remedy) => {
        const found = table.columns.get(column.name);
        const cell = found === undefined ? null : cellAt(found, row);
        return fail(
          `${rowPlace(table, row)}, column "${column.name}" holds ${showCell(cell)}, which is not ${wanted}: ${remedy}`,
          column,
          { file: table.source, row: row + 1, column: column.name },
        );
      },
    });
  const columns = (condition: Condition): string[] => [
    ...new Set(columnsOf(condition).map((column) => column.name)),
  ];
  return {
    text,
    columns: columns(filter),
    on: on(filter),
    clauses: (filter.kind === "and" ? filter.parts : [filter]).map((part) => ({
      text: text.slice(part.start, part.end),
      columns: columns(part),
      on: on(part),
      compared: part.kind === "compare-text" ? { column: part.column.name, text: part.text } : undefined, // prettier-ignore
    })),
  };
}

const columnsOf = (node: Expression): ColumnName[] =>
  node.kind === "name" ? [node] : children(node).flatMap(columnsOf);

/** What is said of a name that is no column, with what it may have been meant to be. */
function unknown(column: ColumnName, filter: Condition, text: string, table: Table): string {
  const names = [...table.columns.keys()];
  const problem = `${table.source} has no column "${column.name}"`;
  const above = ancestors(filter, column);
  const whole = above
    .map((node) => text.slice(node.start, node.end).replaceAll(/^\(+\s*|\s*\)+$/g, ""))
    .find((slice) => table.columns.has(slice));
  if (whole !== undefined)
    return `${problem}; put backticks around the name of the column: \`${whole}\``;
  const parent = above.at(-1);
  const near = nearest(column.name, names);
  if (parent?.kind !== "compare" || parent.left.kind !== "name" || parent.right.kind !== "name")
    return `${problem}; ${suggest(column.name, names, "columns")}`;
  const meant = near === undefined ? "" : `, or "${near}" if that is the column`;
  return `${problem}: write '${column.name.replaceAll("'", "''")}' if it is text${meant}`;
}

/** The nodes above a node, the outermost first. */
function ancestors(tree: Expression, node: Expression): Expression[] {
  if (tree === node) return [];
  for (const child of children(tree)) {
    if (child === node) return [tree];
    const found = ancestors(child, node);
    if (found.length > 0) return [tree, ...found];
  }
  return [];
}
