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
 * @throws InputError for broken files.
 */
async function readParquet(bytes: Uint8Array, source: string): Promise<Column[]> {
  // hyparquet reads whole buffers, and the bytes may be a window on a larger one: a copy then.
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  const file = isWhole ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer;
  // Loaded for such files alone: every command would wait for it.
  const { parquetMetadata, parquetRead, parquetSchema } = await import("hyparquet");
  const { checkParquet } = await import("./check-parquet.ts");
  const { pageCodecs } = await import("../bytes/page-codecs.ts");
  const compressors = await pageCodecs();
  try {
    const metadata = parquetMetadata(file);
    const schema = parquetSchema(metadata);
    checkParquet(file, metadata, schema);
    const columns = schema.children.map((child) => child.element.name);
    const cells = columns.map((): Cell[] => []);
    /** A row is a list, in the order of the columns: an object has no place for "__proto__". */
    const onComplete = (rows: unknown[][]): void => {
      for (const row of rows)
        for (const [n, column] of cells.entries()) column.push(typedCell(row[n]));
    };
    // One row group after the other: the rows of a million would fill the memory.
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      await parquetRead({ file, metadata, columns, compressors, rowStart, rowEnd, onComplete });
      rowStart = rowEnd;
    }
    return columns.map((name, n) => ({ name: name.trim(), cells: itemAt(cells, n) }));
  } catch (error) {
    throw unreadable(error, source);
  }
}

/** What hyparquet says of a file. Where it stumbles over what is damaged it does not say why. */
function unreadable(error: unknown, source: string): InputError {
  const message = error instanceof Error ? error.message : String(error);
  const isPlain =
    error instanceof Error && error.name === "Error" && !/undefined|NaN/.test(message);
  const detail = isPlain ? message : "it is damaged, or no Parquet file";
  const remedy = /compression codec/.test(detail)
    ? 'write it with compression "zstd", "snappy" or none'
    : "write it again, or convert it to CSV";
  return new InputError(`${source} cannot be read as Parquet (${detail}): ${remedy}`, {
    file: source,
  });
}
