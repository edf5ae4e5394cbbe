import { describe, expect, test } from "vitest";
import { fc } from "../../support/property.ts";
import type { Table } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { parseWhere } from "../../../src/data/filter/where.ts";
import { InputError } from "../../../src/base/errors.ts";

const parse = (text: string, format: "csv" | "jsonl" = "csv"): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), format, `runs.${format}`);
const kept = (table: Table, text: string): number[] => {
  const where = parseWhere(text);
  return Array.from({ length: table.rows }, (_, row) => row + 1).filter((row) =>
    where.matches(table, row - 1),
  );
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

describe("what is refused, and how it is shown", () => {
  test.each([
    [
      "splt == 'train'",
      /no column "splt"; did you mean "split"\?\n {2}splt == 'train'\n {2}\^\^\^\^$/,
    ],
    ["zzz == 1", /no column "zzz"; the columns are: /],
    ["split == train", /write 'train' if it is text\n {2}split == train\n {11}\^\^\^\^\^$/],
    [
      "split == 3",
      /data row 1, column "split" holds "train", which is not a number: put quotes[^\n]*\n {2}split == 3\n {2}\^{5}$/,
    ],
    ["split == true", /column "split" holds "train", which is not true or false/],
    ["", /the filter is empty/],
    ["split", /expected a comparison .*found the end\n {2}split\n {7}\^$/],
    ["split == ", /expected a number or quoted text, found the end/],
    ["(n == 1", /expected "\)", found the end/],
    ["n == 1)", /expected "and", "or" or the end, found \)/],
    ["1 < n < 3", /expected "and", "or" or the end, found </],
    ["1 == 2", /expected a column name .*found 2/],
    ["== 2", /expected a column name, found ==/],
    ["n == 'x", /the ' is never closed\n {2}n == 'x\n {7}\^$/],
    ["n == 12abc", /numbers are written like/],
    ["n == 1_000", /numbers are written like/],
    ["n == 1e999", /too large/],
    ["n == 1 && n == 2", /unexpected "&": write "and"/],
    ["n == 1 | n == 2", /unexpected "\|": write "or"/],
    ["n-2 == 1", /expected a comparison/],
    ["a/b == 1", /unexpected "\/": put backticks/],
    ["n in 3", /expected "\(" after "in", found 3/],
    ["n in ()", /expected a number or quoted text, found \)/],
    ["n in (1, 2", /expected "," or "\)", found the end/],
    ["n not 3", /expected "in" after "not", found 3/],
    ["flag < true", /true and false have no order/],
    [`${"(".repeat(300)}n == 1${")".repeat(300)}`, /nested deeper than 200/],
    [`${"not ".repeat(300)}n == 1`, /nested deeper than 200/],
  ])("%s", (text, message) => {
    expect(refused(table, text)).toMatch(message);
  });

  test("file, row, column and flag are on the error", () => {
    const where = parseWhere("split > 3", "--test");
    expect(() => where.matches(table, 2)).toThrow(/^--test: /);
    expect(() => where.matches(table, 2)).toThrow(
      expect.objectContaining({
        where: { file: "runs.csv", row: 3, column: "split", flag: "--test" },
      }),
    );
  });

  test("check finds an unknown column that evaluation may never reach", () => {
    const where = parseWhere("n > -100 or zzz == 1");
    expect(() => where.check(table)).toThrow(/no column "zzz"/);
  });
});

describe("properties", () => {
  const leaf = fc.tuple(
    fc.constantFrom("a", "b"),
    fc.constantFrom("==", "!=", "<", "<=", ">", ">="),
    fc.integer({ min: -2, max: 2 }),
  );
  const small = parse(
    `a,b\n${Array.from({ length: 25 }, (_, i) => `${(i % 5) - 2},${Math.floor(i / 5) - 2}`).join("\n")}\n`,
  );

  test("and, or, not and their precedence are those of logic", async () => {
    const data = await small;
    fc.assert(
      fc.property(leaf, leaf, leaf, (x, y, z) => {
        const [p, q, r] = [x, y, z].map((parts) => parts.join(" "));
        const [P, Q, R] = [p, q, r].map((text) => new Set(kept(data, text)));
        const rows = (keep: (row: number) => boolean): number[] =>
          Array.from({ length: 25 }, (_, i) => i + 1).filter(keep);
        expect(kept(data, `${p} or ${q} and ${r}`)).toEqual(
          rows((i) => P.has(i) || (Q.has(i) && R.has(i))),
        );
        expect(kept(data, `not ${p} and ${q}`)).toEqual(rows((i) => !P.has(i) && Q.has(i)));
        expect(kept(data, `not (${p} or ${q})`)).toEqual(kept(data, `not ${p} and not ${q}`));
      }),
      { numRuns: 50 },
    );
  });

  test("any text and any column name survive quoting", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", minLength: 1 }),
        fc.string({ unit: "binary", minLength: 1 }),
        async (rawName, rawText) => {
          const [name, text] = [`c${rawName}c`, `t${rawText}t`];
          const data = await parse(
            `${JSON.stringify({ [name]: text })}\n${JSON.stringify({ [name]: "other" })}\n`,
            "jsonl",
          );
          const column = [...data.columns.keys()][0];
          const quote = (content: string, mark: string): string =>
            mark + content.replaceAll(mark, mark + mark) + mark;
          for (const mark of ["'", '"'])
            expect(kept(data, `${quote(column, "`")} == ${quote(text, mark)}`)).toEqual([1]);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("whatever is typed, it parses or is refused with an InputError", () => {
    const word = fc.constantFrom(
      "a",
      "==",
      "<",
      "(",
      ")",
      "and",
      "or",
      "not",
      "in",
      ",",
      "1",
      "'x'",
      "`b`",
      "true",
      "&",
      "",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(" ")),
        ),
        (text) => {
          try {
            parseWhere(text);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
