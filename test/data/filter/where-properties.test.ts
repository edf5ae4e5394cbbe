import { describe, expect, test } from "vitest";
import { parseWhere } from "../../../src/data/filter/where.ts";
import type { Table } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { fc } from "../../support/property.ts";

const parse = (text: string, format: "csv" | "jsonl" = "csv"): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), format, `runs.${format}`);

/** The rows, from 1, that a filter keeps. */
function kept(table: Table, text: string): number[] {
  const passes = parseWhere(text).on(table);
  return Array.from({ length: table.rows }, (_, row) => row + 1).filter((row) => passes(row - 1));
}

describe("filters", () => {
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

  test("a filter keeps the rows that a plain evaluation of it keeps", async () => {
    const cells = [-2, -0.5, 0, 1, 3, null];
    const rows = cells.flatMap((x) => cells.map((y) => ({ x, y, s: x === null ? null : `t${x}` })));
    const data = await parse(rows.map((row) => JSON.stringify(row)).join("\n"), "jsonl");
    type Row = (typeof rows)[number];
    type Sum = { text: string; of: (row: Row) => number | null };
    type Test = { text: string; of: (row: Row) => boolean };
    const whole = (f: (a: number, b: number) => number, a: Sum, b: Sum) => (row: Row) => {
      const [m, n] = [a.of(row), b.of(row)];
      const result = m === null || n === null ? NaN : f(m, n);
      return Number.isNaN(result) ? null : result;
    };
    const compared = (f: (a: number, b: number) => boolean, a: Sum, b: Sum) => (row: Row) => {
      const [m, n] = [a.of(row), b.of(row)];
      return m !== null && n !== null && f(m, n);
    };
    const operators: [string, (a: number, b: number) => number][] = [
      ["+", (a, b) => a + b],
      ["-", (a, b) => a - b],
      ["*", (a, b) => a * b],
      ["/", (a, b) => a / b],
      ["^", (a, b) => a ** b],
    ];
    const comparisons: [string, (a: number, b: number) => boolean][] = [
      ["==", (a, b) => a === b],
      ["!=", (a, b) => a !== b],
      ["<", (a, b) => a < b],
      ["<=", (a, b) => a <= b],
      [">", (a, b) => a > b],
      [">=", (a, b) => a >= b],
    ];
    const column = fc.constantFrom<Sum>(
      { text: "x", of: (r) => r.x },
      { text: "`y`", of: (r) => r.y },
    );
    const constant = fc.constantFrom<Sum>(
      { text: "1", of: () => 1 }, { text: "(-2)", of: () => -2 }, { text: "50%", of: () => 0.5 }, { text: "3k", of: () => 3000 },
    ); // prettier-ignore
    const { test: any } = fc.letrec<{ sum: Sum; test: Test }>((tie) => ({
      sum: fc.oneof(
        { depthSize: "small" },
        column,
        constant,
        fc
          .tuple(tie("sum"), fc.constantFrom(...operators), tie("sum"))
          .map(([a, [sign, f], b]) => ({
            text: `(${a.text} ${sign} ${b.text})`,
            of: whole(f, a, b),
          })),
        tie("sum").map((a) => ({ text: `(-${a.text})`, of: whole((m) => -m, a, a) })),
      ),
      test: fc.oneof(
        { depthSize: "small" },
        fc
          .tuple(column, tie("sum"), fc.constantFrom(...comparisons), tie("sum"))
          .map(([x, a, [sign, f], b]) => ({
            text: `${x.text} + ${a.text} ${sign} ${b.text}`,
            of: compared(f, { text: "", of: whole((m, n) => m + n, x, a) }, b),
          })),
        fc.constantFrom<Test>(
          { text: "s == 't1'", of: (r) => r.s === "t1" },
          { text: "s > 't0'", of: (r) => r.s !== null && r.s > "t0" },
          { text: "s is missing", of: (r) => r.s === null },
          { text: "x not in (1, 3)", of: (r) => r.x !== null && r.x !== 1 && r.x !== 3 },
        ),
        fc.tuple(column, tie("sum")).map(([x, a]) => ({
          text: `${x.text}/${a.text} is not missing`,
          of: (r: Row) => whole((m, n) => m / n, x, a)(r) !== null,
        })),
        fc.tuple(tie("test"), tie("test")).map(([a, b]) => ({
          text: `(${a.text}) and (${b.text})`,
          of: (r: Row) => a.of(r) && b.of(r),
        })),
        fc.tuple(tie("test"), tie("test")).map(([a, b]) => ({
          text: `((${a.text}) or (${b.text}))`,
          of: (r: Row) => a.of(r) || b.of(r),
        })),
        tie("test").map((a) => ({ text: `not (${a.text})`, of: (r: Row) => !a.of(r) })),
      ),
    }));
    fc.assert(
      fc.property(any, (condition) => {
        const expected = rows.flatMap((row, i) => (condition.of(row) ? [i + 1] : []));
        expect(kept(data, condition.text)).toEqual(expected);
      }),
      { numRuns: 1000 },
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
});
