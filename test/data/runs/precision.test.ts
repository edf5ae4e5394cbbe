/** Standard deviations and weights of losses, from a table's columns. */
import { describe, expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import type { RunsOptions } from "../../../src/data/runs/runs-options.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { InputError } from "../../../src/base/errors.ts";

const text = `n_params,loss_a,loss_b,lo_a,hi_a,lo_b,hi_b,s,w
1e6,3.5,2.5,3.4,3.6,2.4,2.8,0.1,1
2e6,3.4,,3.3,3.5,,,0.2,0
4e6,3.3,2.2,3.2,3.4,2.1,2.2,0.4,2.5
`;
const read = async (options: RunsOptions, from = text): Promise<Runs> =>
  toRuns(await parseTable(new TextEncoder().encode(from), "csv", "runs.csv"), options);
const refused = (options: RunsOptions, from = text): Promise<InputError> =>
  read(options, from).then(
    () => Promise.reject(new Error("accepted")),
    (error: unknown) => (error instanceof InputError ? error : Promise.reject(error as Error)),
  );

describe("sigma", () => {
  test("one column is for every target", async () => {
    const { sigmas } = (await read({ sigma: "s" })).train;
    expect(sigmas?.map((s) => [...s])).toEqual([
      [0.1, 0.2, 0.4],
      [0.1, NaN, 0.4],
    ]);
  });

  test("two columns are a 95 % interval, the star being the target's name; a missing loss needs none", async () => {
    const { sigmas } = (await read({ sigma: "lo_*,hi_*" })).train;
    for (const s of sigmas?.[0] ?? []) expect(s).toBeCloseTo(0.2 / 3.92, 5);
    expect(sigmas?.[1][0]).toBeCloseTo(0.4 / 3.92, 5);
    expect(sigmas?.[1][1]).toBeNaN();
  });

  test.each<[string, RunsOptions, RegExp]>([
    [
      "a column that is not there",
      { sigma: "lo_*,high_*" },
      /‘sigma’: runs.csv has no column "high_a".*hi_a/,
    ],
    ["three columns", { sigma: "s,w,lo_a" }, /‘sigma’ is "s,w,lo_a".*'ci95lo_\*,ci95hi_\*'/],
    [
      "an interval the wrong way round",
      { sigma: "hi_*,lo_*" },
      /data row 1, column "hi_a" to "lo_a".*above 0/,
    ],
    [
      "a standard deviation of 0",
      { sigma: "w" },
      /data row 2, column "w": the standard deviation 0 must be above 0/,
    ],
  ])("%s", async (_, options, message) => {
    expect((await refused(options)).message).toMatch(message);
  });

  test("an empty cell beside a loss", async () => {
    expect(
      (await refused({ sigma: "lo_*,hi_*" }, text.replace("2.4,2.8", ",2.8"))).message,
    ).toMatch(/data row 1, column "lo_b"/);
  });
});

describe("rowWeights", () => {
  test("is read, and a row of weight 0 counts nowhere", async () => {
    const { train, dropped } = await read({ rowWeights: "w" });
    expect([...(train.rowWeights ?? [])]).toEqual([1, 2.5]);
    expect([...train.rowNumbers]).toEqual([1, 3]);
    expect(dropped).toEqual([{ reason: "zero weight", rows: 1 }]);
    expect((await read({})).train.rowWeights).toBeUndefined();
  });

  test("0 in every row is refused", async () => {
    const zeros = text.replace(/,[\d.]+\n/g, ",0\n");
    expect((await refused({ rowWeights: "w" }, zeros)).message).toMatch(
      /column "w" of .*: all 3 train rows have weight 0/,
    );
  });

  test("below 0 is refused", async () => {
    expect((await refused({ rowWeights: "w" }, text.replace("2.5\n", "-1\n"))).message).toMatch(
      /data row 3, column "w": the weight -1/,
    );
  });
});
