/** Float64 arrays as text without loss: base64 of 8 bytes a number, little-endian. */

/** Bytes turned into characters by one call: an argument each, of which there is a limit. */
const CHUNK = 2 ** 15;

/** The text of an array. @example decode64(encode64(Float64Array.of(0.1))) // Float64Array [0.1] */
export function encode64(values: Float64Array): string {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, x] of values.entries()) view.setFloat64(8 * i, x, true);
  return encodeBytes(bytes);
}

/** Bytes in base64. */
export function encodeBytes(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK)
    text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
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
