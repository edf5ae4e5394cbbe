/** Where the unique tokens of domains come from, and what is said where there are none. */
import { describe, expect, test } from "vitest";
import type { RunsOptions } from "../../../src/data/runs/runs-options.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { Row } from "../../../src/data/table/rows.ts";

const ROWS: readonly Row[] = [
  { n_tokens: 1e9, h_web: 0.75, h_code: 0.25, u_web: 5e8, u_code: 2e8, loss_a: 3 },
  { n_tokens: 2e9, h_web: 0.5, h_code: 0.5, u_web: 4e8, u_code: 1e8, loss_a: 2.9 },
];
const without = (...names: readonly string[]): Row[] =>
  ROWS.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))),
  );
const need = { params: false, tokens: true, weights: true, inputs: [], supply: true } as const;
const supplyIn = (rows: readonly Row[], options: RunsOptions = {}) => {
  const { inputs } = toRuns(rows, { need, ...options }).train;
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, values]) =>
      name === "tokens" ? [] : [[name, [...values]]],
    ),
  );
};

describe("the supply", () => {
  test("is in columns u_<domain>, in the unit of tokens", () => {
    expect(supplyIn(ROWS)).toEqual({ "u[web]": [5e8, 4e8], "u[code]": [2e8, 1e8] });
    const small = ROWS.map((row) => ({ ...row, n_tokens: 1, u_web: 0.5, u_code: 0.25 }));
    expect(supplyIn(small, { units: { tokens: 1e9 } })).toEqual({
      "u[web]": [5e8, 5e8],
      "u[code]": [2.5e8, 2.5e8],
    });
  });

  test("is one for all runs where it is given, column or not", () => {
    const given = { available: { web: 7e8, code: 3e8 } };
    const constant = { "u[web]": [7e8, 7e8], "u[code]": [3e8, 3e8] };
    expect(supplyIn(without("u_web", "u_code"), given)).toEqual(constant);
    expect(supplyIn(ROWS, given)).toEqual(constant);
    expect(supplyIn(without("u_web"), { available: { web: 7e8 } })).toEqual({
      "u[web]": [7e8, 7e8],
      "u[code]": [2e8, 1e8],
    });
  });

  test("has columns of its own names", () => {
    const rows = without("u_web", "u_code").map((row) => ({
      ...row,
      unique_web: 9e8,
      unique_code: 8e8,
    }));
    expect(supplyIn(rows, { supply: "unique_*" })).toEqual({
      "u[web]": [9e8, 9e8],
      "u[code]": [8e8, 8e8],
    });
  });

  test("of one domain is the column unique_tokens", () => {
    const rows = [{ n_tokens: 1e9, unique_tokens: 5e8, seen: 4e8, loss_a: 3 }];
    const runs = toRuns(rows, { need });
    expect(runs.domains).toEqual(["all"]);
    expect([...runs.train.weights]).toEqual([1]);
    expect(supplyIn(rows)).toEqual({ "u[all]": [5e8] });
    expect(supplyIn(rows, { inputs: { unique_tokens: "seen" } })).toEqual({ "u[all]": [4e8] });
  });

  test("of one domain counts in a unit of its own, which other tables do not have", () => {
    const rows = [{ n_tokens: 1e9, unique_tokens: 0.5, loss_a: 3 }];
    const units = { unique_tokens: 1e9 };
    expect(supplyIn(rows, { units })).toEqual({ "u[all]": [5e8] });
    expect(() => supplyIn(ROWS, { units })).toThrow(/"unique_tokens", which is no input/);
  });

  test("is not read where no law needs it", () => {
    expect(supplyIn(ROWS, { need: { ...need, supply: false } })).toEqual({});
  });

  test("that is missing is an error that names the domain", () => {
    expect(() => supplyIn(without("u_code"))).toThrow(
      /no supply of the domain "code" is given.*u\[i\].*‘available’ is not given.*no column "u_code"/,
    );
    expect(() => supplyIn([{ n_tokens: 1e9, loss_a: 3 }])).toThrow(
      /"u_all" or "unique_tokens".*if there are shares, name them with ‘weights’/,
    );
    expect(() => supplyIn(without("u_web", "u_code"), { available: { web: 1e9 } })).toThrow(
      /domain "code".*‘available’ does not name it/,
    );
    expect(() => supplyIn(ROWS, { available: { wbe: 1e9 } })).toThrow(
      /‘available’ names the domain "wbe".*web/,
    );
    expect(() => supplyIn(ROWS, { available: { web: 0 } })).toThrow(/available.web.*positive/);
  });
});
