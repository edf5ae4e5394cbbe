import { expect, test } from "vitest";
import { backtestTable, expectedSentence } from "../../../src/cli/print/backtest-tables.ts";
import type { Backtest } from "../../../src/fit/result/backtests.ts";
import type { Validation } from "../../../src/validate/validation.ts";

const backtest = (levels: number, error: number): Backtest => ({
  fittedTo: 1e8 * levels,
  levels,
  predicted: 1e8 * (levels + 1),
  rows: 10,
  distance: 0.5,
  error,
  scatter: 0.02,
  noise: 0.01,
  standardError: 0,
});
const tested = (target: string, error: number): Validation["backtests"][number] => ({
  law: "additive",
  target,
  backtests: { axis: "params", levels: [1e8, 2e8, 3e8, 4e8], scale: 2, noise: 0.01, list: [2, 3].map((n) => backtest(n, error)) },
}); // prettier-ignore
const validation = (over: Partial<Validation>): Validation =>
  ({ backtests: [], expected: null, level: 0.95, ...over }) as Validation;

test("back-tests are a table, a row a refit and level, over the targets", () => {
  expect(backtestTable(validation({}), 110)).toBe("");
  const text = backtestTable(
    validation({ backtests: [tested("loss_a", 0.03), tested("loss_b", -0.04)] }),
    110,
  );
  // √((1.5² + 2²)/2) % of losses of 2.
  expect(text).toMatch(/^additive +200M +300M +0\.50 +1\.77 +1\.00 +0\.50 +1 of 2$/m);
  expect(text).toMatch(/^additive +300M +400M /m);
  expect(text).toContain("Back-tests: refits to the smaller runs");
});

test("the error to expect is said where a scale was asked for", () => {
  expect(expectedSentence(validation({}), 110)).toBe("");
  const expected = [
    { law: "additive", distance: 0.7, percent: 1.234 },
    { law: "joint", distance: 0.7, percent: 2 },
  ];
  expect(expectedSentence(validation({ expected }), 200)).toBe(
    "Error to expect of a new run there (e^0.70 times beyond the runs; 95 %, mean over targets): additive ± 1.23 % and joint ± 2.00 %.",
  );
  const [inside] = expected.map((each) => ({ ...each, distance: 0 }));
  expect(expectedSentence(validation({ expected: [inside] }), 200)).toMatch(
    /inside the runs' range/,
  );
});
