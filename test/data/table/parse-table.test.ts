import { describe, expect, test } from "vitest";
import { createHash } from "node:crypto";
import { parquetWriteBuffer } from "hyparquet-writer";
import { toNumber } from "../../../src/data/table/cells.ts";
import type { Table } from "../../../src/data/table/cells.ts";
import { type Format, formatOf } from "../../../src/data/table/formats.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { InputError } from "../../../src/base/errors.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string, format: Format = "csv", source = `runs.${format}`): Promise<Table> =>
  parseTable(bytes(text), format, source);
const cells = (table: Table, name: string) => table.columns.get(name)?.cells;

describe("CSV and TSV", () => {
  test("cells stay text, missing ones are null, names and cells are trimmed", async () => {
    const table = await parse(' n_params ,name,x\n1e6, a ,NA\n2e6,"b, ""c""",\n3,null,NaN\n');
    expect(table.rows).toBe(3);
    expect([...table.columns.keys()]).toEqual(["n_params", "name", "x"]);
    expect(cells(table, "n_params")).toEqual(["1e6", "2e6", "3"]);
    expect(cells(table, "name")).toEqual(["a", 'b, "c"', null]);
    expect(cells(table, "x")).toEqual([null, null, null]);
  });

  test("a byte order mark, CRLF, mixed line ends and blank lines are fine", async () => {
    const table = await parse('\ufeffa,b\r\n1,"x"\r\n\n2,"y"\n\r\n');
    expect(cells(table, "a")).toEqual(["1", "2"]);
    expect(cells(table, "b")).toEqual(["x", "y"]);
  });

  test("a header may begin with a letter whose first byte is that of the mark", async () => {
    for (const sign of ["Ｎ", "ﬁ"])
      expect([...(await parse(`${sign},b\n1,2\n`)).columns.keys()]).toEqual([sign, "b"]);
  });

  test("tabs separate TSV", async () => {
    expect(cells(await parse("a\tb\n1\tx, y\n", "tsv"), "b")).toEqual(["x, y"]);
  });

  test("a column without a name, as pandas writes its index, is called by its position", async () => {
    expect([...(await parse(",a\n0,1\n")).columns.keys()]).toEqual(["column1", "a"]);
  });

  test("the hash is of the bytes as they are", async () => {
    const text = "\ufeffa,b\r\n1,2\r\n";
    expect((await parse(text)).sha256).toBe(createHash("sha256").update(bytes(text)).digest("hex"));
  });

  test("a window on a larger buffer is read alone", async () => {
    const padded = bytes("xxxxa,b\n1,2\nyyyy");
    const table = await parseTable(padded.subarray(4, 11), "csv", "runs.csv");
    expect(cells(table, "b")).toEqual(["2"]);
  });

  test.each([
    ["", /^runs\.csv is empty/],
    ["\n \n", /runs\.csv holds only blank lines/],
    ["a,b\n", /runs\.csv has no data rows/],
    ["1,2\n3,4\n", /runs\.csv has no header.*add a first line with the column names/],
    ["a,b,a\n1,2,3\n", /two columns named "a": rename one/],
    ["a,b\n1,2\n\n3\n", /runs\.csv, data row 2: 1 cell where the header has 2 columns; put quotes/],
    ["a,b\n1,2,3\n", /data row 1: 3 cells where the header has 2 columns/],
    ['a,b\n1,2\n3,"4\n', /runs\.csv, data row 2: .*[Qq]uote/],
  ])("%j is refused", async (text, message) => {
    await expect(parse(text)).rejects.toThrow(message);
    await expect(parse(text)).rejects.toBeInstanceOf(InputError);
  });

  test("the row is on the error", async () => {
    await expect(parse("a,b\n1,2\n3\n")).rejects.toMatchObject({
      where: { file: "runs.csv", row: 2 },
    });
  });

  test("text that is not UTF-8 is refused, UTF-16 without a mark too", async () => {
    await expect(
      parseTable(new Uint8Array(Buffer.from("a,b\n1,2\n", "utf16le")), "csv", "runs.csv"),
    ).rejects.toThrow(/not UTF-8 text: save it as UTF-8/);
    await expect(
      parseTable(Uint8Array.of(0xff, 0xfe, 0x61, 0x00), "csv", "runs.csv"),
    ).rejects.toThrow(/not UTF-8 text: save it as UTF-8/);
  });
});

