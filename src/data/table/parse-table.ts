/** The bytes of a file → a table. */
import { InputError } from "../../base/errors.ts";
import { sha256Hex } from "../../base/sha256.ts";
import type { Table } from "./cells.ts";
import { type Format, FORMATS } from "./formats.ts";
import { tableOfColumns } from "./table-of-columns.ts";

/**
 * Parses a whole file. Text is UTF-8 with or without a byte order mark, lines end in LF or CRLF;
 * CSV and TSV need a header line; names and text are trimmed; records of JSON may leave keys out (a
 * missing cell). Rows are counted from 1, header and blank lines aside.
 *
 * @param source how messages name the file
 * @throws InputError for an empty file, a missing header, repeated column names, ragged rows,
 *   broken JSON or Parquet.
 * @example const table = await parseTable(bytes, "csv", "runs.csv");
 *   table.columns.get("n_params")?.cells[0] // "1e6"
 */
export async function parseTable(
  bytes: Uint8Array,
  format: Format,
  source: string,
): Promise<Table> {
  if (bytes.length === 0)
    throw new InputError(`${source} is empty: it needs a header and a row for each run`, {
      file: source,
    });
  const columns = await FORMATS[format].read(bytes, source);
  return tableOfColumns(columns, source, () => sha256Hex(bytes));
}
