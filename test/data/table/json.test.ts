import { describe, expect, test } from "vitest";
import type { Cell, Table } from "../../../src/data/table/cells.ts";
import { formatOf, isTable, TABLE_ENDINGS } from "../../../src/data/table/formats.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { InputError } from "../../../src/base/errors.ts";
import { fc } from "../../support/property.ts";

const parse = (text: string): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), "json", "runs.json");
const cells = (table: Table, name: string): readonly Cell[] | undefined =>
  table.columns.get(name)?.cells;

test("an array of records is a table: types stay, absent keys are missing", async () => {
  const table = await parse(`\ufeff [
    {"n_params": 2e7, "name": "a, \\"]}\\\\", "loss": 4.5},
    { "loss" : null, "n_params":1000000000 , "flag": true, "more": {"a": [1, {"a": 2}]} }\r\n]\n`);
  expect(table.rows).toBe(2);
  expect([...table.columns.keys()]).toEqual(["n_params", "name", "loss", "flag", "more"]);
  expect(cells(table, "n_params")).toEqual([2e7, 1e9]);
  expect(cells(table, "name")).toEqual(['a, "]}\\', null]);
  expect(cells(table, "loss")).toEqual([4.5, null]);
  expect(cells(table, "flag")).toEqual([null, true]);
  expect(cells(table, "more")).toEqual([null, '{"a":[1,{"a":2}]}']);
});

describe("what is no array of records is refused, with the record's number", () => {
  test.each([
    [
      '{"data": [{"a": 1}]}',
      /^runs\.json is not an array: a table in \.json is an array of records/,
    ],
    ['{"a": 1}\n{"a": 2}', /records a line are \.jsonl/],
    ["3", /is not an array/],
    ["[]", /no data rows/],
    [" \n", /only blank lines/],
    ["[{}]", /only empty objects/],
    ["[1, 2]", /record 1 is a number: each record must be one JSON object/],
    ['[{"a": 1}, null]', /record 2 is null/],
    ['[{"a": 1}, [1]]', /record 2 is an array/],
    ['[{"a": 1}, {"a": }]', /record 2 is not valid JSON .*one complete JSON object/],
    ['[{"a": 1}, {"a": NaN}]', /record 2 .*NaN and Infinity are not JSON, write null/],
    ['[{"a": -Infinity}]', /record 1 .*NaN and Infinity are not JSON/],
    ['[{"a": 1},]', /record 2 is not valid JSON/],
    ['[{"a": 1} {"a": 2}]', /record 1 is not valid JSON/],
    ['[{"a": 1}', /record 1: no "," or "\]" follows; is the file complete/],
    ['[{"a": 1}, {"a', /record 2 is not valid JSON/],
    ['[{"a": 1}}]', /record 1: no "," or "\]" follows/],
    ['[{"a": 1}] [{"a": 2}]', /goes on after the end of the array/],
    [
      '[{"b": {"a": 1, "a": 2}}, {"a": 1, "b": 2, "a" : 3}]',
      /record 2: the key "a" is there twice/,
    ],
    ['[{"a": 1, " a": 2}]', /record 1: the key "a" is there twice, with and without spaces/],
  ])("%s", async (text, message) => {
    const error: unknown = await parse(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
  });

  test("records nested without end, or without common keys", async () => {
    const deep = `[{"a": 1}, {"a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}]`;
    await expect(parse(deep)).rejects.toThrow(/record 2 is nested deeper than 100 levels/);
    const apart = Array.from({ length: 30_000 }, (_, i) => `{"k${i}": 1}`).join();
    await expect(parse(`[${apart}]`)).rejects.toThrow(/the records have hardly a key in common/);
  });

  test("a number beyond float64 is no number where one is needed", async () => {
    expect(cells(await parse('[{"a": 1e999}]'), "a")).toEqual([Infinity]);
  });
});

test("the ending says table where only a table can stand, and messages name it", () => {
  expect(formatOf("runs.JSON")).toBe("json");
  expect(TABLE_ENDINGS).toBe(".csv, .tsv, .jsonl, .json or .parquet");
  expect([isTable("shares.json"), isTable("shares.csv")]).toEqual([false, true]);
});

test("whatever JSON writes is read back, however it is indented", async () => {
  const value = fc.oneof(fc.integer(), fc.boolean(), fc.string().map((text) => `x${text}x`));
  const records = fc.array(fc.dictionary(fc.string().map((key) => `k${key}k`), value, { minKeys: 1 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(records, fc.nat({ max: 3 }), async (rows, indent) => {
      const table = await parse(JSON.stringify(rows, null, indent));
      expect(table.rows).toBe(rows.length);
      for (const [i, row] of rows.entries())
        for (const [key, cell] of Object.entries(row)) expect(cells(table, key)?.[i]).toBe(cell);
    }),
  );
}); // prettier-ignore
