import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { type Cell, cellAt, type Column } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import {
  checkForSpreadsheets,
  tablePieces,
  WRITTEN_FORMAT_NAMES,
  type WrittenFormat,
  writtenFormatOf,
} from "../../../src/data/write/write-table.ts";
import {
  columnToWrite,
  tableOfRecords,
  type WrittenTable,
} from "../../../src/data/write/written-table.ts";

const table = tableOfRecords(
  { law: "text", value: "number", count: "whole", held: "truth", __proto__x: "text" },
  [
    { law: 'a "b", c\nd', value: 0.1 + 0.2, count: 2 ** 53 - 1, held: true, __proto__x: "日本" },
    { law: "", value: Infinity, count: null, held: null, __proto__x: null },
    { law: "a.b", value: 5e-324, count: -3, held: false, __proto__x: "no" },
  ],
);

async function bytesOf(written: WrittenTable, format: WrittenFormat): Promise<Uint8Array> {
  const pieces = [...(await tablePieces(written, format))];
  return new Uint8Array(Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
}

async function readBack(written: WrittenTable, format: WrittenFormat): Promise<Cell[][]> {
  const { columns } = await parseTable(await bytesOf(written, format), format, `x.${format}`);
  expect([...columns.keys()]).toEqual(written.columns.map(({ name }) => name));
  return [...columns.values()].map((column) => [...column.cells]);
}

describe("tables that are written", () => {
  test("are read back from every format, in full precision", async () => {
    const typed = [
      ['a "b", c\nd', null, "a.b"],
      [0.1 + 0.2, null, 5e-324],
      [2 ** 53 - 1, null, -3],
      [true, null, false],
      ["日本", null, "no"],
    ];
    expect(await readBack(table, "json")).toEqual(typed);
    expect(await readBack(table, "parquet")).toEqual(typed);
    const text = typed.map((column) => column.map((cell) => (cell === null ? null : String(cell))));
    expect(await readBack(table, "csv")).toEqual(text);
  });

  test("are the same bytes each time", async () => {
    for (const format of WRITTEN_FORMAT_NAMES)
      expect(await bytesOf(table, format)).toEqual(await bytesOf(table, format));
  });

  test("may have no rows, and more than a row group of them", async () => {
    const none = { rows: 0, columns: table.columns };
    expect(new TextDecoder().decode(await bytesOf(none, "json"))).toBe("[\n]\n");
    expect((await bytesOf(none, "parquet")).length).toBeGreaterThan(0);
    const rows = 100_001;
    const many: WrittenTable = { rows, columns: [{ name: "x", type: "whole", at: (row) => row }] };
    const { columns } = await parseTable(await bytesOf(many, "parquet"), "parquet", "x.parquet");
    const x = columns.get("x") as Column;
    expect([0, 99_999, 100_000].map((row) => cellAt(x, row))).toEqual([0, 99_999, 100_000]);
  });

  test("have names of any kind", async () => {
    const names = ["__proto__", "constructor", "a.b", "日本", "a b"];
    const odd: WrittenTable = {
      rows: 2,
      columns: names.map((name) => ({ name, type: "text", at: (row) => `${name} ${row}` })),
    };
    for (const format of WRITTEN_FORMAT_NAMES)
      expect(await readBack(odd, format)).toEqual(names.map((name) => [`${name} 0`, `${name} 1`]));
  });

  test("are refused as CSV where a spreadsheet would run a cell", () => {
    expect(() => checkForSpreadsheets(table)).not.toThrow();
    const bad = tableOfRecords({ law: "text", value: "number" }, [{ law: "=cmd|x", value: -1 }]);
    expect(() => checkForSpreadsheets(bad)).toThrow(
      '‘format: csv’: "=cmd|x" would be run as a formula by spreadsheets: choose ‘format: parquet’ or json',
    );
  });

  test("have their format from the ending of a name", () => {
    expect(["a.csv", "b.c.PARQUET", "x.json", "x.txt", "csv"].map(writtenFormatOf)).toEqual([
      "csv",
      "parquet",
      "json",
      undefined,
      undefined,
    ]);
  });
});

describe("a column that was read", () => {
  const written = (...cells: Cell[]): readonly [string, ...Cell[]] => {
    const { type, at } = columnToWrite({ name: "x", cells });
    return [type, ...cells.map((_, row) => at(row))];
  };

  test("is of numbers where each cell is one in plain decimals, and no digit is lost", () => {
    expect(written("1", "-2.5e3", null, 4)).toEqual(["number", 1, -2500, null, 4]);
    expect(written("1", "7B")).toEqual(["text", "1", "7B"]);
    expect(written("007", "1")).toEqual(["text", "007", "1"]);
    expect(written("0.5", "0")).toEqual(["number", 0.5, 0]);
    expect(written("9007199254740993")).toEqual(["text", "9007199254740993"]);
    expect(written("1e999")).toEqual(["text", "1e999"]);
  });

  test("is of truths or text else", () => {
    expect(written(true, null, false)).toEqual(["truth", true, null, false]);
    expect(written(true, "x", 1)).toEqual(["text", "true", "x", "1"]);
  });
});
