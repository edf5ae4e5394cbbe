/** Counts that cannot be absolute are asked about; units that are named are taken at their word. */
import { describe, expect, test } from "vitest";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import { everything, parse, read, refused } from "./fixture.ts";

const table = (rows: readonly string[], head = "n_params,n_tokens,loss_x"): string =>
  [head, ...rows].join("\n");
const millions = table(["20,0.3,5.1", "1500,60,2.3", "120,4,3.2"]);

describe("counts below 1e4 parameters or 1e6 tokens", () => {
  test("are refused: columns, smallest and largest, the unit they look like, the way out", async () => {
    const error = await refused(millions);
    expect(error.message).toBe(
      'runs.csv: counts of parameters and tokens are absolute, and column "n_params" has 20 to 1500, which looks like millions; column "n_tokens" has 0.3 to 60, which looks like billions: say so with ‘units: params=1e6,tokens=1e9’, or insist with ‘units: absolute’',
    );
    expect([error.where.option, error.where.file]).toEqual(["units", "runs.csv"]);
  });

  test.each([
    ["9999,1e9,2", /"n_params" has 9999/],
    ["1e4,999999,2", /"n_tokens" has 9\.99999e5/],
    [
      "0.35,1e9,2",
      /"n_params" has 0\.35, which looks like billions: say so with ‘units: params=1e9’/,
    ],
    ["1e9,0.02,2", /"n_tokens" has 0\.02, which looks like trillions/],
    ["4e8,70,2", /"n_tokens" has 70, which looks like billions/],
  ])("%s", async (row, message) => {
    expect((await refused(table([row]))).message).toMatch(message);
  });

  test.each(["1e4,1e6,2", "1e12,1e14,2"])("%s is accepted", async (row) => {
    expect((await read(table([row]))).train.rows).toBe(1);
  });

  test.each([
    [["7,1e12,2", "70,1.4e12,1.8"], /"n_params" has 7 to 70, which looks like billions/],
    [["0.1,2,3", "3,60,2"], /params=1e9,tokens=1e9/],
    [["125,300,3", "1300,300,2"], /params=1e6,tokens=1e9/],
    [["20,1e9,3", "70,1.4e9,2"], /params=1e6’/],
  ])("%s are guessed by sizes and tokens a parameter", async (rows, message) => {
    expect((await refused(table(rows))).message).toMatch(message);
  });

  test("a few of them among absolute counts are told from other units", async () => {
    const text = table(["1e8,500000,7", "1e8,1e10,3"]);
    expect((await refused(text)).message).toMatch(
      /"n_tokens" has 5e5 to 1e10, of which those below 1e6 are too few: leave those rows out with ‘where: n_tokens >= 1000000’, or insist with ‘units: absolute’$/,
    );
    expect((await read(text, { where: "n_tokens >= 1e6" })).train.rows).toBe(1);
  });

  test("count only in rows and columns that are used, held-out rows too", async () => {
    const text = table(["1e8,1e9,2", "5,1e9,3"]);
    await read(text, { where: "n_params > 1e6" });
    expect(
      (await refused(text, { where: "n_params > 1e6", test: "n_params == 5" })).message,
    ).toMatch(/"n_params" has 5 to 1e8/);
    await read(millions, { need: { ...everything, params: false, tokens: false, weights: false } });
  });

  test("of unique tokens are asked about, other inputs are not", async () => {
    const text = table(
      ["1e8,1e9,2,3,0.5", "2e8,2e9,1,2,0.25"],
      "n_params,n_tokens,unique_tokens,loss_x,sparsity",
    );
    const inputs = { unique_tokens: "unique_tokens", sparsity: "sparsity" };
    expect((await refused(text, { inputs })).message).toMatch(
      /column "unique_tokens" has 1 to 2, which looks like billions: say so with ‘units: unique_tokens=1e9’/,
    );
    const { train } = await read(text, { inputs, units: { unique_tokens: 1e9 } });
    expect(train.inputs["unique_tokens"]).toEqual(Float64Array.of(2e9, 1e9));
  });
});

describe("units", () => {
  test("that are named make counts absolute, and are told", async () => {
    const runs = await read(millions, { units: { params: 1e6, tokens: 1e9 } });
    expect(runs.train.inputs["params"]).toEqual(Float64Array.of(2e7, 1.5e9, 1.2e8));
    expect(runs.train.inputs["tokens"]).toEqual(Float64Array.of(3e8, 6e10, 4e9));
    expect(runs.units).toEqual({ params: 1e6, tokens: 1e9 });
    expect(runs.notes).toContain(
      "n_params is in units of 1e6, n_tokens is in units of 1e9, as ‘units’ says",
    );
  });

  test("absolute insists, and so does a unit of 1; what is not named is asked about", async () => {
    for (const units of ["absolute", { params: 1, tokens: 1 }] as const) {
      const { train, notes } = await read(millions, { units });
      expect(train.inputs["params"]).toEqual(Float64Array.of(20, 1500, 120));
      expect(notes.join()).not.toMatch(/units/);
    }
    expect((await refused(millions, { units: { params: 1e6 } })).message).toMatch(
      /absolute, and column "n_tokens" has/,
    );
  });

  test("of what is no input, or that are no units, are refused", async () => {
    expect((await refused(millions, { units: { params: 1e6, tokns: 1e9 } })).message).toBe(
      '‘units’ names "tokns", which is no input: did you mean "tokens"?',
    );
    expect((await refused(millions, { units: { params: 0 } })).message).toMatch(
      /‘units.params’ is 0; it must be a positive number/,
    );
  });
});

test("formulas on a column called params of another meaning insist", async () => {
  const text = "params,y\n1,2\n2,3\n3,4.5\n4,5\n";
  await expect(async () => formulaProblem(await parse(text), "y = a + b*params")).rejects.toThrow(
    /column "params" has 1 to 4, which looks like billions.*insist with ‘units: absolute’/,
  );
  const { runs } = formulaProblem(await parse(text), "y = a + b*params", {
    runs: { units: "absolute" },
  });
  expect(runs.train.inputs["params"]).toEqual(Float64Array.of(1, 2, 3, 4));
});
