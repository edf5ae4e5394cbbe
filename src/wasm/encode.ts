/**
 * The pieces of WebAssembly's binary format: numbers in LEB128, names, lists and sections.
 * Source: WebAssembly Core Specification 2.0, chapter 5.
 */

export type Bytes = ArrayLike<number>;

/** Bytes one after another. */
export function join(...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

/** Bytes that are added one after another. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  add(bytes: Bytes): void {
    const end = this.#length + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let at = 0; at < bytes.length; at++) this.#bytes[this.#length + at] = bytes[at] ?? 0;
    this.#length = end;
  }

  /** What was added so far. */
  get written(): Bytes {
    return this.#bytes.subarray(0, this.#length);
  }
}

/**
 * An unsigned whole number below 2³² in LEB128: 7 bits a byte, the lowest first; the top bit says
 * that more follow.
 */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

/**
 * A signed whole number in LEB128: as `unsigned` in two's complement; bit 6 of the last byte is the
 * sign.
 */
export function signed(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = rest === ((low & 0x40) === 0 ? 0n : -1n);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

const view = new DataView(new ArrayBuffer(8));
const eightBytes = (): number[] => [0, 1, 2, 3, 4, 5, 6, 7].map((at) => view.getUint8(at));

/** A float64 number: 8 bytes, the lowest first. */
export function float64(value: number): number[] {
  view.setFloat64(0, value, true);
  return eightBytes();
}

/** A 64-bit whole number, signed or not: 8 bytes, the lowest first. */
export function int64(value: bigint): number[] {
  view.setBigInt64(0, BigInt.asIntN(64, value), true);
  return eightBytes();
}

/** A text in UTF-8, after its length in bytes. */
export function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

/** A list: the number of items, then the items. */
export const list = (items: readonly Bytes[]): Uint8Array => join(unsigned(items.length), ...items);

/** A section of a module: its number, its length, its content. */
export const section = (id: number, content: Bytes): Uint8Array =>
  join([id], unsigned(content.length), content);
