/** The formats that tables are written in: the one place that lists them. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { endingOf } from "../table/formats.ts";
import { csvPieces, isRunBySpreadsheets } from "./csv-text.ts";
import { cellToWrite, type WrittenTable } from "./written-table.ts";

/** What a file is made of, in order. */
type Pieces = Iterable<string | Uint8Array>;

interface WrittenFormatRow {
  /** Endings of file names that mean it. */
  readonly endings: readonly string[];
  readonly pieces: (table: WrittenTable) => Pieces | Promise<Pieces>;
}

const csv = ({ rows, columns }: WrittenTable): Pieces =>
  csvPieces(
    columns.map(({ name }) => name),
    rows,
    (row) => columns.map((column) => cellToWrite(column, row)),
  );

/** Records that are text at once. */
const AT_ONCE = 10_000;

/** Records, a line each. */
function* json({ rows, columns }: WrittenTable): Generator<string> {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  const record = (row: number): string =>
    `{${columns.map((column, i) => `${keys[i] ?? ""}: ${JSON.stringify(cellToWrite(column, row))}`).join(", ")}}`;
  yield "[\n";
  for (let from = 0; from < rows; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, rows - from);
    const lines = Array.from({ length }, (_, i) => record(from + i)).join(",\n");
    yield from + length < rows ? `${lines},\n` : `${lines}\n`;
  }
  yield "]\n";
}

/** Loaded for such files alone: every command would wait for it. */
async function parquet(table: WrittenTable): Promise<Pieces> {
  const { parquetPieces } = await import("./parquet-pieces.ts");
  return parquetPieces(table);
}

/** In the order in which help lists them. */
export const WRITTEN_FORMATS = {
  csv: { endings: ["csv"], pieces: csv },
  parquet: { endings: ["parquet"], pieces: parquet },
  json: { endings: ["json"], pieces: json },
} as const satisfies Readonly<Record<string, WrittenFormatRow>>;

/** The name of a format. */
export type WrittenFormat = keyof typeof WRITTEN_FORMATS;

/** Their names. */
export const WRITTEN_FORMAT_NAMES = Object.keys(WRITTEN_FORMATS) as readonly WrittenFormat[];

/** The format that a file's name says; undefined where its ending is none of a format. */
export function writtenFormatOf(path: string): WrittenFormat | undefined {
  const ending = endingOf(path).toLowerCase();
  return WRITTEN_FORMAT_NAMES.find((name) =>
    (WRITTEN_FORMATS[name].endings as readonly string[]).includes(ending),
  );
}

/**
 * A table as a file, in pieces. Numbers have full precision; what is missing or infinite is an
 * empty cell, null in Parquet and JSON.
 *
 * @example for (const piece of await tablePieces(table, "parquet")) file.write(piece);
 */
export const tablePieces = async (table: WrittenTable, format: WrittenFormat): Promise<Pieces> =>
  WRITTEN_FORMATS[format].pieces(table);

/** Throws the InputError for a text in a table that spreadsheets would run as a formula. */
export function checkForSpreadsheets({ rows, columns }: WrittenTable): void {
  const refuse = (text: string): never => {
    throw new InputError(
      `${option("format", "csv")}: ${JSON.stringify(text)} would be run as a formula by spreadsheets: choose ${option("format", "parquet")} or json`,
      { option: "format" },
    );
  };
  for (const column of columns) {
    if (isRunBySpreadsheets(column.name)) refuse(column.name);
    if (column.type !== "text") continue;
    for (let row = 0; row < rows; row++) {
      const cell = column.at(row);
      if (typeof cell === "string" && isRunBySpreadsheets(cell)) refuse(cell);
    }
  }
}
