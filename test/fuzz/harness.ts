/** What a fuzzing harness is, and its inputs as text. */
import type { Arbitrary } from "fast-check";

/** Inputs by their number, from 0 on. */
export interface InputList {
  readonly count: number;
  readonly at: (n: number) => unknown;
}

/**
 * One part of mixlaw under hostile input. Inputs are plain values: numbers, text, bytes, lists and
 * objects, so that a case can be kept as JSON.
 */
export interface Harness {
  readonly name: string;
  readonly inputs: Arbitrary<unknown>;
  /**
   * Runs the part. What it returns is judged: all its numbers must be finite. It may throw a
   * MixlawError; anything else is a finding, also an Error of the harness itself.
   */
  readonly run: (input: unknown) => unknown;
  /** Seconds that an input may take. Default 5. */
  readonly seconds?: number;
  /** All inputs that are worth a run, where they can be counted: the same in every process. */
  readonly every?: InputList;
}

/** A harness whose inputs are of one type. */
export const harness = <T>(
  name: string,
  inputs: Arbitrary<T>,
  run: (input: T) => unknown,
  seconds?: number,
): Harness => ({
  name,
  inputs,
  run: (input) => run(input as T),
  ...(seconds === undefined ? {} : { seconds }),
});

/** What JSON cannot say, as an object with one key. */
type Tagged =
  | { readonly $bytes: string }
  | { readonly $number: string }
  | { readonly $bigint: string }
  | { readonly $undefined: true };

function tagged(value: unknown): Tagged | undefined {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  if (typeof value === "bigint") return { $bigint: String(value) };
  return value === undefined ? { $undefined: true } : undefined;
}

/** An input as JSON. Objects that contain themselves are no inputs. */
export const encode = (input: unknown): string => JSON.stringify(plain(input));

function plain(value: unknown): unknown {
  const tag = tagged(value);
  if (tag !== undefined) return tag;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, plain(each)] as const);
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as unknown;
}

/** The input that a JSON text is. */
export const decode = (text: string): unknown => revived(JSON.parse(text));

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [key, inner] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (key === "$bytes") return new Uint8Array(Buffer.from(String(inner), "base64"));
  if (key === "$number") return Number(inner);
  if (key === "$bigint") return BigInt(String(inner));
  if (key === "$undefined") return undefined;
  return Object.fromEntries(entries.map(([name, each]) => [name, revived(each)]));
}
