/** Sizes that targets have from the same rows are those that each has alone. */
import { expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { bindToRuns } from "../../../src/fit/bind-to-runs.ts";
import { SizeFinder } from "../../../src/fit/starts/natural-sizes.ts";
import { rowSampler, sampleRows, spacedRows } from "../../../src/fit/starts/sample-rows.ts";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";

const table = await parseTable(
  new TextEncoder().encode(
    ["x,y", ...Array.from({ length: 60 }, (_, i) => `${i - 20},${i % 7}`)].join("\n"),
  ),
  "csv",
  "drawn.csv",
);
const { law, runs } = formulaProblem(table, "y = a*exp(-b*abs(x)) + c*tanh((x - m)/w)");
const bound = bindToRuns(law, runs, fitSettings({}));
const whole = runs.train.losses[0];
const gappy = whole.map((y, row) => (row % 3 === 0 ? NaN : y));

test("of responses with gaps and without, one after the other", () => {
  const rowsOf = rowSampler(runs.train, 0, 48);
  const finder = new SizeFinder(bound);
  for (const [losses, spread] of [
    [whole, 2],
    [whole, 3],
    [gappy, 3],
    [whole, 0.1],
  ] as const) {
    const alone = sampleRows(runs.train, 0, spacedRows(losses, 48));
    const found = finder.find(rowsOf(losses), spread);
    expect(found).toEqual(new SizeFinder(bound).find(alone, spread));
    // In the unit of its frame a is of the size of the response.
    expect(found[0].sizes[0] / spread).toBe(finder.find(alone, 1)[0].sizes[0]);
  }
});

test("a sample is that of the response before only where its rows are", () => {
  const rowsOf = rowSampler(runs.train, 0, 48);
  const first = rowsOf(whole);
  expect(rowsOf(whole.map((y) => 2 * y))).toBe(first);
  expect(rowsOf(gappy)).not.toBe(first);
  expect(rowsOf(gappy).count).toBe(40);
});
