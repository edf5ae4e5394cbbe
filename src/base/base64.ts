/** Float64 arrays as text without loss: base64 of 8 bytes a number, little-endian. */

/** The letters of base64, as bytes. */
const LETTERS = Uint8Array.from(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  (letter) => letter.charCodeAt(0),
);
/** What stands for a byte that is not there. */
const PADDING = "=".charCodeAt(0);

/** The text of an array. @example decode64(encode64(Float64Array.of(0.1))) // Float64Array [0.1] */
export function encode64(values: Float64Array): string {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i] ?? 0, true);
  return encodeBytes(bytes);
}

/**
 * Bytes in base64. Three at a time through a table: `btoa` wants a string of them first, which
 * takes ten times as long.
 */
export function encodeBytes(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PADDING);
  const byte = (i: number): number => bytes[i] ?? 0;
  const letter = (bits: number): number => LETTERS[bits & 63] ?? 0;
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const bits = (byte(i) << 16) | (byte(i + 1) << 8) | byte(i + 2);
    text[at] = letter(bits >> 18);
    text[at + 1] = letter(bits >> 12);
    if (i + 1 < bytes.length) text[at + 2] = letter(bits >> 6);
    if (i + 2 < bytes.length) text[at + 3] = letter(bits);
  }
  return new TextDecoder().decode(text);
}

/**
 * The array of a text from `encode64`.
 *
 * @throws RangeError for a text that is not base64, or not of a whole number of values.
 */
export function decode64(text: string): Float64Array {
  let raw: string;
  try {
    raw = atob(text);
  } catch {
    throw new RangeError("not base64");
  }
  if (raw.length % 8 !== 0)
    throw new RangeError(`${raw.length} bytes are no whole number of float64`);
  const view = new DataView(new ArrayBuffer(raw.length));
  for (let i = 0; i < raw.length; i++) view.setUint8(i, raw.charCodeAt(i));
  return Float64Array.from({ length: raw.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
