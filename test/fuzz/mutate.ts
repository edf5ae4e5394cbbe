/** Mutations of real inputs: of bytes and text, and of the leaves of JSON. */
import { fc } from "../support/property.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

type Edit = (bytes: Uint8Array) => Uint8Array;

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat([...parts]));

/** A place in bytes of any length. */
const anyPlace = fc.nat(2 ** 30);
const placeIn = (bytes: Uint8Array, n: number): number => n % (bytes.length + 1);

/** Words and numbers of text formats: what stands between their signs. */
const WORD = /[^\s,;:"'{}[\]()=<>+*/^|&!-]+/g;

/** Replaces the n-th word. */
const replaceWord =
  (n: number, word: string): Edit =>
  (bytes) => {
    const text = Buffer.from(bytes).toString("latin1");
    const found = [...text.matchAll(WORD)];
    const match = found[n % Math.max(1, found.length)];
    if (match === undefined) return bytes;
    const end = match.index + match[0].length;
    return joined(bytes.subarray(0, match.index), bytesOf(word), bytes.subarray(end));
  };

/** An edit of bytes; `tokens` are what the format is made of, and what is hostile in it. */
function edits(tokens: readonly string[]): fc.Arbitrary<Edit> {
  const token = fc.constantFrom(...tokens);
  const span = fc.tuple(anyPlace, fc.integer({ min: 1, max: 64 }));
  return fc.oneof(
    fc.tuple(anyPlace, token).map(([n, word]) => replaceWord(n, word)),
    fc.tuple(anyPlace, token).map(
      ([n, word]): Edit =>
        (bytes) =>
          joined(
            bytes.subarray(0, placeIn(bytes, n)),
            bytesOf(word),
            bytes.subarray(placeIn(bytes, n)),
          ),
    ),
    span.map(
      ([n, length]): Edit =>
        (bytes) =>
          joined(bytes.subarray(0, placeIn(bytes, n)), bytes.subarray(placeIn(bytes, n) + length)),
    ),
    fc.tuple(span, anyPlace).map(([[n, length], to]): Edit => (bytes) => {
      const copy = bytes.subarray(placeIn(bytes, n), placeIn(bytes, n) + length);
      return joined(
        bytes.subarray(0, placeIn(bytes, to)),
        copy,
        bytes.subarray(placeIn(bytes, to)),
      );
    }),
    fc.tuple(anyPlace, fc.nat(255)).map(([n, byte]): Edit => (bytes) => {
      const changed = Uint8Array.from(bytes);
      if (bytes.length > 0) changed[n % bytes.length] = byte;
      return changed;
    }),
    fc.tuple(anyPlace, fc.nat(7)).map(([n, bit]): Edit => (bytes) => {
      const changed = Uint8Array.from(bytes);
      if (bytes.length > 0) changed[n % bytes.length] ^= 1 << bit;
      return changed;
    }),
    anyPlace.map(
      (n): Edit =>
        (bytes) =>
          bytes.subarray(0, placeIn(bytes, n)),
    ),
  );
}

/** One of the seeds, changed in up to eight places. */
export const mutatedBytes = (
  seeds: readonly Uint8Array[],
  tokens: readonly string[],
): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.nat(seeds.length - 1), fc.array(edits(tokens), { maxLength: 8 }))
    .map(([seed, some]) =>
      some.reduce((bytes, edit) => edit(bytes), seeds[seed] ?? new Uint8Array()),
    );

/** The same for text. Bytes that are no UTF-8 become the sign for them. */
export const mutatedText = (
  seeds: readonly string[],
  tokens: readonly string[],
): fc.Arbitrary<string> =>
  mutatedBytes(seeds.map(bytesOf), tokens).map((bytes) => new TextDecoder().decode(bytes));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Box = Json[] | { [key: string]: Json };

const isBox = (value: Json | undefined): value is Box =>
  typeof value === "object" && value !== null;

/** The box and key that steps lead to, each step a child by its number. */
function goTo(value: Json, steps: readonly number[]): { box: Box; key: string } | undefined {
  let [current, place]: [Json, { box: Box; key: string } | undefined] = [value, undefined];
  for (const step of steps) {
    if (!isBox(current)) break;
    const keys = Object.keys(current);
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) break;
    place = { box: current, key };
    current = (current as Record<string, Json>)[key] ?? null;
  }
  return place;
}

