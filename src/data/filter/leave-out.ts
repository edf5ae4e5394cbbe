/** Remedies that leave rows of runs out, by the columns that the runs come from. */
import { ownOf } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { filterWith, type RowFilters } from "./drop-rows.ts";
import type { CountUnits } from "../../options/count-units.ts";
import { nameInFilter } from "./write-filter.ts";

/** The columns of a table that inputs and the shares of domains come from. */
export interface SourceColumns {
  /** By the name of the input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** By the domain. */
  readonly shares: Readonly<Record<string, string>>;
  /** By the target: the column of its standard deviations, or the two ends of 95 % intervals. */
  readonly sigmas?: Readonly<Record<string, readonly string[]>>;
}

/** Runs, and which set of theirs rows are of. */
export interface RowsOf {
  readonly runs: {
    readonly reading?: RowFilters & { readonly units?: CountUnits };
    readonly columns?: SourceColumns;
  };
  readonly set: "train" | "test";
}

/**
 * The option that leaves rows out, with the whole filter where that can be said.
 *
 * @param condition what holds in the rows that stay; undefined where the columns are not known
 */
export function leavingOut({ runs, set }: RowsOf, condition: string | undefined): string {
  const { where, test } = runs.reading ?? {};
  const filters = {
    ...(where === undefined ? {} : { where }),
    ...(test === undefined ? {} : { test }),
  };
  return condition === undefined
    ? option("where")
    : filterWith({ filters, filter: set === "test" ? "test" : "where" }, condition);
}

/** The column of an input as a filter names it; undefined where it is not known. */
export function inputInFilter({ runs }: RowsOf, input: string): string | undefined {
  const column = ownOf(runs.columns?.inputs, input);
  return column === undefined ? undefined : nameInFilter(column);
}

/** The same of the share of a domain, by its domain. */
export function shareInFilter({ runs }: RowsOf, domain: string): string | undefined {
  const column = ownOf(runs.columns?.shares, domain);
  return column === undefined ? undefined : nameInFilter(column);
}

/** What a number of an input's column stands for. */
export const unitInColumn = ({ runs }: RowsOf, input: string): number => {
  const units = runs.reading?.units;
  return units === undefined || units === "absolute" ? 1 : (ownOf(units, input) ?? 1);
};

/** Shares nearer to each other than this are taken for the same. */
const NEAR = 1e-9;

/** Whether a row has a value of an input; undefined where all rows have it, as it has no column. */
export function inputIs(rows: RowsOf, input: string, value: number): string | undefined {
  const column = inputInFilter(rows, input);
  const unit = unitInColumn(rows, input);
  return column && `${column}${unit === 1 ? "" : ` * ${unit}`} == ${value}`;
}

/** The same of a share, which is the column's part of the sum of all shares in its row. */
export function shareIs(rows: RowsOf, domain: string, value: number): string | undefined {
  const column = shareInFilter(rows, domain);
  const sum = Object.values(rows.runs.columns?.shares ?? {})
    .map(nameInFilter)
    .join(" + ");
  const [least, most] = [value - NEAR, value + NEAR].map((end) => Number(end.toPrecision(12)));
  return column && `${column} / (${sum}) >= ${least} and ${column} / (${sum}) <= ${most}`;
}
