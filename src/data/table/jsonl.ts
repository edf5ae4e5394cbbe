import { InputError } from "../../base/errors.ts";
import { LONGEST_LINE } from "../bytes/lines.ts";
import type { Column } from "./cells.ts";
import { textFormat, type TableReader } from "./format.ts";
import { Records } from "./records.ts";

/** JSON lines: an object a line. Blank lines are skipped. */
export const jsonl = textFormat(["jsonl", "ndjson"], (source) => new JsonLines(source));

class JsonLines implements TableReader {
  readonly #source: string;
  readonly #records: Records;
  readonly #decoder = new TextDecoder();
  /** A line that has not ended yet. */
  #rest = "";
  #lines = 0;

  constructor(source: string) {
    this.#source = source;
    this.#records = new Records(source, "line");
  }

  push(bytes: Uint8Array): void {
    this.#read(this.#decoder.decode(bytes, { stream: true }), false);
  }

  end(): Column[] {
    this.#read(this.#decoder.decode(), true);
    return this.#records.columns();
  }

  /** Lines end in LF, CRLF or CR; a CR at the end of a piece waits for what follows. */
  #read(piece: string, isLast: boolean): void {
    const text = this.#rest + piece;
    const isOpen = !isLast && text.endsWith("\r");
    const lines = (isOpen ? text.slice(0, -1) : text).split(/\r\n?|\n/);
    this.#rest = isLast ? "" : (lines.pop() ?? "") + (isOpen ? "\r" : "");
    for (const line of lines) {
      this.#lines += 1;
      if (line.trim() !== "") this.#records.addJson(line, this.#lines);
    }
    if (this.#rest.length > LONGEST_LINE)
      throw new InputError(
        `${this.#source}, line ${this.#lines + 1} is longer than ${LONGEST_LINE / 2 ** 20} MiB: each line must be one complete JSON object`,
        { file: this.#source },
      );
  }
}