/** Text that is written without its quotes: numbers that JSON.stringify does not write. */
const RAW = ["1e999", "-1e999", "1e-999", "-0", "NaN", "1".repeat(400)] as const;
const raw = (text: string): string => `@@${text}@@`;

const nested = (depth: number): Json => {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Keys that every object has, and others that are no names. */
const KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "", " ", "a\nb", "\u001b[2J", "web", "0"] as const; // prettier-ignore

/** Values that stand where others are expected. */
const HOSTILE_JSON: readonly Json[] = [
  null, true, false, "", "NaN", "x", "web", "1", "__proto__", "constructor", "\u001b[2J", "a\nb", "x".repeat(5000),
  0, -1, 1, 0.5, 1.5, 1e308, -1e308, 5e-324, 1e-300, 1e30, 2 ** 53, 2 ** 31, -(2 ** 31), 65,
  [], {}, [null], [[]], { length: 1e9 }, [1, 2, 3], Array.from({ length: 3000 }, () => 0), ...RAW.map(raw),
]; // prettier-ignore

const steps = fc.array(fc.nat(1000), { minLength: 1, maxLength: 9 });

type Change = (value: Json) => void;

/** Sets what is at a place. A key of its own, also where it is called __proto__. */
function put({ box, key }: { box: Box; key: string }, value: Json): void {
  Object.defineProperty(box, key, { value, enumerable: true, configurable: true, writable: true });
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(steps, fc.constantFrom(...HOSTILE_JSON)).map(([to, hostile]): Change => (value) => {
    const found = goTo(value, to);
    if (found !== undefined) put(found, structuredClone(hostile));
  }) },
  { weight: 1, arbitrary: fc.tuple(steps, fc.double({ noNaN: true, noDefaultInfinity: true })).map(([to, number]): Change => (value) => {
    const found = goTo(value, to);
    if (found !== undefined) put(found, number);
  }) },
  { weight: 2, arbitrary: steps.map((to): Change => (value) => {
    const found = goTo(value, to);
    if (found === undefined) return;
    if (Array.isArray(found.box)) found.box.splice(Number(found.key), 1);
    else delete found.box[found.key];
  }) },
  { weight: 1, arbitrary: fc.tuple(steps, fc.integer({ min: 1, max: 3 })).map(([to, times]): Change => (value) => {
    const found = goTo(value, to);
    if (found === undefined || !Array.isArray(found.box)) return;
    const [at, item] = [Number(found.key), found.box[Number(found.key)] ?? null];
    for (let i = 0; i < times; i++) found.box.splice(at, 0, structuredClone(item));
  }) },
  { weight: 2, arbitrary: fc.tuple(steps, steps).map(([from, to]): Change => (value) => {
    const [one, other] = [goTo(value, from), goTo(value, to)];
    if (one === undefined || other === undefined) return;
    const copy = (found: { box: Box; key: string }): Json =>
      structuredClone((found.box as Record<string, Json>)[found.key] ?? null);
    const [first, second] = [copy(one), copy(other)];
    put(one, second);
    put(other, first);
  }) },
  { weight: 1, arbitrary: fc.tuple(steps, fc.constantFrom(...KEYS)).map(([to, name]): Change => (value) => {
    const found = goTo(value, to);
    if (found === undefined || Array.isArray(found.box)) return;
    const moved = found.box[found.key] ?? null;
    delete found.box[found.key];
    put({ box: found.box, key: name }, moved);
  }) },
  { weight: 1, arbitrary: fc.tuple(steps, fc.constantFrom(3, 50, 1000)).map(([to, depth]): Change => (value) => {
    const found = goTo(value, to);
    if (found !== undefined) put(found, nested(depth));
  }) },
); // prettier-ignore

/** JSON texts, changed at one to four places: each leaf and each branch may be hit. */
export const mutatedJson = (seeds: readonly unknown[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(seeds.length - 1), fc.array(changes, { minLength: 1, maxLength: 4 }))
    .map(([seed, some]) => {
      const value = structuredClone(seeds[seed]) as Json;
      for (const change of some) change(value);
      return JSON.stringify(value).replaceAll(/"@@(.*?)@@"/g, "$1");
    });

/** Plain values, changed as JSON is. */
export const mutatedValue = (seeds: readonly unknown[]): fc.Arbitrary<unknown> =>
  mutatedJson(seeds).map((text) => JSON.parse(text.replaceAll("NaN", "null")) as unknown);
