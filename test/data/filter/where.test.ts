import { describe, expect, test } from "vitest";
import type { Table } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { parseWhere } from "../../../src/data/filter/where.ts";
import { InputError } from "../../../src/base/errors.ts";

const parse = (text: string, format: "csv" | "jsonl" = "csv"): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), format, `runs.${format}`);
const kept = (table: Table, text: string): number[] => {
  const passes = parseWhere(text).on(table);
  return Array.from({ length: table.rows }, (_, row) => row + 1).filter((row) => passes(row - 1));
};
/** The message, thrown at parsing or at matching. */
function refused(table: Table, text: string): string {
  try {
    kept(table, text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

const table = await parse(
  `split,n,odd name,flag,in\n${["train,10,a,True,x", "train,2.0,b,False,y", "eval,1e3,it's,True,x", "eval,,a,,y", "unused,-5,c,False,"].join("\n")}\n`,
);

describe("what passes", () => {
  test.each([
    ["split == 'train'", [1, 2]],
    ['split = "train"', [1, 2]],
    ["split != 'train'", [3, 4, 5]],
    ["split <> 'train'", [3, 4, 5]],
    ["split < 'f'", [3, 4]],
    ["n == 2", [2]],
    ["n == +2.00e0", [2]],
    ["n > 5", [1, 3]],
    ["n>=10", [1, 3]],
    ["n<-1", [5]],
    ["5 < n", [1, 3]],
    ["'train' == split", [1, 2]],
    ["n == '10'", [1]],
    ["split == 'train' and n > 5", [1]],
    ["split == 'train' or n == 1000", [1, 2, 3]],
    ["n == 1000 or split == 'train' and n == 10", [1, 3]],
    ["(n == 1000 or split == 'train') and n == 10", [1]],
    ["not split == 'train'", [3, 4, 5]],
    ["not not split == 'train'", [1, 2]],
    ["NOT (split == 'train' OR split = 'eval')", [5]],
    ["split in ('train', 'unused')", [1, 2, 5]],
    ["split not in ('train', 'unused')", [3, 4]],
    ["n in (10, 2)", [1, 2]],
    ["`odd name` == 'it''s'", [3]],
    ['`odd name` == "it\'s"', [3]],
    ["`in` == 'x'", [1, 3]],
    ["flag == true", [1, 3]],
    ["flag != true", [2, 5]],
    ["flag in (false)", [2, 5]],
    ["n in (-5, 1k)", [3, 5]],
    ["n in (5*2, 1e3)", [1, 3]],
  ])("%s", (text, rows) => {
    expect(kept(table, text)).toEqual(rows);
  });

  test("a missing cell makes every comparison false, so that not turns it true", () => {
    for (const op of ["==", "!=", "<", "<=", ">", ">="])
      expect(kept(table, `split == 'eval' and n ${op} 7`)).not.toContain(4);
    expect(kept(table, "n not in (7)")).not.toContain(4);
    expect(kept(table, "not n in (7)")).toContain(4);
    expect(kept(table, "not (n == 7)")).toContain(4);
    expect(kept(table, "not (n == 7)")).not.toEqual(kept(table, "n != 7"));
  });

  test("typed cells: numbers, booleans as 0 and 1", async () => {
    const typed = await parse('{"x": 1.5, "b": true}\n{"x": 3, "b": false}\n', "jsonl");
    expect(kept(typed, "x > 2")).toEqual([2]);
    expect(kept(typed, "x == '1.5'")).toEqual([1]);
    expect(kept(typed, "b == 1")).toEqual([1]);
    expect(kept(typed, "b == false")).toEqual([2]);
  });

  test("columns are listed once", () => {
    expect(parseWhere("a == 1 and (b in (1) or not a < 2)").columns).toEqual(["a", "b"]);
  });
});

const runs = await parse(`run,n_params,n_tokens,loss_web,loss_code,h_web,parent,seen,of
a,1e9,2e10,2.5,2.0,0.12,a,1,1
b,7e9,1e10,2.1,2.2,0.5,a,2,10
c,4e8,1.6e10,2.0,2.0,0.7,007,10,10
7,1e9,,,2.0,0.12,7.0,,x
e,2e12,4e13,1.5,1.6,0,zz,3,abc
`);

describe("arithmetic, suffixes, columns beside columns", () => {
  test.each([
    ["n_tokens/n_params >= 20", [1, 3, 5]],
    ["n_tokens >= 20*n_params", [1, 3, 5]],
    ["6*n_params*n_tokens <= 1.2e20", [1, 3]],
    ["n_params >= 7B", [2, 5]],
    ["n_params == 400M", [3]],
    ["n_params > 1.5T", [5]],
    ["n_tokens <= 10000000k", [2]],
    ["h_web == 12%", [1, 4]],
    ["-loss_web < -2.0", [1, 2]],
    ["(loss_web + loss_code)/2 < 2", [5]],
    ["loss_web^2 > 6", [1]],
    ["2 - 1 - 1 == h_web", [5]],
    ["loss_web < loss_code", [2, 5]],
    ["loss_web == loss_code", [3]],
    ["loss_web != loss_code", [1, 2, 5]],
    ["run == parent", [1, 4]],
    ["loss_web - loss_code > 10%", [1]],
    ["n_params/0 > 1e300", [1, 2, 3, 4, 5]],
  ])("%s", (text, rows) => {
    expect(kept(runs, text)).toEqual(rows);
  });

  test.each([
    ["loss_web is missing", [4]],
    ["loss_web is not missing", [1, 2, 3, 5]],
    ["loss_web IS NOT MISSING and not run is missing", [1, 2, 3, 5]],
    ["n_tokens/n_params is missing", [4]],
    ["h_web/h_web is missing", [5]],
    ["not n_tokens/n_params < 20", [1, 3, 4, 5]],
    ["not (loss_web != loss_code)", [3, 4]],
    ["run is missing", []],
  ])("%s", (text, rows) => {
    expect(kept(runs, text)).toEqual(rows);
  });

  test("is and missing are names of columns where no value stands before them", async () => {
    const data = await parse("is,missing\n1,2\n,3\n4,\n");
    expect(kept(data, "is == 1")).toEqual([1]);
    expect(kept(data, "missing > 2 or is is missing")).toEqual([2]);
    expect(kept(data, "missing is missing")).toEqual([3]);
    expect(kept(data, "is < missing and is is not missing")).toEqual([1]);
  });

  test("conditions before another one keep rows from it", () => {
    expect(kept(runs, "run not in ('e', '7') and seen < of")).toEqual([2]);
    expect(refused(runs, "seen < of")).toMatch(
      /data row 5, column "of" holds "abc", which is not a number like the other: leave such rows out/,
    );
  });
});

describe("what a table refuses, and how it is shown", () => {
  test.each([
    [
      "splt == 'train'",
      /no column "splt"; did you mean "split"\?\n {2}splt == 'train'\n {2}\^\^\^\^$/,
    ],
    ["zzz == 1", /no column "zzz"; the columns are: /],
    ["split == train", /write 'train' if it is text\n {2}split == train\n {11}\^\^\^\^\^$/],
    ["split == fla", /write 'fla' if it is text, or "flag" if that is the column\n/],
    [
      "train == split",
      /no column "train": write 'train' if it is text\n {2}train == split\n {2}\^{5}$/,
    ],
    ["n + nn > 3", /no column "nn"; did you mean "n"\?\n/],
    [
      "split == 3",
      /data row 1, column "split" holds "train", which is not a number: put quotes[^\n]*\n {2}split == 3\n {2}\^{5}$/,
    ],
    ["split + 1 > n", /column "split" holds "train", which is not a number: leave such rows out/],
    ["split == true", /column "split" holds "train", which is not true or false/],
  ])("%s", (text, message) => {
    expect(refused(table, text)).toMatch(message);
  });

  test("a column whose name looks like arithmetic is found", async () => {
    const wandb = await parse("config/n_params,loss/c4-en\n1,2\n");
    expect(refused(wandb, "config/n_params > 1")).toMatch(
      /no column "config"; put backticks around the name of the column: `config\/n_params`\n/,
    );
    expect(refused(wandb, "2*(loss/c4-en) > 1")).toMatch(
      /around the name of the column: `loss\/c4-en`/,
    );
    expect(kept(wandb, "`config/n_params` < `loss/c4-en`")).toEqual([1]);
  });

  test("file, row, column and flag are on the error", () => {
    const passes = parseWhere("split > 3", "test").on(table);
    expect(() => passes(2)).toThrow(/^‘test’: /);
    expect(() => passes(2)).toThrow(
      expect.objectContaining({
        where: { file: "runs.csv", row: 3, column: "split", option: "test" },
      }),
    );
  });

  test("an unknown column is found that no row may ever reach", () => {
    expect(() => parseWhere("n > -100 or zzz == 1").on(table)).toThrow(/no column "zzz"/);
  });
});
