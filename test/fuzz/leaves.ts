/** Every leaf of a JSON document, changed in turn: what random mutations hit only by luck. */

import type { InputList } from "./harness.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Stands for a leaf that is taken away. */
const REMOVED = Symbol("removed");

/** What each leaf is changed to. */
const VALUES: readonly (Json | typeof REMOVED)[] = [
  REMOVED, null, true, "", "x", "__proto__", -1, 0, 0.5, 3, 1e308, -1e308, 5e-324, 2 ** 53, [], {},
]; // prettier-ignore

/** Of longer lists of numbers or texts the ends stand for all. */
const LISTED = 4;

const isBox = (value: Json | undefined): value is Json[] | { [key: string]: Json } =>
  typeof value === "object" && value !== null;

/** The ways to all leaves; an empty list or object is one. */
function* pathsIn(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  const keys = isBox(value) ? Object.keys(value) : [];
  if (!isBox(value) || keys.length === 0) return yield path;
  const isPlain = Array.isArray(value) && !value.some(isBox);
  const few = isPlain && keys.length > LISTED ? keys.filter((_, i) => i === 0 || i === keys.length - 1) : keys; // prettier-ignore
  for (const key of few)
    yield* pathsIn((value as Record<string, Json>)[key] ?? null, [...path, key]);
}

/** A copy whose leaf at the end of a way is another. */
function changed(value: Json, path: readonly string[], to: Json | typeof REMOVED): Json {
  const [key, ...rest] = path;
  if (key === undefined || !isBox(value)) return to === REMOVED ? null : to;
  if (rest.length > 0 || to !== REMOVED) {
    const inner = changed((value as Record<string, Json>)[key] ?? null, rest, to);
    return Array.isArray(value)
      ? value.with(Number(key), inner)
      : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === key ? inner : v]));
  }
  return Array.isArray(value)
    ? value.toSpliced(Number(key), 1)
    : Object.fromEntries(Object.entries(value).filter(([k]) => k !== key));
}

/** The texts of a document in which one leaf is another, leaf after leaf; each made when asked. */
export function leafChanges(document: unknown): InputList {
  const paths = [...pathsIn(document as Json)];
  return {
    count: paths.length * VALUES.length,
    at(n) {
      const path = paths[Math.floor(n / VALUES.length)] ?? [];
      return JSON.stringify(changed(document as Json, path, VALUES[n % VALUES.length] ?? null));
    },
  };
}
