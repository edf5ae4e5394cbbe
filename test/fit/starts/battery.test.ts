/** Formulas with no ranges given are found, at any scale. */
import { afterAll, describe, expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { predict } from "../../../src/fit/predict.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import { cpuEngine } from "../engines.ts";
import { BATTERY, type BatteryCase, floorOf, tableOf } from "./battery.ts";

const engine = await cpuEngine();
afterAll(() => engine.close());

async function fitted(csv: string, formula: string, restarts: number): Promise<FitFile> {
  const table = await parseTable(new TextEncoder().encode(csv), "csv", "drawn.csv");
  const { law, runs } = formulaProblem(table, formula);
  return engine.fit(law, runs, { loss: "squared", restarts });
}

const caseOf = (name: string): BatteryCase => {
  const found = BATTERY.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no case ${name}`);
  return found;
};

test.each(BATTERY)("$name: $formula", async (each) => {
  const csv = tableOf(each);
  const [fit] = (await fitted(csv, each.formula, 24)).fits;
  // A fit ends below the truth, since it follows the noise too.
  expect(fit.objective).toBeLessThan(floorOf(each, csv));
});

describe("in other units", () => {
  const rescaled = (each: BatteryCase, x: number, y: number): string => {
    const [header, ...lines] = tableOf(each).split("\n");
    const scaled = lines.map((line) => {
      const cells = line.split(",").map(Number);
      return [cells[0] * x, ...cells.slice(1, -1), (cells.at(-1) ?? NaN) * y].join();
    });
    return [header, ...scaled].join("\n");
  };

  /** Powers of the units of x and y that each parameter has. */
  test.each<[string, Readonly<Record<string, readonly [number, number]>>]>([
    ["Michaelis–Menten, nanomolar", { V: [0, 1], K: [1, 0] }],
    ["Gaussian peak in nanometres", { a: [0, 1], m: [1, 0], b: [0, 1] }],
    ["double exponential", { c: [0, 1] }],
    ["wave of unknown frequency", { c: [0, 1] }],
    ["power law and a floor", { E: [0, 1], a: [0, 0] }],
  ])("%s is the same fit", async (name, powers) => {
    const each = caseOf(name);
    const [own] = (await fitted(tableOf(each), each.formula, 24)).fits;
    for (const [x, y] of [
      [1e9, 1e-12],
      [1e-7, 1e15],
    ]) {
      const [fit] = (await fitted(rescaled(each, x, y), each.formula, 24)).fits;
      expect(fit.objective / (own.objective * y * y)).toBeCloseTo(1, 8);
      for (const [parameter, [ofX, ofY]] of Object.entries(powers)) {
        const expected = Number(own.parameters[parameter]) * x ** ofX * y ** ofY;
        expect(Number(fit.parameters[parameter]) / expected, parameter).toBeCloseTo(1, 5);
      }
    }
  });
});

test("coordinates are centered, and the fit file alone predicts the same from them", async () => {
  const each = caseOf("wave in unix time");
  const csv = tableOf(each);
  const file = JSON.parse(JSON.stringify(await fitted(csv, each.formula, 24))) as FitFile;
  const [fit] = file.fits;
  expect(fit.frame?.origins["p"]).toBeDefined();
  const table = await parseTable(new TextEncoder().encode(csv), "csv", "drawn.csv");
  const { runs } = formulaProblem(table, each.formula);
  const [{ values }] = predict(file, runs);
  const { losses } = runs.train;
  const squares = values.reduce((sum, value, row) => sum + (value - losses[0][row]) ** 2, 0);
  expect(squares / values.length / 2 / fit.objective).toBeCloseTo(1, 9);
  // What is printed says the same, as far as float64 holds sums of 1e9.
  const p = fit.parameters as Readonly<Record<string, number>>;
  for (const [row, x] of runs.train.inputs["x"].entries())
    expect(each.truth(p, { x })).toBeCloseTo(values[row], 4);
});

test("a parameter that is bounded, or given a range, is optimized as it is", async () => {
  const csv = tableOf(caseOf("power law and a floor"));
  const table = await parseTable(new TextEncoder().encode(csv), "csv", "drawn.csv");
  const { law, runs } = formulaProblem(table, "y = E + A/x^a");
  const frames = await Promise.all(
    [{}, { bounds: { A: [0, null] } }, { ranges: { A: [1, 1000] } }].map(async (said) => {
      const file = await engine.fit(law, runs, { loss: "squared", restarts: 8, ...said } as object);
      return file.fits[0].frame;
    }),
  );
  expect(frames.map((frame) => Object.keys(frame?.origins ?? {}))).toEqual([["A"], [], []]);
});
