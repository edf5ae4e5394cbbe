/** Long tables, a row a value, as wide ones, a row a run. */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { printable } from "../../options/printable.ts";
import { cellAt, type Cell, type Column, isMissing, rowPlace, type Table } from "../table/cells.ts";
import { columnOf } from "../table/columns.ts";

/** The columns of a long table by what they are. */
interface LongColumns {
  /** Which run a row is of; without it rows are of one run where all their other columns agree. */
  readonly key: Column | undefined;
  readonly kind: Column | undefined;
  readonly name: Column;
  readonly value: Column;
}

/**
 * The wide table of a long one. Each name becomes a column, and rows of one key become one row:
 *
 *   run, kind, name, value with "run,kind,name,value" → run, share_web, share_code, loss_web, …
 *   run, domain, share     with "run,domain,share"    → run, share_web, share_code, …
 *   size, metric, value    with "metric,value"        → size, and a column for each metric
 *
 * Names have their kind before them, or the name of the value's column unless it is "value".
 *
 * @throws InputError for names of columns that are not there, a value that is there twice, and
 *   other
 *   columns that differ between rows of one key.
 */
export function widened(table: Table, long: string): Table {
  const parts = columnsOf(table, long);
  const taken = new Set([parts.key, parts.kind, parts.name, parts.value]);
  const others = [...table.columns.values()].filter((column) => !taken.has(column));
  const groupOf = grouper(table, parts, others);
  const firstRows: number[] = [];
  const values = new Map<string, Map<number, Cell>>();
  const groups = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const label = groupOf(row);
    const group = groups.get(label) ?? groups.size;
    if (group === groups.size) {
      groups.set(label, group);
      firstRows.push(row);
    } else checkSame(table, others, itemAt(firstRows, group), row, parts.key);
    put(table, parts, values, group, row);
  }
  const rows = firstRows.length;
  const kept = [...(parts.key === undefined ? [] : [parts.key]), ...others].map(
    (column): Column => ({
      name: column.name,
      cells: firstRows.map((row) => cellAt(column, row)),
    }),
  );
  const added = [...values].map(([name, cells]): Column => ({
    name,
    cells: firstRows.map((_, group) => cells.get(group) ?? null),
  }));
  const clash = added.find(({ name }) => kept.some((column) => column.name === name));
  if (clash !== undefined)
    throw new InputError(
      `${option("long", long)}: ${table.source} has a column "${clash.name}" already, which is a name in its rows too: rename the column`,
      { file: table.source, column: clash.name, option: "long" },
    );
  return {
    ...table,
    rows,
    columns: new Map([...kept, ...added].map((column) => [column.name, column])),
    notes: [...table.notes, `${table.rows} rows of one value each are ${rows} runs`],
    placeOf: (row) => rowPlace(table, itemAt(firstRows, row)),
  };
}

/** The columns that the option names. */
function columnsOf(table: Table, long: string): LongColumns {
  const names = long.split(",").map((name) => name.trim());
  if (
    names.length < 2 ||
    names.length > 4 ||
    names.includes("") ||
    new Set(names).size < names.length
  )
    throw new InputError(
      `${option("long")} is ${JSON.stringify(long)}; it must be two to four columns, NAME,VALUE or KEY,NAME,VALUE or KEY,KIND,NAME,VALUE, such as run,domain,share`,
      { option: "long" },
    );
  const columns = names.map((name) => columnOf(table, name, "long"));
  const [name, value] = [itemAt(columns, columns.length - 2), itemAt(columns, columns.length - 1)];
  return {
    key: columns.length > 2 ? columns[0] : undefined,
    kind: columns.length > 3 ? columns[1] : undefined,
    name,
    value,
  };
}

/** What tells the runs of rows apart. */
const grouper =
  (table: Table, { key, name }: LongColumns, others: readonly Column[]) =>
  (row: number): string => {
    if (key === undefined) return JSON.stringify(others.map((column) => cellAt(column, row)));
    if (!isMissing(key, row)) return String(cellAt(key, row));
    throw new InputError(
      `${rowPlace(table, row)} has no ${key.name}, which says what run its ${name.name} is of: fill it in`,
      { file: table.source, row: row + 1, column: key.name, option: "long" },
    );
  };

/** Throws an InputError where rows of one run disagree in a column that is no value. */
function checkSame(
  table: Table,
  others: readonly Column[],
  first: number,
  row: number,
  key: Column | undefined,
): void {
  if (key === undefined) return;
  const differing = others.find((column) => cellAt(column, first) !== cellAt(column, row));
  if (differing === undefined) return;
  throw new InputError(
    `${rowPlace(table, row)}, column "${differing.name}": ${String(cellAt(differing, row))}, and ${String(cellAt(differing, first))} in data row ${first + 1} of the same ${key.name}: a run has one value of each column but those that ${option("long")} names; drop the column`,
    { file: table.source, row: row + 1, column: differing.name, option: "long" },
  );
}

/** Puts a row's value into its column. */
function put(
  table: Table,
  { kind, name, value }: LongColumns,
  values: Map<string, Map<number, Cell>>,
  group: number,
  row: number,
): void {
  const label = cellAt(name, row);
  const place = { file: table.source, row: row + 1, column: name.name, option: "long" };
  if (label === null)
    throw new InputError(`${rowPlace(table, row)} has no ${name.name}: fill it in`, place);
  const usual = value.name === "value" ? "" : `${value.name}_`;
  const prefix = kind === undefined ? usual : `${String(cellAt(kind, row))}_`;
  // Cells become a name here: the gate for names is theirs too.
  const column = printable(prefix + String(label));
  const cells = values.get(column) ?? new Map<number, Cell>();
  values.set(column, cells);
  if (cells.has(group))
    throw new InputError(
      `${rowPlace(table, row)}: ${column} is there twice for one run: ${option("long")} needs one value a run and name; leave one out`,
      place,
    );
  cells.set(group, cellAt(value, row));
}
