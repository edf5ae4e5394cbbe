/** What a format of tables is. */
import { InputError } from "../../base/errors.ts";
import { joined } from "../bytes/join.ts";
import type { Column } from "./cells.ts";

/** Reads one file, whose bytes come piece by piece. Throws InputErrors. */
export interface TableReader {
  push(bytes: Uint8Array): void;
  /** The columns, after the last piece. */
  end(): readonly Column[] | Promise<readonly Column[]>;
  /** Sentences on how the file was read; after the last piece. */
  readonly notes?: readonly string[];
}

/** How the files of one format are known and read. */
export interface TableFormat {
  /** How file names end, without the dot and in lower case; messages name the first. */
  readonly endings: readonly [string, ...string[]];
  /** A reader of a file that is not empty; `source` is how errors name the file. */
  readonly reader: (source: string) => TableReader;
  /**
   * Whether such files are more often something else than a table (settings, results): then they
   * are read as one only where nothing else can stand.
   */
  readonly general?: boolean;
}

/** A format of text: UTF-8 with or without a byte order mark. Readers get the bytes without it. */
export const textFormat = (
  endings: TableFormat["endings"],
  reader: (source: string) => TableReader,
): TableFormat => ({
  endings,
  reader: (source) => new Utf8Reader(reader(source), source),
});

const MARK = [0xef, 0xbb, 0xbf] as const;

/** Checks that bytes are UTF-8 text and more than blank lines, and hands them on. */
class Utf8Reader implements TableReader {
  readonly #reader: TableReader;
  readonly #source: string;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  /** Bytes that may begin a byte order mark; undefined after the place for one. */
  #first: Uint8Array | undefined = new Uint8Array();
  #isBlank = true;

  constructor(reader: TableReader, source: string) {
    [this.#reader, this.#source] = [reader, source];
  }

  push(bytes: Uint8Array): void {
    const text = this.#decoded(bytes);
    // Text in UTF-16 without a mark is such UTF-8.
    if (text.includes("\0")) throw this.#error(NOT_UTF8);
    this.#isBlank &&= text.trim() === "";
    if (this.#first === undefined) return this.#reader.push(bytes);
    const first = joined([this.#first, bytes]);
    this.#first = first.length < MARK.length ? first : undefined;
    if (this.#first !== undefined) return;
    const isMarked = MARK.every((byte, i) => first[i] === byte);
    this.#reader.push(isMarked ? first.subarray(MARK.length) : first);
  }

  get notes(): readonly string[] {
    return this.#reader.notes ?? [];
  }

  end(): readonly Column[] | Promise<readonly Column[]> {
    this.#decoded(undefined);
    if (this.#isBlank)
      throw this.#error("holds only blank lines: it needs a header and a row for each run");
    if (this.#first !== undefined) this.#reader.push(this.#first);
    return this.#reader.end();
  }

  /** The text of the bytes; without any, of what is left. */
  #decoded(bytes: Uint8Array | undefined): string {
    try {
      return this.#decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw this.#error(NOT_UTF8);
    }
  }

  #error(problem: string): InputError {
    return new InputError(`${this.#source} ${problem}`, { file: this.#source });
  }
}

const NOT_UTF8 =
  'is not UTF-8 text: save it as UTF-8 (Excel: "CSV UTF-8"; its "Unicode Text" is UTF-16); a Parquet file must end in .parquet, a compressed one in .gz or .zst';

/** Bytes of text that fit into one string, of which V8 allows 2²⁹ − 24 characters. */
const MOST_TEXT = 2 ** 29 - 24;

/** The text with the byte order mark removed and every line end made a plain LF. */
export function textOf(bytes: Uint8Array, source: string): string {
  if (bytes.length > MOST_TEXT)
    throw new InputError(
      `${source} has ${Math.ceil(bytes.length / 1e6)} MB, too many to be read at once: write it as .csv, or as .jsonl with a record a line`,
      { file: source },
    );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    throw new InputError(`${source} ${NOT_UTF8}`, { file: source });
  }
}

/** The reader of a format that needs all bytes at once. */
export function wholeReader(
  read: (bytes: Uint8Array) => readonly Column[] | Promise<readonly Column[]>,
): TableReader {
  const pieces: Uint8Array[] = [];
  return {
    push: (bytes) => void pieces.push(bytes),
    end: () => read(joined(pieces)),
  };
}
