import { expect, test } from "vitest";
import { LastUsed } from "../../src/wasm/last-used.ts";

test("a thing is made once, until so many others were used after it", () => {
  const made: string[] = [];
  const known = new LastUsed<string>(2);
  const ask = (key: string): string =>
    known.get(key, () => {
      made.push(key);
      return `${key}!`;
    });
  expect([ask("a"), ask("b"), ask("a"), ask("c"), ask("a")]).toEqual(["a!", "b!", "a!", "c!", "a!"]); // prettier-ignore
  expect(made).toEqual(["a", "b", "c"]);
  expect([...known.keys()]).toEqual(["c", "a"]);
  ask("b");
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("what could not be made is asked for again, and what is let go is made anew", () => {
  const known = new LastUsed<number>(2);
  const fail = (): number => {
    throw new Error("no");
  };
  expect(() => known.get("a", fail)).toThrow("no");
  expect(known.has("a")).toBe(false);
  expect(known.get("a", () => 1)).toBe(1);
  known.delete("a");
  expect(known.get("a", () => 2)).toBe(2);
});
