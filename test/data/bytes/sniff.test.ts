/** How files of cells are written: separators, comments, titles, decimal commas. */
import { describe, expect, test } from "vitest";
import { toNumber } from "../../../src/data/table/cells.ts";
import type { Table } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";

const parse = (text: string, format: "csv" | "tsv" = "csv"): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), format, `runs.${format}`);
const cells = ({ columns }: Table): Record<string, unknown> =>
  Object.fromEntries([...columns].map(([name, column]) => [name, column.cells]));

describe("separators", () => {
  test.each([
    ["csv", "a;b\n1;2\n3;4\n", "semicolons"],
    ["csv", "a\tb\n1\t2\n3\t4\n", "tabs"],
    ["tsv", "a,b\n1,2\n3,4\n", "commas"],
    ["csv", '"a, and more";b\n1;2\n', "semicolons"],
  ] as const)("a .%s of %j", async (format, text, name) => {
    const table = await parse(text, format);
    expect([...table.columns.values()].map(({ cells: [first] }) => first)).toEqual(["1", "2"]);
    expect(table.notes).toEqual([`cells are separated by ${name}, as the header shows`]);
  });

  test("text with other signs stays text", async () => {
    const table = await parse('a,b\n1,"x;y"\n2,z;w\n');
    expect(cells(table)).toEqual({ a: ["1", "2"], b: ["x;y", "z;w"] });
    expect(table.notes).toEqual([]);
  });

  test("a column of text with many other signs makes no title of the header", async () => {
    const table = await parse("note,x\na;b;c;d,1\ne;f;g;h,2\n");
    expect(cells(table)).toEqual({ note: ["a;b;c;d", "e;f;g;h"], x: ["1", "2"] });
    expect(table.notes).toEqual([]);
  });

  test("one column is one column", async () => {
    expect(cells(await parse("loss\n1\n2\n"))).toEqual({ loss: ["1", "2"] });
  });
});

describe("decimal commas", () => {
  test("between semicolons they are decimal signs, and points stand between thousands", async () => {
    const table = await parse("n;loss;name\n1.000.000;3,125;a,b\n2500;-0,5e-1;c\n");
    expect(cells(table)).toEqual({
      n: ["1000000", "2500"],
      loss: ["3.125", "-0.5e-1"],
      name: ["a,b", "c"],
    });
    expect(table.notes).toContain("commas in numbers are decimal signs");
  });

  test("columns with decimal points, such as versions and dates, stay as they are", async () => {
    const table = await parse("day;version;loss\n01.02;3.1;2,5\n02.03;2;4,250\n");
    expect(cells(table)).toEqual({
      day: ["01.02", "02.03"],
      version: ["3.1", "2"],
      loss: ["2.5", "4.250"],
    });
  });

  test("what begins with 0 is a fraction", async () => {
    const table = await parse("share;loss;n\n0.125;0,250;1,5\n0.250;0,125;2\n");
    expect(cells(table)).toEqual({
      share: ["0.125", "0.250"],
      loss: ["0.250", "0.125"],
      n: ["1.5", "2"],
    });
  });

  test("where there are decimal points, commas are not", async () => {
    const table = await parse("n;loss\n1,000;3.125\n2,500,000;2.5\n");
    expect(table.columns.get("n")?.cells.map(toNumber)).toEqual([1000, 2_500_000]);
    expect(table.notes).toEqual(["cells are separated by semicolons, as the header shows"]);
  });
});

describe("lines that are no rows", () => {
  test("comments and blank lines before the header", async () => {
    const table = await parse("# exported\n\n#by hand, twice\na,b\n1,2\n");
    expect(cells(table)).toEqual({ a: ["1"], b: ["2"] });
    expect(table.notes).toEqual(['2 lines before the header that begin with "#" are comments']);
  });

  test("a title, padded with separators or not", async () => {
    for (const title of ["Runs of the sweep", "Runs of the sweep,,"]) {
      const table = await parse(`${title}\na,b,c\n1,2,3\n4,5,6\n`);
      expect(cells(table)).toEqual({ a: ["1", "4"], b: ["2", "5"], c: ["3", "6"] });
      expect(table.notes).toEqual([
        'the line "Runs of the sweep" before the header is taken for a title',
      ]);
    }
  });

  test("a header that NumPy marked is the header", async () => {
    expect(cells(await parse("# a,b\n1,2\n"))).toEqual({ a: ["1"], b: ["2"] });
  });

  test("comments among the rows", async () => {
    const table = await parse("a,b\n1,2\n# the machine was changed here\n3,4\n#5,6\n");
    expect(cells(table)).toEqual({ a: ["1", "3", "#5"], b: ["2", "4", "6"] });
    expect(table.notes).toEqual(['1 line among the rows that begins with "#" is a comment']);
  });

  test("names like 7B are a header", async () => {
    expect(cells(await parse("1B,7B\n3,2\n"))).toEqual({ "1B": ["3"], "7B": ["2"] });
  });

  test("cells without names above numbers are still a header", async () => {
    for (const text of [",a\nx,1\n", ",a\nx,y\nz,w\n"])
      expect([...(await parse(text)).columns.keys()]).toEqual(["column1", "a"]);
  });
});
