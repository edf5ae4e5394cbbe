/** What a format of tables is. */
import { InputError } from "../../base/errors.ts";
import type { Column } from "./cells.ts";

/** How the files of one format are known and read. */
export interface TableFormat {
  /** How file names end, without the dot and in lower case; messages name the first. */
  readonly endings: readonly [string, ...string[]];
  /**
   * The columns of a file that is not empty. Throws InputErrors; `source` is how they name the
   * file.
   */
  readonly read: (
    bytes: Uint8Array,
    source: string,
  ) => readonly Column[] | Promise<readonly Column[]>;
  /**
   * Whether such files are more often something else than a table (settings, results): then they
   * are read as one only where nothing else can stand.
   */
  readonly general?: boolean;
}

/** A format of text: UTF-8 with or without a byte order mark, lines that end in LF or CRLF. */
export const textFormat = (
  endings: TableFormat["endings"],
  read: (text: string, source: string) => readonly Column[],
): TableFormat => ({
  endings,
  read: (bytes, source) => {
    const text = textOf(bytes, source);
    if (text.trim() !== "") return read(text, source);
    throw new InputError(
      `${source} holds only blank lines: it needs a header and a row for each run`,
      { file: source },
    );
  },
});

/** The text with the byte order mark removed and every line end made a plain LF. */
export function textOf(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    throw new InputError(
      `${source} is not UTF-8 text: save it as UTF-8; a Parquet file must end in .parquet, a compressed one must be unpacked`,
      { file: source },
    );
  }
}
