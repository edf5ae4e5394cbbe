/** Files of records after accidents: torn ends, damage, nothing at all. */
import { expect, test } from "vitest";
import { encodeRecords, readRecords } from "../../src/records/record-file.ts";

const record = (n: number) => ({
  key: n.toString(16).padStart(32, "0"),
  value: Uint8Array.from({ length: 24 + n }, (_, i) => (i * 7 + n) % 256),
});
const records = [record(1), record(2), record(3), record(4)];
const bytes = encodeRecords(records);
/** Where each record begins, and where the last ends. */
const offsets = records.map((_, n) => encodeRecords(records.slice(0, n)).length);
const keysIn = (contents: Uint8Array): string[] =>
  readRecords(contents).records.map(({ key }) => key);

test("what was written is read", () => {
  const { records: back, damaged } = readRecords(bytes);
  expect(back.map(({ key, value }) => ({ key, value: new Uint8Array(value) }))).toEqual(records);
  expect(damaged).toEqual([]);
  expect(readRecords(new Uint8Array())).toEqual({ records: [], damaged: [], end: 0 });
});

test("cut anywhere, all whole records are read, and a torn last one is no damage", () => {
  for (let cut = 0; cut < bytes.length; cut++) {
    const { records: back, damaged } = readRecords(bytes.subarray(0, cut));
    expect(back).toHaveLength(
      offsets.filter((_, n) => (offsets[n + 1] ?? bytes.length) <= cut).length,
    );
    expect(damaged).toEqual([]);
  }
});

test("a changed byte anywhere costs its record alone, and is told", () => {
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] ^= 0x41;
    const n = offsets.findLastIndex((offset) => offset <= at);
    expect(keysIn(changed)).toEqual(records.filter((_, i) => i !== n).map(({ key }) => key));
    const { damaged } = readRecords(changed);
    // Of the last record's mark or length, nobody knows that it was written whole.
    if (n < records.length - 1) expect(damaged).toEqual([offsets[n]]);
    else expect(damaged.length).toBeLessThanOrEqual(1);
  }
});

test("zeros that a crash of the machine left at the end are passed over", () => {
  const zeros = new Uint8Array(bytes.length + 4096);
  zeros.set(bytes);
  expect(readRecords(zeros)).toEqual(readRecords(bytes));
  expect(readRecords(bytes).end).toBe(bytes.length);
});
