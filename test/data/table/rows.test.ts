/** Rows as plain objects. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/base/errors.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { type Row, tableOf } from "../../../src/data/table/rows.ts";

const ROWS = [
  { n_params: 1e8, n_tokens: 2e9, h_web: 0.5, h_code: 0.5, loss_web: 3.1 },
  { n_params: 3e8, n_tokens: 6e9, h_web: 1, h_code: 0, loss_web: 2.8 },
];

const circular: Record<string, unknown> = {};
circular["itself"] = circular;

describe("a table of plain objects", () => {
  test("has the columns and cells of the same rows as JSON", async () => {
    const json = new TextEncoder().encode(JSON.stringify(ROWS));
    const table = tableOf(ROWS, "runs.json");
    expect(table.columns).toEqual((await parseTable(json, "json", "runs.json")).columns);
    expect(table.rows).toBe(2);
    expect(toRuns(ROWS).train).toEqual(toRuns(table).train);
    expect(toRuns(ROWS, { test: "n_params > 2e8" }).test?.rows).toBe(1);
  });

  test("has a hash of its cells", () => {
    expect(tableOf(ROWS).sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(tableOf(ROWS.map((row) => ({ ...row }))).sha256).toBe(tableOf(ROWS).sha256);
    expect(tableOf(ROWS.slice(1)).sha256).not.toBe(tableOf(ROWS).sha256);
  });

  test("has missing cells where a row lacks a key, or has no value", () => {
    const empty = { a: undefined, b: NaN, c: null, when: new Date(NaN) };
    const { columns } = tableOf([{ a: 1 }, empty, { b: 2n, c: "x", when: new Date(0) }]);
    const cells = Object.fromEntries([...columns].map(([name, column]) => [name, column.cells]));
    expect(cells).toEqual({
      a: [1, null, null],
      b: [null, null, 2],
      c: [null, null, "x"],
      when: [null, null, "1970-01-01T00:00:00.000Z"],
    });
  });

  test.each<[string, unknown[], RegExp, number | undefined]>([
    ["no rows", [], /^the list of rows has no data rows: it needs a row for each run/, undefined],
    ["a row that is null", [ROWS[0], null], /^the list of rows, row 2 is null: each row must be one object with the columns as keys/, 2],
    ["a hole", [, ROWS[0]], /row 1 is undefined/, 1], // oxlint-disable-line no-sparse-arrays
    ["a row of values", [[1, 2]], /row 1 is an array/, 1],
    ["a text", ["1,2"], /row 1 is a string/, 1],
    ["rows without a key", [{}, {}], /holds only empty objects/, undefined],
    ["a key twice", [{ a: 1, " a": 2 }], /row 1: the key "a" is there twice, with and without spaces/, 1],
    ["a value that contains itself", [{ a: circular }], /row 1: the value of "a" is neither a number nor a text/, 1],
  ])("%s is refused", (_, rows, message, row) => {
    const read = (): unknown => tableOf(rows as Row[]);
    expect(read).toThrow(message);
    expect(read).toThrow(InputError);
    const place = { file: "the list of rows", ...(row === undefined ? {} : { row }) };
    expect(errorOf(read).where).toMatchObject(place);
  }); // prettier-ignore

  test("with values that are no numbers is refused by row and column where they are needed", () => {
    const nested = [ROWS[0], { ...ROWS[1], n_params: { total: 3e8 } }];
    expect(() => toRuns(nested as Row[])).toThrow(/row 2.*n_params|n_params.*row 2/);
    const wordy = [ROWS[0], { ...ROWS[1], loss_web: "low" }];
    expect(() => toRuns(wordy as Row[])).toThrow(/the list of rows.*row 2.*loss_web.*"low"/s);
    const alien = [{ params: 1e8, bpb: 3 }];
    expect(() => toRuns(alien)).toThrow(/no column of the list of rows matches loss_\*/);
  });

  test("takes keys that objects have by themselves", () => {
    const row = JSON.parse('{"__proto__": 1, "constructor": 2}') as Row;
    expect([...tableOf([row]).columns.keys()]).toEqual(["__proto__", "constructor"]);
  });
});

function errorOf(work: () => unknown): InputError {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error("no InputError");
}
