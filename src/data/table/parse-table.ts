/** The bytes of a file → a table. */
import { InputError } from "../../base/errors.ts";
import { Sha256 } from "../../base/sha256.ts";
import { compressionOf, decompressed } from "../bytes/decompress.ts";
import type { Table } from "./cells.ts";
import { joined } from "../bytes/join.ts";
import type { TableReader } from "./format.ts";
import { type Content, contentOf, type Format, FORMATS } from "./formats.ts";
import { tableOfColumns } from "./table-of-columns.ts";

/** Bytes that are read at once: a string holds them, whatever they are. */
const PIECE = 2 ** 22;

/** What hashes the bytes of a file. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The hash of all bytes, in hexadecimal. */
  hex(): string;
}

/**
 * Parses a whole file. Text is UTF-8 with or without a byte order mark, lines end in LF or CRLF;
 * CSV and TSV need a header line; names and text are trimmed; records of JSON may leave keys out (a
 * missing cell). Rows are counted from 1, header and blank lines aside.
 *
 * @param source the file's name, for messages; what ends in .gz or .zst is unpacked
 * @throws InputError for an empty file, a missing header, repeated column names, ragged rows,
 *   broken JSON or Parquet.
 * @example const table = await parseTable(bytes, "csv", "runs.csv");
 *   table.columns.get("n_params")?.cells[0] // "1e6"
 */
export const parseTable = (bytes: Uint8Array, format: Format, source: string): Promise<Table> =>
  parseChunks(piecesOf(bytes), format, source, new Sha256());

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
}

/**
 * The same of a file that comes piece by piece, of any size. The pieces are not written to, and
 * must not be written to later: formats that are read whole (JSON arrays, Parquet) keep them, and
 * long lines are kept until they end.
 */
export const parseChunks = (
  chunks: Chunks,
  format: Format,
  source: string,
  hasher: Hasher,
): Promise<Table> =>
  parseAs(chunks, { format, compression: compressionOf(source) }, source, hasher);

/** Bytes that must have come before the format of a file without a name is known. */
const LEAST_KNOWN = 4;

/** The same of bytes without a name, whose beginning shows what they are. */
export async function parseUnnamed(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  hasher: Hasher,
): Promise<Table> {
  const pieces = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < LEAST_KNOWN) {
    const next = await pieces.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield* first;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
      yield next.value;
  };
  return parseAs(all(), contentOf(joined(first)), source, hasher);
}

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function parseAs(
  chunks: Chunks,
  { format, compression }: Content,
  source: string,
  hasher: Hasher,
): Promise<Table> {
  const readerFor = (piece: Uint8Array): TableReader =>
    FORMATS[format ?? contentOf(piece).format ?? "csv"].reader(source);
  let reader: TableReader | undefined;
  let isEmpty = true;
  const hashed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      isEmpty &&= chunk.length === 0;
      hasher.update(chunk);
      yield chunk;
    }
  };
  const pieces = compression === undefined ? hashed() : decompressed(hashed(), compression, source);
  for await (const piece of pieces) {
    reader ??= readerFor(piece);
    reader.push(piece);
  }
  if (isEmpty)
    throw new InputError(`${source} is empty: it needs a header and a row for each run`, {
      file: source,
    });
  reader ??= readerFor(new Uint8Array());
  const columns = await reader.end();
  return tableOfColumns(columns, source, () => hasher.hex(), reader.notes);
}
