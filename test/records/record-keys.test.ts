/** Keys: whatever a piece of work is computed from changes its key. */
import { expect, test } from "vitest";
import { differences, type Job } from "../../src/records/job.ts";
import { exactText, fromExactText } from "../../src/records/exact-text.ts";
import { digestOf, RecordKeys } from "../../src/records/record-keys.ts";

test("a key has 32 hexadecimal digits, and depends on what is shared and on what is not", () => {
  const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3)];
  const keys = new RecordKeys(["float64", 8]);
  expect(keys.keyOf(a)).toMatch(/^[0-9a-f]{32}$/);
  expect(keys.keyOf(a)).toBe(new RecordKeys(["float64", 8]).keyOf(a));
  const others = [keys.keyOf(b), new RecordKeys(["float64", 9]).keyOf(a)];
  expect(new Set([keys.keyOf(a), ...others]).size).toBe(3);
});

test("parts do not run into each other", () => {
  expect(digestOf(["ab", "c"])).not.toEqual(digestOf(["a", "bc"]));
  expect(digestOf([Float64Array.of(1, 2)])).not.toEqual(
    digestOf([Float64Array.of(1), Float64Array.of(2)]),
  );
});

test("numbers that JSON writes alike have different texts, and come back", () => {
  const values = [0, -0, NaN, Infinity, -Infinity, null, 0.1, "number NaN"];
  const texts = values.map((x) => exactText({ x }));
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.map(fromExactText)).toEqual(values.map((x) => ({ x })));
});

test("jobs differ in what is named", () => {
  const job: Job = {
    verb: "fit",
    version: "1",
    data: { table: "abc", domains: ["web"] },
    settings: { seed: 1, laws: [{ name: "joint" }] },
  };
  expect(differences(job, structuredClone(job))).toEqual([]);
  const settings = { seed: 2, laws: [{ name: "joint" }] };
  expect(differences(job, { ...job, verb: "validate", settings })).toEqual([
    'verb is "fit" there and "validate" here',
    "settings.seed is 1 there and 2 here",
  ]);
  expect(differences({ ...job, data: {} }, job)).toEqual([
    'data.table is not given there and "abc" here',
    'data.domains is not given there and ["web"] here',
  ]);
});
