import { expect, test } from "vitest";
import { precisionOf } from "../../../src/data/runs/precision.ts";
import type { Column, Table } from "../../../src/data/table/cells.ts";
import { pickColumns } from "../../../src/data/table/columns.ts";
import { lastOf } from "../../../src/base/known.ts";

const tableOf = (...names: readonly string[]): Table => ({
  source: "runs.csv",
  sha256: "",
  rows: 0,
  notes: [],
  columns: new Map(names.map((name): [string, Column] => [name, { name, cells: [] }])),
});

const picked = (table: Table, list: string): string[] =>
  pickColumns(table, list, "weights").map(({ column }) => column.name);

test.each<[readonly string[], string, readonly string[]]>([
  [["a", "b", "c"], "a, c", ["a", "c"]],
  [["h_a", "h_b", "x"], "h_*,!h_b", ["h_a"]],
  [["h_a,b", "h_c"], "h_c,h_a,b", ["h_c", "h_a,b"]],
  [["h_a,b", "h_c"], "h_*,!h_a,b", ["h_c"]],
  [["!a", "b"], "!a,b", ["!a", "b"]],
  [["h_*", "h_a"], "h_*", ["h_*"]],
  [["a", "b", "a,b"], '"a,b"', ["a,b"]],
  [["constructor", "__proto__"], "__proto__,constructor", ["__proto__", "constructor"]],
])("%j: %s", (names, list, columns) => {
  expect(picked(tableOf(...names), list)).toEqual(columns);
});

test("a list of columns that can be read in two ways is refused", () => {
  expect(() => picked(tableOf("a", "b", "a,b"), "a,b")).toThrow(
    '‘weights’: "a,b" can be read as "a","b" and as "a,b"',
  );
  expect(() => picked(tableOf("a"), "a,b")).toThrow('runs.csv has no column "b"');
});

test("columns of standard deviations may have commas in their names", () => {
  const table = tableOf("loss_a,b", "lo_a,b", "hi_a,b");
  const target = lastOf(pickColumns(table, "loss_a,b", "targets"));
  expect(precisionOf(table, "lo_*,hi_*", target)).toMatchObject({
    kind: "interval",
    low: { name: "lo_a,b" },
    high: { name: "hi_a,b" },
  });
});
