/** Parquet. */
import { InputError } from "../../base/errors.ts";
import { type Column, typedCell } from "./cells.ts";
import type { TableFormat } from "./format.ts";

/** Apache Parquet, by hyparquet. */
export const parquet: TableFormat = { endings: ["parquet"], read: readParquet };

/**
 * The columns of a Parquet file. Numbers, booleans and text as they are, 64-bit integers as numbers
 * where exact, dates as ISO text, nested values as JSON text.
 *
 * @throws InputError for broken files and compressions other than snappy or none.
 */
async function readParquet(bytes: Uint8Array, source: string): Promise<Column[]> {
  // A copy: the bytes may be a window on a larger buffer, and hyparquet reads whole buffers.
  const file = new Uint8Array(bytes).buffer;
  // Loaded for such files alone: every command would wait for it.
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import("hyparquet");
  try {
    const metadata = parquetMetadata(file);
    const names = parquetSchema(metadata).children.map((child) => child.element.name);
    const records = await parquetReadObjects({ file, metadata });
    return names.map((name) => ({
      name: name.trim(),
      cells: records.map((record) => typedCell(record[name])),
    }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const remedy = /compression/.test(detail)
      ? 'write it with compression "snappy" or none'
      : "write it again, or convert it to CSV";
    throw new InputError(`${source} cannot be read as Parquet (${detail}): ${remedy}`, {
      file: source,
    });
  }
}
