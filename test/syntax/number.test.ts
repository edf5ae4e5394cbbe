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
  ["150b", 1.5e11],
  ["400m", 4e8],
  ["7 B", 7e9],
  ["12 %", 0.12],
  ["1,000", 1000],
  ["2,500,000.5", 2_500_000.5],
  ["1,000B", 1e12],
])("%s", (text, value) => {
  expect(toScaled(text)).toBe(value);
});

test.each([
  "",
  "B",
  "7  B",
  "7BB",
  "1,00",
  "1,0000",
  ",500",
  "1,5",
  "7bn",
  "0x10",
  "1e",
  "Infinity",
  "-7B",
  "1_000",
])("%j is none", (text) => {
  expect(toScaled(text)).toBeUndefined();
});

test("a number with a suffix is rounded once", () => {
  for (let i = 1; i < 1000; i++) expect(scaled(`${i / 100}`, 9)).toBe(i * 1e7);
});