describe("JSON lines", () => {
  test("types stay, absent keys are missing, blank lines are skipped", async () => {
    const table = await parse(
      '{"a": 1, "b": "x"}\r\n\n{"b": "NA", "c": true, "d": [1, {"e": 2}]}\n',
      "jsonl",
    );
    expect(table.rows).toBe(2);
    expect(cells(table, "a")).toEqual([1, null]);
    expect(cells(table, "b")).toEqual(["x", null]);
    expect(cells(table, "c")).toEqual([null, true]);
    expect(cells(table, "d")).toEqual([null, '[1,{"e":2}]']);
  });

  test.each([
    ['{"a": 1}\n\n{"a": }\n', /runs\.jsonl, line 3 is not valid JSON .*one complete JSON object/],
    ['{"a": NaN}\n', /line 1 .*NaN and Infinity are not JSON, write null/],
    ['{"a": 1}\n[1]\n', /line 2 is an array: each line must be one JSON object/],
    ["null\n", /line 1 is null/],
    ["3\n", /line 1 is a number/],
    ["{}\n", /only empty objects/],
    ['{"a": 1, " a": 2}\n', /line 1: the key "a" is there twice/],
  ])("%j is refused", async (text, message) => {
    await expect(parse(text, "jsonl")).rejects.toThrow(message);
  });

  test("a value that is nested without end is refused", async () => {
    const deep = `{"a": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    await expect(parse(deep, "jsonl")).rejects.toThrow(/line 1: .*"a" is nested too deeply/);
  });

  test("records without common keys are refused before they fill the memory", async () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `{"k${i}": 1}`).join("\n");
    await expect(parse(text, "jsonl")).rejects.toThrow(/line \d+: the records have hardly a key/);
  });
});

describe("Parquet", () => {
  const write = (columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]): Uint8Array =>
    new Uint8Array(parquetWriteBuffer({ columnData }));

  test("numbers, 64-bit integers, booleans, text, dates and nulls (snappy)", async () => {
    const file = write([
      { name: "double", data: [0.5, NaN, 2] },
      { name: "int32", data: [1, 2, 3], type: "INT32" },
      { name: "int64", data: [7n, null, 2n ** 60n], type: "INT64" },
      { name: "flag", data: [true, false, null], type: "BOOLEAN" },
      { name: "text", data: ["train", "NA", null], type: "STRING" },
      { name: "when", data: [new Date(0), null, null], type: "TIMESTAMP" },
      { name: "nested", data: [{ a: 1 }, null, null], type: "JSON" },
    ]);
    const table = await parseTable(file, "parquet", "runs.parquet");
    expect(table.rows).toBe(3);
    expect(cells(table, "double")).toEqual([0.5, null, 2]);
    expect(cells(table, "int32")).toEqual([1, 2, 3]);
    expect(cells(table, "int64")).toEqual([7, null, "1152921504606846976"]);
    expect(cells(table, "flag")).toEqual([true, false, null]);
    expect(cells(table, "text")).toEqual(["train", null, null]);
    expect(cells(table, "when")).toEqual(["1970-01-01T00:00:00.000Z", null, null]);
    expect(cells(table, "nested")).toEqual(['{"a":1}', null, null]);
  });

  test("many row groups keep their order", async () => {
    const data = Array.from({ length: 2500 }, (_, i) => i);
    const table = await parseTable(
      write([{ name: "i", data, type: "INT32" }]),
      "parquet",
      "runs.parquet",
    );
    expect(cells(table, "i")).toEqual(data);
  });

  test("what is no Parquet is refused", async () => {
    await expect(parse("a,b\n1,2\n", "parquet")).rejects.toThrow(
      /runs\.parquet cannot be read as Parquet .*convert it to CSV/,
    );
  });
});

test("formats go by the name's ending", () => {
  expect(["a.csv", "a/b.c.TSV", "x.jsonl", "x.ndjson", "x.parquet"].map(formatOf)).toEqual([
    "csv",
    "tsv",
    "jsonl",
    "jsonl",
    "parquet",
  ]);
  expect(() => formatOf("runs.xlsx")).toThrow(
    /runs\.xlsx ends in \.xlsx; tables are \.csv, \.tsv, .* or \.parquet/,
  );
  expect(() => formatOf("dir.csv/runs")).toThrow(/has no ending/);
  expect(() => formatOf("runs.constructor")).toThrow(InputError);
});

test("cells become numbers strictly", () => {
  expect(["1e9", "-.5", "3.", " 7 ", "+1E-3", 2.5].map(toNumber)).toEqual([
    1e9, -0.5, 3, 7, 1e-3, 2.5,
  ]);
  expect(["7B", "-150m", "+1.5 T", "12%", "1,000", "-2,500,000.5"].map(toNumber)).toEqual([
    7e9, -1.5e8, 1.5e12, 0.12, 1000, -2_500_000.5,
  ]);
  for (const cell of [
    "12abc",
    "1_000",
    "1,5",
    "0,125",
    "0x10",
    "inf",
    "Infinity",
    "1e999",
    "",
    ".",
    "e5",
    true,
    null,
    Infinity,
  ]) {
    expect(toNumber(cell)).toBeUndefined();
  }
});
