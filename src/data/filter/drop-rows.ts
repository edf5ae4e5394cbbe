/** Remedies that leave rows out: the filter in full, so that it can be pasted. */
import { option } from "../../base/option-text.ts";
import { joined, literal, nameInFilter } from "./write-filter.ts";
import { type Column, cellAt, isMissing, numberAt, rowsOf } from "../table/cells.ts";

/** The filters of rows: which are fitted, and which are held out. */
export interface RowFilters {
  readonly where?: string;
  readonly test?: string;
}

/** Filters, and the option whose filter rows have passed: "test" where they are held out. */
export interface FilteredRows {
  readonly filters: RowFilters;
  readonly filter: "where" | "test";
}

/** How rows that are being read were chosen. */
export interface ChosenRows extends Pick<FilteredRows, "filter"> {
  readonly roles: {
    /** None where the rows are points to predict at. */
    readonly targets: readonly unknown[];
    readonly filters: RowFilters;
  };
}

/** The same for rows whose cells have a bad sum; the good ones are `compared`, such as "> 0". */
export function dropSums(
  reading: ChosenRows,
  columns: readonly Column[],
  compared: string,
): string {
  const sum = columns.map(({ name }) => nameInFilter(name)).join(" + ");
  return dropBy(reading, `${sum} ${compared}`);
}

/**
 * "drop the row with ‘where: loss_val > 0’": the filter keeps what was asked for before, and rows
 * without the column's cell. Points to predict at have no filter: "drop the row".
 *
 * @param good what holds of the column in the rows that stay, such as "> 0"
 * @param bad what holds in the others
 */
export function dropRows(reading: ChosenRows, column: Column, good: string, bad: string): string {
  const name = nameInFilter(column.name);
  const needsMissing = good !== "is not missing" && hasMissing(column);
  return dropBy(reading, needsMissing ? `not (${name} ${bad})` : `${name} ${good}`);
}

/** Filters that name more texts than these would be no remedy. */
const MOST_TEXTS = 4;

/** The same for all of the column's cells that are no numbers. */
export function dropCells(reading: ChosenRows, column: Column): string {
  const texts = new Set<string>();
  for (let row = 0; row < rowsOf(column); row++)
    if (!isMissing(column, row) && numberAt(column, row) === undefined)
      texts.add(String(cellAt(column, row)));
  if (texts.size > MOST_TEXTS)
    return `choose another column (this one has ${texts.size} different cells that are no numbers)`;
  const literals = [...texts].map((text) => literal(text, column.name));
  const [first = ""] = literals;
  const all = `(${literals.join(", ")})`;
  return literals.length === 1
    ? dropRows(reading, column, `!= ${first}`, `== ${first}`)
    : dropRows(reading, column, `not in ${all}`, `in ${all}`);
}

const hasMissing = (column: Column): boolean => {
  for (let row = 0; row < rowsOf(column); row++) if (isMissing(column, row)) return true;
  return false;
};

function dropBy({ roles, filter }: ChosenRows, condition: string): string {
  if (roles.targets.length === 0) return "drop the row";
  return `drop the row with ${filterWith({ filters: roles.filters, filter }, condition)}`;
}

/**
 * The options that let only rows pass of which a condition holds too: "‘where: a > 0’", of rows
 * held out "‘test: big == 1 and a > 0’ and ‘where: a > 0’".
 */
export function filterWith({ filters, filter }: FilteredRows, condition: string): string {
  // Rows that no longer pass the filter of held-out rows would be fitted.
  const names = filter === "test" ? (["test", "where"] as const) : (["where"] as const);
  const parts = names.map((name) => {
    const whole = joined(filters[name], condition);
    // An option is marked by these signs in a message.
    return /[‘’]/.test(whole) ? option(name) : option(name, whole);
  });
  return parts.join(" and ");
}
