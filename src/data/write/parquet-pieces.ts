/** Tables as Parquet, by hyparquet-writer. */
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import {
  cellToWrite,
  type WrittenCell,
  type WrittenTable,
  type WrittenType,
} from "./written-table.ts";

const TYPES = {
  text: "STRING",
  number: "DOUBLE",
  whole: "INT64",
  truth: "BOOLEAN",
} as const satisfies Readonly<Record<WrittenType, BasicType>>;

/** Rows of a row group. */
const GROUP = 100_000;

/** 64-bit integers are bigints there. */
const stored = (cell: WrittenCell, type: WrittenType): WrittenCell | bigint =>
  type === "whole" && typeof cell === "number" ? BigInt(cell) : cell;

/**
 * A table as the bytes of a Parquet file, piece by piece: Snappy, a piece a row group. The same
 * table gives the same bytes.
 */
export function* parquetPieces({ rows, columns }: WrittenTable): Generator<Uint8Array> {
  const writer = new ByteWriter();
  const named = columns.map(({ name, type }) => ({ name, type: TYPES[type], data: [] }));
  const schema = schemaFromColumnData({ columnData: named });
  const file = new ParquetWriter({ writer, schema, createdBy: "mixlaw" });
  /** What was written since the last piece. */
  const piece = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  for (let from = 0; from < rows; from += GROUP) {
    const length = Math.min(GROUP, rows - from);
    const columnData = columns.map((column) => ({
      name: column.name,
      data: Array.from({ length }, (_, i) => stored(cellToWrite(column, from + i), column.type)),
    }));
    void file.write({ columnData, rowGroupSize: GROUP }); // it waits for nothing: bytes are in memory
    yield piece();
  }
  void file.finish();
  yield piece();
}
