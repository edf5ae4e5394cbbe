/** Parquet. */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { type Cell, type Column, typedCell } from "./cells.ts";
import { type TableFormat, wholeReader } from "./format.ts";

/** Apache Parquet, by hyparquet. */
export const parquet: TableFormat = {
  endings: ["parquet"],
  reader: (source) => wholeReader((bytes) => readParquet(bytes, source)),
};

/**
 * The columns of a Parquet file. Numbers, booleans and text as they are, 64-bit integers as numbers
 * where exact, dates as ISO text, nested values as JSON text.
 *
 * @throws InputError for broken files and compressions other than snappy or none.
 */
async function readParquet(bytes: Uint8Array, source: string): Promise<Column[]> {
  // hyparquet reads whole buffers, and the bytes may be a window on a larger one: a copy then.
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  const file = isWhole ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer;
  // Loaded for such files alone: every command would wait for it.
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import("hyparquet");
  try {
    const metadata = parquetMetadata(file);
    const names = parquetSchema(metadata).children.map((child) => child.element.name);
    const cells = names.map((): Cell[] => []);
    // One row group after the other: objects of a million rows would fill the memory.
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const records = await parquetReadObjects({ file, metadata, rowStart, rowEnd });
      for (const [n, name] of names.entries())
        for (const record of records) itemAt(cells, n).push(typedCell(record[name]));
      rowStart = rowEnd;
    }
    return names.map((name, n) => ({ name: name.trim(), cells: itemAt(cells, n) }));
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
