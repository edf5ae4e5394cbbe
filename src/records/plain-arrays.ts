/** Data with arrays of float64 numbers as plain data, and back, bit for bit. */
import { decode64, encode64 } from "../base/base64.ts";

/** The name of the one property that stands for an array. */
const FLOAT64 = "\u0000float64";

type Parts = Readonly<Record<string, unknown>>;

/** The data with each Float64Array as an object that has its text. */
export function plainArrays(value: unknown): unknown {
  if (value instanceof Float64Array) return { [FLOAT64]: encode64(value) };
  return within(value, plainArrays);
}

/** The data of `plainArrays`. */
export function fromPlainArrays(value: unknown): unknown {
  const text = typeof value === "object" && value !== null ? (value as Parts)[FLOAT64] : undefined;
  return typeof text === "string" ? decode64(text) : within(value, fromPlainArrays);
}

function within(value: unknown, of: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(of);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, of(part)]));
}
