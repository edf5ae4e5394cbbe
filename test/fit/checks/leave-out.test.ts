/** What a message says to leave rows out with is a filter that does so, pasted as it stands. */
import { expect, test } from "vitest";
import { InputError } from "../../../src/base/errors.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { RunsOptions } from "../../../src/data/runs/runs-options.ts";
import { parse } from "../../data/runs/fixture.ts";
import { bindAll } from "../../../src/fit/bind-to-runs.ts";
import { refusalsOf } from "../../../src/fit/checks/check-data.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { type FitOptions, fitSettings } from "../../../src/options/fit-options.ts";

const HEAD = "n_params,n_tokens,h_web,h_code,loss_x,loss y,sp arse,w";
const good = (n: number): string =>
  `${n}e8,${n + 1}e9,0.${n},0.${10 - n},${3 - n / 10},${4 - n / 10},0.${n},1`;
const GOOD = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(good);

const LAW = "L = E + A*log(x)/params^alpha";
const DIFFERENCE = "L = E + A*log(1 - x)/params^alpha";
const SHARE = 'L = E + A*log(0.95 - h["web"])/params^alpha';

/** The message of what cannot be read or fitted; undefined where all can. */
async function problemOf(
  text: string,
  asked: RunsOptions,
  formula: string,
  options: FitOptions,
): Promise<string | undefined> {
  const table = await parse(text);
  try {
    const law = lawFromFormula(formula, { inputs: ["x"] });
    const runs = toRuns(table, { inputs: { x: "sp arse" }, ...asked });
    const settings = fitSettings(options);
    const [bound] = bindAll([law], runs, settings);
    if (bound === undefined) throw new RangeError("there is no law");
    return refusalsOf(bound, runs, settings).find((refusal) => refusal !== undefined)?.message;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** The filters that a message names. */
const filtersIn = (message: string): RunsOptions =>
  Object.fromEntries([...message.matchAll(/‘(where|test): ([^’]*)’/g)].map(([, name, filter]) => [name, filter])); // prettier-ignore

test.each<[string, RunsOptions, string, FitOptions]>([
  ["1e8,1e9,0.3,0.3,2,2,0.5,1", {}, LAW, {}],
  ["1e8,1e9,0,0,2,2,0.5,1", { normalize: true }, LAW, {}],
  ["1e8,1e9,0.5,0.6,2,2,0.5,1", { where: "loss_x > 0 or w == 1" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,1e60,2,0.5,1", {}, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,-1e60,0.5,1", { targets: "loss_x,loss y" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,2,1e60,1", {}, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,2,0.5,1e-60", { rowWeights: "w" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,2,0.5,1e-60", { sigma: "w" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,2,0.5,1e60", { sigma: "w" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,2,0.5,1e60", { sigma: "sp arse,w" }, LAW, {}],
  ["300,1e9,0.5,0.5,2,2,0.5,1", { test: "n_params >= 8e8" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,-2,2,0.5,1", {}, LAW, { residual: "log" }],
  ["1e8,1e9,0.5,0.5,,-2,0.5,1", { targets: "loss_x,loss y" }, LAW, { residual: "log" }],
  ["1e8,1e9,0.5,0.5,2,2,0,1", {}, LAW, {}],
  ["9e8,1e9,0.5,0.5,2,2,-1,1", { test: "n_params >= 8e8" }, LAW, {}],
  ["1e8,1e9,0.5,0.5,2,2,1.5,1", {}, DIFFERENCE, {}],
  ["1e8,1e9,0.9505,0.0498,2,2,0.5,1", {}, SHARE, {}],
  ["1e8,1e9,95,5,2,2,0.5,1", { normalize: true }, SHARE, {}],
  ["1e8,1e9,0.1,0.9,2,2,0.5,1", {}, 'L = E + A*log(h["web"] + 0.3 - x)/params^alpha', {}],
  [
    "100,1e9,0.3,0.7,2,2,0.5,1",
    { units: { params: 1e6 } },
    "L = E + A*log(params/2e8 - 1)/params^alpha",
    {},
  ],
])("%s", async (bad, options, law, settings) => {
  const text = [HEAD, ...GOOD, bad].join("\n");
  const message = await problemOf(text, options, law, settings);
  const filters = filtersIn(message ?? "");
  expect(message).toBeDefined();
  expect(filters).not.toEqual({});
  expect(await problemOf(text, { ...options, ...filters }, law, settings)).toBeUndefined();
  const runs = toRuns(await parse(text), { ...options, ...filters });
  expect(runs.train.rows + (runs.test?.rows ?? 0)).toBe(GOOD.length);
});
