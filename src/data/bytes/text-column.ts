/**
 * A column of a text file as the file wrote it: the bytes of its cells one after the other. A table
 * of a million rows then takes about as much memory as its file; strings would take four times
 * that. A cell becomes text or a number when somebody asks for it.
 */

/** Cells for which a column has room at first. */
const ROOM = { cells: 16, bytes: 128 } as const;

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const [PLUS, MINUS, POINT, LOWER_E, UPPER_E] = [0x2b, 0x2d, 0x2e, 0x65, 0x45];

/** Powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
/** Decimal digits that float64 holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

/** Cells whose bytes become text at once: that takes no longer than for one. */
const NEARBY = 64;

const decoder = new TextDecoder();
/** A character a byte, so that places in the text are those in the bytes. */
const asBytes = new TextDecoder("latin1");

/** Cells of one column; rows are counted from 0. */
export class TextColumn {
  #bytes = new Uint8Array(ROOM.bytes);
  /** Where each cell ends. It begins where the one before ends. */
  #ends = new Uint32Array(ROOM.cells);
  #used = 0;
  #rows = 0;
  /** Text of the cells from row `first` on, which begin at the byte `start`. */
  #nearby = { first: -1, rows: 0, start: 0, text: "" };

  get rows(): number {
    return this.#rows;
  }

  /** Adds the cell that `bytes` hold from `start` up to `end`, in UTF-8, without spaces around. */
  push(bytes: Uint8Array, start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && isSpace(bytes[from])) from++;
    while (to > from && isSpace(bytes[to - 1])) to--;
    this.#makeRoom(to - from);
    const own = this.#bytes;
    let used = this.#used;
    for (let at = from; at < to; at++) own[used++] = bytes[at];
    this.#used = used;
    this.#ends[this.#rows++] = used;
  }

  /** The first byte of a row's cell; undefined where the cell is empty. */
  firstByteAt(row: number): number | undefined {
    const start = this.#startOf(row);
    return start === this.#ends[row] ? undefined : this.#bytes[start];
  }

  /** The cell of a row as text. */
  textAt(row: number): string {
    return decoder.decode(this.#bytes.subarray(this.#startOf(row), this.#ends[row]));
  }

  /** The number that a row's cell is in decimal notation, as `Number` reads it. */
  decimalAt(row: number): number | undefined {
    const [start, end] = [this.#startOf(row), this.#ends[row]];
    const value = decimalIn(this.#bytes, start, end);
    return value === INEXACT ? Number(this.#asciiAt(row)) : value;
  }

  /** The characters of a cell that has no others than ASCII; those of rows nearby come with it. */
  #asciiAt(row: number): string {
    const first = row - (row % NEARBY);
    if (this.#nearby.first !== first || this.#nearby.rows !== this.#rows) {
      const [start, end] = [
        this.#startOf(first),
        this.#ends[Math.min(first + NEARBY, this.#rows) - 1],
      ];
      const text = asBytes.decode(this.#bytes.subarray(start, end));
      this.#nearby = { first, rows: this.#rows, start, text };
    }
    const { start, text } = this.#nearby;
    return text.slice(this.#startOf(row) - start, this.#ends[row] - start);
  }

  #startOf(row: number): number {
    if (!(row >= 0 && row < this.#rows)) throw new RangeError(`there is no row ${row}`);
    return row === 0 ? 0 : this.#ends[row - 1];
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#used + bytes));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    if (this.#rows === this.#ends.length) {
      const larger = new Uint32Array(2 * this.#ends.length);
      larger.set(this.#ends);
      this.#ends = larger;
    }
  }
}

/** What is a decimal number, and cannot be computed exactly from its digits. */
const INEXACT = Infinity;

/**
 * A decimal number of at most 15 digits with a power of ten of at most 22: such digits and powers
 * are exact in float64, so that one multiplication or division rounds as `Number` does (Clinger
 * 1990, "How to read floating point numbers accurately"). `INEXACT` for others, undefined for what
 * is no decimal number.
 */
function decimalIn(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  const isNegative = bytes[at] === MINUS;
  if (at < end && (isNegative || bytes[at] === PLUS)) at++;
  let [value, digits, places] = [0, 0, 0];
  for (; at < end && isDigit(bytes[at]); at++, digits++) value = 10 * value + (bytes[at] - 0x30);
  if (at < end && bytes[at] === POINT) {
    at++;
    for (; at < end && isDigit(bytes[at]); at++, digits++, places++)
      value = 10 * value + (bytes[at] - 0x30);
  }
  if (digits === 0) return undefined;
  let power = -places;
  if (at < end && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
    at++;
    const isBelow = bytes[at] === MINUS;
    if (at < end && (isBelow || bytes[at] === PLUS)) at++;
    if (at === end) return undefined;
    let exponent = 0;
    for (; at < end && isDigit(bytes[at]); at++) exponent = 10 * exponent + (bytes[at] - 0x30);
    power += isBelow ? -exponent : exponent;
  }
  if (at !== end) return undefined;
  if (digits > EXACT_DIGITS || Math.abs(power) >= POWERS.length) return INEXACT;
  const size = power < 0 ? value / POWERS[-power] : value * POWERS[power];
  return isNegative ? -size : size;
}
