/**
 * Data of views as text: JSON in which typed arrays are base64 of float64, each written once
 * however often it is used. Numbers outside of arrays must be finite, since JSON has no others.
 */
import { decode64, encode64 } from "../../base/base64.ts";
import { InputError } from "../../base/errors.ts";

interface Packed {
  readonly arrays: readonly string[];
  readonly value: unknown;
}

const KEY = "$array";

/**
 * @throws InputError for a number that is not finite, outside of a Float64Array: it was computed
 *   from a file's numbers, one of which is too large.
 */
export function packed(value: unknown): string {
  const arrays = new Map<Float64Array, number>();
  const replaced = (key: string, item: unknown): unknown => {
    if (typeof item === "number" && !Number.isFinite(item))
      throw new InputError(
        `a number to be drawn (${JSON.stringify(key)}) overflows: a number in the fit file or the optimum is too large. Fit again, or optimize again.`,
      );
    if (!(item instanceof Float64Array)) return item;
    const index = arrays.get(item) ?? arrays.size;
    arrays.set(item, index);
    return { [KEY]: index };
  };
  // The value is written first, since that finds the arrays.
  const text = JSON.stringify(value, replaced);
  const base64 = [...arrays.keys()].map((array) => encode64(array));
  return `{"arrays":${JSON.stringify(base64)},"value":${text}}`;
}

/** The value of a text from `packed`. Arrays that were one are one again. */
export function unpacked(text: string): unknown {
  const { arrays, value } = JSON.parse(text) as Packed;
  const decoded = arrays.map((base64) => decode64(base64));
  const revive = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(revive);
    if (typeof item !== "object" || item === null) return item;
    const index = (item as Record<string, unknown>)[KEY];
    if (typeof index === "number") return decoded[index];
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, revive(inner)]));
  };
  return revive(value);
}
