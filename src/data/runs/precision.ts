/** How precise each loss is: columns of standard deviations, of 95 % intervals, or of weights. */
import { firstOf, lastOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { type Column, rowPlace, type Table } from "../table/cells.ts";
import { nameInFilter } from "../filter/write-filter.ts";
import { columnOf, type Pick } from "../table/columns.ts";
import { type ChosenRows, dropRows } from "../filter/drop-rows.ts";
import { knownNames, listReadings, onlyReading, quoted } from "../../syntax/names.ts";
import { normalQuantile } from "../../stats/normal.ts";

/** Where the standard deviation of a target's losses comes from. */
export type Precision =
  | { readonly kind: "sigma"; readonly column: Column }
  | { readonly kind: "interval"; readonly low: Column; readonly high: Column };

/** Half of a normal 95 % interval, in standard deviations. */
export const HALF_WIDTH = normalQuantile(0.975);

/** The names of the columns that it is read from. */
export const namesIn = (precision: Precision): readonly string[] =>
  precision.kind === "sigma" ? [precision.column.name] : [precision.low.name, precision.high.name];

/**
 * The columns that `--sigma` names for a target: one column of standard deviations, or two with the
 * ends of a 95 % interval ("lo,hi"). A `*` stands for the target's name without "loss_".
 *
 * @example precisionOf(table, "ci95lo_*,ci95hi_*", target) // for loss_c4_val: the columns
 *   ci95lo_c4_val and ci95hi_c4_val
 * @throws InputError for columns that are not there.
 */
export function precisionOf(table: Table, text: string, target: Pick): Precision {
  const names = namesOf(table, text, target);
  if (names.length > 2 || names.some((name) => name === ""))
    throw new InputError(
      `${option("sigma")} is ${JSON.stringify(text)}; it must be one column of standard deviations, or two with the ends of 95 % intervals: 'ci95lo_*,ci95hi_*'`,
      { option: "sigma" },
    );
  const columns = names.map((name) => columnOf(table, name, "sigma"));
  return columns.length === 1
    ? { kind: "sigma", column: firstOf(columns) }
    : { kind: "interval", low: firstOf(columns), high: lastOf(columns) };
}

/** The columns that `--sigma` names for some targets, as far as they are there. */
export const precisionColumns = (
  table: Table,
  text: string,
  targets: readonly Pick[],
): ReadonlySet<Column> =>
  new Set(
    targets.flatMap((target) =>
      namesOf(table, text, target).flatMap((name) => table.columns.get(name) ?? []),
    ),
  );

/** The names that `--sigma` stands for, for one target. */
function namesOf(table: Table, text: string, target: Pick): readonly string[] {
  const stem = target.column.name.replace(/^loss_/, "");
  const known = knownNames(new Set(table.columns.keys()));
  const list = text.replaceAll("*", stem);
  return (
    onlyReading(
      option("sigma"),
      text,
      {
        known: () => listReadings(list, ",", known, "refused"),
        plain: () => [list.split(",").map((name) => name.trim())],
      },
      (read) => read.map(quoted).join(","),
    ) ?? []
  );
}

/**
 * The standard deviation in one row.
 *
 * @param read the number in a column's cell of that row
 * @throws InputError for one that is not above 0.
 */
export function sigmaAt(
  reading: ChosenRows & { readonly table: Table },
  precision: Precision,
  row: number,
  read: (column: Column) => number,
): number {
  const { table } = reading;
  const sigma =
    precision.kind === "sigma"
      ? read(precision.column)
      : (read(precision.high) - read(precision.low)) / (2 * HALF_WIDTH);
  if (sigma > 0) return sigma;
  const { name, what, drop } =
    precision.kind === "sigma"
      ? {
          name: precision.column.name,
          what: `the standard deviation ${sigma}`,
          drop: dropRows(reading, precision.column, "> 0", "<= 0"),
        }
      : {
          name: `${precision.low.name}" to "${precision.high.name}`,
          what: "the interval's width",
          drop: dropEmptyIntervals(reading, precision),
        };
  throw new InputError(`${rowPlace(table, row)}, column "${name}": ${what} must be above 0: correct it, or ${drop}`, {
    file: table.source, row: row + 1, column: name, option: "sigma",
  }); // prettier-ignore
}

function dropEmptyIntervals(
  reading: ChosenRows,
  { low, high }: Precision & { readonly kind: "interval" },
): string {
  const lower = nameInFilter(low.name);
  return dropRows(reading, high, `> ${lower}`, `<= ${lower}`);
}
