/** What is said of a filter that no row passes: which condition leaves the rows out, and why. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { count, listed, nearest, shorten } from "../../base/wording.ts";
import { cellAt, numberAt, showCell, type Table } from "../table/cells.ts";
import type { Clause, Where } from "./where.ts";

/**
 * The error for a filter that matches no row: how many rows each of its conditions matches, how
 * many there would be without one of them, and what the columns hold.
 *
 * @param path the option that the filter is of
 */
export function noMatch(table: Table, where: Where, path: string): InputError {
  const matched = where.clauses.map((clause) => matches(table, [clause]));
  const blamed = where.clauses.filter((_, i) => matched[i] === 0);
  const named = new Set((blamed.length > 0 ? blamed : [where]).flatMap((part) => part.columns));
  const sentences = [
    ...(where.clauses.length > 1 ? [alone(where.clauses, matched), ...without(table, where)] : []),
    ...[...named].map((name) => `${name} is ${valuesOf(table, name)}`),
    ...blamed.flatMap((clause) => meant(table, clause)),
  ];
  return new InputError(
    `${option(path)} ${where.text} matches none of the ${count(table.rows, "row")} of ${table.source}: ${sentences.join("; ")}`,
    { file: table.source, option: path },
  );
}

/**
 * How many rows pass all of some conditions; undefined where one of them cannot be asked of every
 * row, since the conditions before it keep it from text.
 */
function matches(table: Table, clauses: readonly Clause[]): number | undefined {
  const tests = clauses.map(({ on }) => on(table));
  let rows = 0;
  try {
    for (let row = 0; row < table.rows; row++) if (tests.every((test) => test(row))) rows += 1;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
  return rows;
}

/** "n_params > 2e7 alone matches 24 rows and n_tokens > 1e15 alone matches none". */
const alone = (clauses: readonly Clause[], matched: readonly (number | undefined)[]): string =>
  listed(
    clauses.flatMap(({ text }, i) => {
      const rows = matched[i];
      if (rows === undefined) return [];
      return [`${text} alone matches ${rows === 0 ? "none" : count(rows, "row")}`];
    }),
  );

/** What would match if one condition were left out; nothing where that does not help. */
function without(table: Table, { clauses }: Where): string[] {
  const rest = clauses.map((clause) => ({
    text: clause.text,
    rows: matches(
      table,
      clauses.filter((other) => other !== clause),
    ),
  }));
  const helping = rest.flatMap(({ text, rows = 0 }) =>
    rows === 0 ? [] : [`${count(rows, "row")} without ${text}`],
  );
  return helping.length === 0 ? [] : [`it matches ${listed(helping)}`];
}

/** The text that was probably meant. */
function meant(table: Table, { compared }: Clause): string[] {
  if (compared === undefined) return [];
  const column = table.columns.get(compared.column);
  const texts = new Set<string>();
  for (let row = 0; column !== undefined && row < table.rows; row++) {
    const cell = cellAt(column, row);
    if (cell !== null) texts.add(String(cell));
  }
  const near = nearest(compared.text, texts);
  return near === undefined ? [] : [`did you mean '${near}'?`];
}

/** Of a column of numbers that has more values than these, the ends are told. */
const MOST_VALUES = 5;

/**
 * The values of a column, the commonest first, such as `"train" (1374), "eval" (36)`; of many
 * numbers their range.
 */
function valuesOf(table: Table, name: string): string {
  const counts = new Map<string, number>();
  const column = table.columns.get(name);
  const numbers: number[] = [];
  for (let row = 0; column !== undefined && row < table.rows; row++) {
    const [cell, value] = [cellAt(column, row), numberAt(column, row)];
    if (value !== undefined) numbers.push(value);
    const key = cell === null ? "missing" : showCell(cell);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const missing = counts.get("missing") ?? 0;
  if (counts.size > MOST_VALUES && numbers.length + missing === table.rows) {
    const [least, most] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))]; // prettier-ignore
    return `${least} to ${most}${missing === 0 ? "" : `, or missing (${missing})`}`;
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return shorten(
    sorted.map(([value, rows]) => `${value} (${rows})`),
    MOST_VALUES,
  );
}
