/** Intervals by one law of a file that has several. */
import { beforeAll, expect, test } from "vitest";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { predict, predictBy, type Prediction } from "../../../src/fit/predict.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const { runs } = draw(laws.chinchilla, { noise: 4e-3, seed: 6, targets: 1 });
const ofSize = lawFromFormula("L = E + A/params^alpha");

/** A point beyond the runs. */
const beyond = (inputs: Runs["train"]["inputs"]): Runs => ({
  ...runs,
  targets: [],
  train: {
    rows: 1,
    rowNumbers: Int32Array.of(1),
    inputs,
    weights: new Float64Array(),
    losses: [],
  },
});
const params = Float64Array.of(4e9);
const whole = beyond({ params, tokens: Float64Array.of(5e10) });

let alike: FitFile;
let told: FitFile;
beforeAll(async () => {
  const options = { restarts: 16, backtest: true };
  const { chosen, ...file } = await (await cpuEngine()).fit([laws.chinchilla, ofSize], runs, options); // prettier-ignore
  if (chosen === undefined) throw new Error("no law is chosen");
  const names = [laws.chinchilla.name, ofSize.name];
  alike = { ...file, chosen: { ...chosen, alike: names } };
  told = { ...file, chosen: { ...chosen, alike: names.slice(0, 1) } };
});

const widthOf = ([prediction]: readonly Prediction[]): number =>
  (prediction?.band?.high[0] ?? NaN) - (prediction?.band?.low[0] ?? NaN);

test.each([laws.chinchilla.name, ofSize.name])("%s: are those it has among all laws", (name) => {
  const alone = predictBy(alike, new Set([name]), whole);
  expect(alone).toEqual(predict(alike, whole).filter(({ law }) => law === name));
  expect(widthOf(alone)).toBeGreaterThan(1.01 * widthOf(predictBy(told, new Set([name]), whole)));
});

test("are its own where the other laws have no value for want of an input", () => {
  const name = new Set([ofSize.name]);
  const lacking = beyond({ params });
  expect(predictBy(alike, name, lacking)).toEqual(predictBy(told, name, lacking));
});
