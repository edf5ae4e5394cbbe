/** Several files as one table, and long tables as wide ones. */
import { describe, expect, test } from "vitest";
import { shapeTables } from "../../../src/data/combine/shape.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { rowPlace, type Table } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";

const parse = (text: string, name = "runs.csv"): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), "csv", name);
const cells = ({ columns }: Table): Record<string, unknown> =>
  Object.fromEntries([...columns].map(([name, column]) => [name, column.cells]));

describe("joined by a column", () => {
  const ratios = "run,name,web,code\na,x,0.25,0.75\nb,y,0.5,0.5\nc,z,1,0\n";
  const metrics = "run,name,mean\nc,z,3\na,x,1\nd,w,4\n";

  test("rows that all have, in the order of the first, whatever that of the others", async () => {
    const table = shapeTables([await parse(ratios, "r.csv"), await parse(metrics, "m.csv")], {
      join: "run",
    });
    expect(cells(table)).toEqual({
      run: ["a", "c"],
      name: ["x", "z"],
      web: ["0.25", "1"],
      code: ["0.75", "0"],
      mean: ["1", "3"],
    });
    expect(table.notes).toEqual([
      "joined by run: 2 rows",
      "1 row of r.csv left out, since not every file has them",
      "1 row of m.csv left out, since not every file has them",
    ]);
    const runs = toRuns(table, { targets: "mean" });
    expect(runs.domains).toEqual(["web", "code"]);
    expect(runs.source).toBe("r.csv and m.csv");
    expect(runs.reading).toEqual({ targets: "mean", join: "run", sources: ["r.csv", "m.csv"] });
  });

  test.each([
    ["run,name,mean\na,x,1\na,x,2\n", /m\.csv, data row 2 has the run a of data row 1/],
    ["run,name,mean\na,q,1\n", /column "name" of r\.csv and m\.csv differs at run a: rename it/],
    ["run,mean\n,1\n", /m\.csv, data row 1 has no run/],
    ["run,mean\nq,1\n", /have no run in common \(r\.csv: a, b,? .*m\.csv: q\)/],
    ["id,mean\na,1\n", /m\.csv has no column "run"/],
  ])("%j is refused", async (text, message) => {
    const tables = [await parse(ratios, "r.csv"), await parse(text, "m.csv")];
    expect(() => shapeTables(tables, { join: "run" })).toThrow(message);
  });

  test("1 and 1.0, as pandas writes it, are one value of the key", async () => {
    const tables = [await parse("run,a\n1,5\n2,6\n"), await parse("run,b\n2.0,8\n1.0,7\n")];
    expect(cells(shapeTables(tables, { join: "run" }))).toEqual({
      run: ["1", "2"],
      a: ["5", "6"],
      b: ["7", "8"],
    });
  });

  test("without a word, files with other columns are refused, with the word", async () => {
    const tables = [await parse(ratios, "r.csv"), await parse("run,a,b,c\na,1,2,3\n", "m.csv")];
    expect(() => shapeTables(tables)).toThrow(/‘join: run’ puts them beside each other/);
    const [first] = tables;
    expect(() => shapeTables(first === undefined ? [] : [first], { join: "run" })).toThrow(
      /is one/,
    );
  });
});

describe("one after the other", () => {
  test("what a file lacks is missing, and rows are named by their file", async () => {
    const tables = [
      await parse("a,b\n1,2\n", "x.csv"),
      await parse("b,a,c\n4,3,5\n6,7,8\n", "y.csv"),
    ];
    const table = shapeTables(tables);
    expect(cells(table)).toEqual({ a: ["1", "3", "7"], b: ["2", "4", "6"], c: [null, "5", "8"] });
    expect(table.notes).toEqual(["x.csv lacks the columns c of other files"]);
    expect(rowPlace(table, 2)).toBe("y.csv, data row 2");
    expect(table.sha256).not.toBe(shapeTables(tables.toReversed()).sha256);
  });
});

describe("long tables", () => {
  test("key, kind, name and value, in any order of rows", async () => {
    const text =
      "run,n,kind,name,value\nr1,5,share,web,0.5\nr2,6,share,web,1\nr1,5,loss,web,3\nr1,5,share,code,0.5\nr2,6,loss,web,2\n";
    const table = shapeTables([await parse(text)], { long: "run,kind,name,value" });
    expect(cells(table)).toEqual({
      run: ["r1", "r2"],
      n: ["5", "6"],
      share_web: ["0.5", "1"],
      loss_web: ["3", "2"],
      share_code: ["0.5", null],
    });
    expect(table.notes).toEqual(["5 rows of one value each are 2 runs"]);
    expect(rowPlace(table, 1)).toBe("runs.csv, data row 2");
  });

  test("name and value, where all other columns say which run", async () => {
    const text = "size,domain,share,loss_a\n1,web,0.5,3\n1,code,0.5,3\n2,web,1,2\n";
    expect(cells(shapeTables([await parse(text)], { long: "domain,share" }))).toEqual({
      size: ["1", "2"],
      loss_a: ["3", "2"],
      share_web: ["0.5", "1"],
      share_code: ["0.5", null],
    });
    expect(
      cells(
        shapeTables([await parse("n,metric,value\n1,loss_a,3\n1,loss_b,4\n")], {
          long: "metric,value",
        }),
      ),
    ).toEqual({ n: ["1"], loss_a: ["3"], loss_b: ["4"] });
  });

  test("names are printable text on one line, as those of a header", async () => {
    const text = 'run,name,value\na,"loss_\u001b[2J",3\na,"loss_b\n}",2\n';
    const { columns } = shapeTables([await parse(text)], { long: "run,name,value" });
    expect([...columns.keys()].join()).toMatch(/^run,loss_[ -~]*,loss_b[ -~]*$/);
    // Equal ones are found after that, too.
    const twice = 'run,name,value\na,"x\ny",3\na,x y,2\n';
    const table = await parse(twice);
    expect(() => shapeTables([table], { long: "run,name,value" })).toThrow(/x y is there twice/);
  });

  test.each([
    [
      "run,n,name,value\na,1,x,1\na,2,y,1\n",
      "run,name,value",
      /data row 2, column "n": 2, and 1 in data row 1/,
    ],
    ["run,name,value\na,x,1\na,x,2\n", "run,name,value", /x is there twice for one run/],
    ["run,name,value\na,,1\n", "run,name,value", /data row 1 has no name/],
    ["run,name,value\n,x,1\n", "run,name,value", /data row 1 has no run/],
    ["run,name,value\na,run,1\n", "run,name,value", /has a column "run" already/],
    ["run,name,value\na,x,1\n", "run", /two to four columns/],
    ["run,name,value\na,x,1\n", "run,nam,value", /no column "nam"; did you mean "name"/],
  ])("%j by %j is refused", async (text, long, message) => {
    const table = await parse(text);
    expect(() => shapeTables([table], { long })).toThrow(message);
  });
});
