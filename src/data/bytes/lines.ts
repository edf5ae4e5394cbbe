/**
 * Lines of cells, read from bytes that come piece by piece. A cell that begins with a quote ends at
 * the next one; a quote inside is written twice, and separators and line ends inside are part of
 * the cell (RFC 4180). Lines end in LF, CRLF or CR.
 */
import { itemAt } from "../../base/known.ts";
import { joined } from "./join.ts";

const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22];

/** Bytes of one line from which on it is none: a quote that nothing ends, or no text at all. */
export const LONGEST_LINE = 2 ** 26;

/** A line of cells; the arrays are used again for the next. */
export interface Line {
  /** Number of cells. */
  count: number;
  bytes: Uint8Array;
  /** Where each cell begins in `bytes`, and where it ends. Quotes around it are not in it. */
  starts: Int32Array;
  ends: Int32Array;
  /** 1 for cells with quotes or line ends in them that `unquoted` has to read. */
  quoted: Uint8Array;
}

const decoder = new TextDecoder();

/** The text of a line's cell `n`, from 0. */
export function textIn({ bytes, starts, ends, quoted }: Line, n: number): string {
  const [start, end] = [itemAt(starts, n), itemAt(ends, n)];
  return decoder.decode(quoted[n] === 0 ? bytes.subarray(start, end) : unquoted(bytes, start, end));
}

/** What is wrong with a line. */
export type Broken = (problem: string) => Error;

/** Cuts bytes into lines of cells and hands them on. */
export class LineReader {
  readonly #delimiter: number;
  readonly #take: (line: Line) => void;
  readonly #broken: Broken;
  /** Bytes of a line that has not ended yet, how many there are, and how many to read them at. */
  #pieces: Uint8Array[] = [];
  #held = 0;
  #wanted = 0;
  readonly #line: Line = {
    count: 0,
    bytes: new Uint8Array(),
    starts: new Int32Array(64),
    ends: new Int32Array(64),
    quoted: new Uint8Array(64),
  };

  /**
   * @param delimiter the sign between cells, of one byte
   * @param take called with each line; it must not keep it
   */
  constructor(delimiter: string, take: (line: Line) => void, broken: Broken) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#take = take;
    this.#broken = broken;
  }

  /** Reads more bytes, which may be kept. */
  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    // A line is read from its beginning again: not before there is twice as much of it.
    if (this.#held < this.#wanted) return;
    const all = joined(this.#pieces);
    const rest = all.slice(this.#readLines(all, false));
    if (rest.length > LONGEST_LINE)
      throw this.#broken(`a line is longer than ${LONGEST_LINE / 2 ** 20} MiB, or a quoted field is unterminated`); // prettier-ignore
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    this.#wanted = 2 * rest.length;
  }

  /** Reads what is left as the last line. */
  end(): void {
    const rest = joined(this.#pieces);
    if (rest.length > 0) this.#readLines(rest, true);
    [this.#pieces, this.#held, this.#wanted] = [[], 0, 0];
  }

  /** Where the first line begins that has not ended. */
  #readLines(bytes: Uint8Array, isLast: boolean): number {
    this.#line.bytes = bytes;
    let at = 0;
    while (at < bytes.length) {
      const next = this.#readLine(at, isLast);
      if (next === undefined) break;
      this.#take(this.#line);
      at = next;
    }
    return at;
  }

  /** Where the line that begins at `from` leaves off; undefined where its end has not come yet. */
  #readLine(from: number, isLast: boolean): number | undefined {
    const { bytes } = this.#line;
    const delimiter = this.#delimiter;
    this.#line.count = 0;
    let at = from;
    for (;;) {
      let end: number;
      if (bytes[at] === QUOTE) {
        const after = this.#readQuoted(at, isLast);
        if (after === undefined) return undefined;
        end = after;
      } else {
        end = at;
        let byte = bytes[end];
        while (end < bytes.length && byte !== delimiter && byte !== LF && byte !== CR)
          byte = bytes[++end];
        this.#add(at, end, 0);
      }
      if (end === bytes.length) return isLast ? end : undefined;
      if (bytes[end] === LF) return end + 1;
      if (bytes[end] === CR) {
        if (end + 1 === bytes.length && !isLast) return undefined;
        return bytes[end + 1] === LF ? end + 2 : end + 1;
      }
      at = end + 1;
    }
  }

  /**
   * Adds the quoted cell that begins at `from`. Where what follows it begins: a separator, a line
   * end, or the end of all; undefined where that has not come yet.
   */
  #readQuoted(from: number, isLast: boolean): number | undefined {
    const { bytes } = this.#line;
    let hasMore: 0 | 1 = 0;
    for (let at = from + 1; at < bytes.length; at++) {
      if (bytes[at] === CR) hasMore = 1;
      if (bytes[at] !== QUOTE) continue;
      if (bytes[at + 1] === QUOTE) {
        hasMore = 1;
        at++;
        continue;
      }
      let after = at + 1;
      while (bytes[after] === 0x20 || (bytes[after] === 0x09 && this.#delimiter !== 0x09)) after++;
      if (after === bytes.length && !isLast) return undefined;
      const next = bytes[after];
      if (after < bytes.length && next !== this.#delimiter && next !== LF && next !== CR)
        throw this.#broken("Trailing quote on quoted field is malformed");
      this.#add(from + 1, at, hasMore);
      return after;
    }
    if (isLast) throw this.#broken("Quoted field unterminated");
    return undefined;
  }

  #add(start: number, end: number, quoted: 0 | 1): void {
    const line = this.#line;
    if (line.count === line.starts.length) {
      line.starts = larger(line.starts, new Int32Array(2 * line.count));
      line.ends = larger(line.ends, new Int32Array(2 * line.count));
      line.quoted = larger(line.quoted, new Uint8Array(2 * line.count));
    }
    line.starts[line.count] = start;
    line.ends[line.count] = end;
    line.quoted[line.count] = quoted;
    line.count++;
  }
}

/** The bytes that a cell with quotes or line ends in it stands for. */
export function unquoted(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const cell = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at++;
    if (byte === CR && bytes[at + 1] === LF) continue;
    cell[length++] = byte === CR ? LF : byte;
  }
  return cell.subarray(0, length);
}

function larger<T extends Int32Array | Uint8Array>(small: T, large: T): T {
  large.set(small);
  return large;
}
