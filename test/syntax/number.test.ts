import { expect, test } from "vitest";
import { scaled, toScaled } from "../../src/syntax/number.ts";

test.each([
  ["7B", 7e9],
  ["0.3B", 3e8],
  ["400M", 4e8],
  ["1.5T", 1.5e12],
  ["20k", 20_000],
  ["12%", 0.12],
  [".5", 0.5],
  ["3.", 3],
  ["1e9", 1e9],
  ["2.5e-3k", 2.5],
])("%s", (text, value) => {
  expect(toScaled(text)).toBe(value);
});

test.each(["", "B", "7 B", "7b", "7BB", "0x10", "1e", "Infinity", "-7B", "1_000"])(
  "%j is none",
  (text) => {
    expect(toScaled(text)).toBeUndefined();
  },
);

test("a number with a suffix is rounded once", () => {
  for (let i = 1; i < 1000; i++) expect(scaled(`${i / 100}`, 9)).toBe(i * 1e7);
});
