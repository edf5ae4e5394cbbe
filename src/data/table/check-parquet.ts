/**
 * Parquet files from strangers, checked before hyparquet decodes them: it follows what headers say
 * of sizes and counts, also where that leads it in a circle or out of memory.
 */
import type { ColumnMetaData, FileMetaData, PageHeader, SchemaTree } from "hyparquet";
import { isBomb } from "../bytes/decompress.ts";
import { parquetHeader } from "hyparquet/src/column.js";

/** Cells of a table at most: ten bytes of a file can stand for any number of equal ones. */
const MOST_CELLS = 2e8;
/** What snappy makes of a byte at most, and of none. */
const SNAPPY = { factor: 32, least: 64 } as const;
/** Bytes of one page, unpacked, at most: writers make pages of a megabyte. */
const MOST_PAGE = 2 ** 28;

/**
 * Throws an Error that says what is wrong with a file.
 *
 * @param file all its bytes
 */
export function checkParquet(file: ArrayBuffer, metadata: FileMetaData, schema: SchemaTree): void {
  const chunks = metadata.row_groups.flatMap(({ columns, num_rows }) =>
    columns.map(({ meta_data: chunk }) => ({ chunk, rows: Number(num_rows) })),
  );
  let [cells, unpacked] = [0, 0];
  for (const { chunk, rows } of chunks) {
    const path = pathIn(schema, chunk?.path_in_schema ?? []);
    // hyparquet finds this out when it reads other columns already, whose failures then nobody
    // hears: they would end the process.
    if (chunk === undefined || path === undefined) throw new Error("a column is not in the schema");
    cells += Math.max(rows, Number(chunk.num_values));
    if (rows < 0 || !(cells <= MOST_CELLS))
      throw new Error(`it has more than ${MOST_CELLS} cells, the most that are read`);
    const isFlat = path.every(({ element }) => element.repetition_type !== "REPEATED");
    unpacked += checkPages(file, chunk, isFlat);
    if (isBomb(file.byteLength, unpacked))
      throw new Error("it stands for far more bytes than it has");
  }
}

/** The elements from the root to a column; undefined where there is no such column. */
function pathIn(schema: SchemaTree, names: readonly string[]): SchemaTree[] | undefined {
  const path: SchemaTree[] = [];
  let tree: SchemaTree | undefined = schema;
  for (const name of names) {
    tree = tree.children.find(({ element }) => element.name === name);
    if (tree === undefined) return undefined;
    path.push(tree);
  }
  return path.length === 0 ? undefined : path;
}

/**
 * The bytes that the pages of a column say they are, unpacked. Throws an Error where a page does
 * not lie in the column, or says that it holds too much.
 */
function checkPages(file: ArrayBuffer, chunk: ColumnMetaData, isFlat: boolean): number {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const size = Math.min(Number(chunk.total_compressed_size), file.byteLength - start);
  if (!(start >= 0 && size >= 0)) throw new Error("a column does not lie in the file");
  const reader = { view: new DataView(file, start, size), offset: 0 };
  const all = Number(chunk.num_values);
  let total = 0;
  for (let values = 0; reader.offset < size - 1 && !(isFlat && values >= all);) {
    const page = parquetHeader(reader);
    const [packed, unpacked] = [page.compressed_page_size, page.uncompressed_page_size];
    const inside = Number.isInteger(packed) && packed >= 0 && reader.offset + packed <= size;
    const most = SNAPPY.factor * packed + SNAPPY.least;
    const fits = unpacked >= 0 && unpacked <= MOST_PAGE;
    if (!inside || !fits || (chunk.codec === "SNAPPY" && unpacked > most))
      throw new Error("a page does not lie in its column");
    checkCounts(page, all);
    values += (page.data_page_header ?? page.data_page_header_v2)?.num_values ?? 0;
    reader.offset += packed;
    total += unpacked;
  }
  return total;
}

/** Throws an Error for a page that says of its values what cannot be. */
function checkCounts(page: PageHeader, most: number): void {
  const { dictionary_page_header, data_page_header, data_page_header_v2: second } = page;
  const [packed, unpacked] = [page.compressed_page_size, page.uncompressed_page_size];
  const { num_values = 0 } = dictionary_page_header ?? data_page_header ?? second ?? {};
  // Each value of a dictionary takes a byte or more, or none where all are empty.
  const isCount = (value: number, limit: number): boolean => value >= 0 && value <= limit;
  const levels = second && [second.definition_levels_byte_length, second.repetition_levels_byte_length]; // prettier-ignore
  const holds =
    isCount(num_values, Math.max(most, unpacked)) &&
    (second === undefined || isCount(second.num_nulls, num_values)) &&
    (second === undefined || isCount(second.num_rows, num_values)) &&
    (levels === undefined || levels.every((length) => isCount(length, packed)));
  if (!holds) throw new Error("a page counts its values wrongly");
}
