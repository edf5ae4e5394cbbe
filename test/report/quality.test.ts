/** The facts of the views of quality, of a fit to drawn runs. */
import { beforeAll, describe, expect, test } from "vitest";
import { predict } from "../../src/fit/predict.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { isLacking } from "../../src/views/kit/view.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { type Material, materialOf } from "../../src/report/facts/material.ts";
import { backtestsFacts } from "../../src/report/facts/quality/backtests.ts";
import { lossesFacts } from "../../src/report/facts/quality/losses-over-tokens.ts";
import { observedPredictedFacts } from "../../src/report/facts/quality/observed-predicted.ts";
import { residualsFacts } from "../../src/report/facts/quality/residuals.ts";
import { groupsOf } from "../../src/report/facts/quality/row-groups.ts";
import { packed } from "../../src/views/kit/packed.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";

const SIZES = [1e8, 2e8, 4e8];
const drawn = draw(laws.chinchilla, { domains: 0, mixtures: 1, sizes: [...SIZES, 8e8], noise: 3e-3, targets: 2 }); // prettier-ignore
const mixed = draw(laws.additive, { domains: 3, mixtures: 12, sizes: SIZES, noise: 3e-3 });

/** Runs up to 4e8 are fitted, those above held out. */
function split(runs: Runs): Runs {
  const { train } = runs;
  const { params } = train.inputs;
  const part = (isIn: (n: number) => boolean): Runs["train"] => {
    const rows = [...params.keys()].filter((row) => isIn(params[row]));
    const at = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]); // prettier-ignore
    return {
      rows: rows.length,
      rowNumbers: Int32Array.from(rows, (row) => train.rowNumbers[row]),
      inputs: Object.fromEntries(Object.entries(train.inputs).map(([name, x]) => [name, at(x)])),
      weights: new Float64Array(0),
      losses: train.losses.map(at),
    };
  };
  return { ...runs, train: part((n) => n <= 4e8), test: part((n) => n > 4e8) };
}

function shown<Data>(data: Data): Exclude<Data, { readonly lacks: string }> {
  if (isLacking(data)) throw new Error(data.lacks);
  packed(data); // throws for numbers that a report cannot hold
  return data as Exclude<Data, { readonly lacks: string }>;
}

let runs: Runs;
let file: FitFile;
let material: Material;
let mixedFile: FitFile;
beforeAll(async () => {
  const engine = await cpuEngine();
  runs = split(drawn.runs);
  file = await engine.fit(laws.chinchilla, runs, { restarts: 8, backtest: true });
  material = materialOf(file, []);
  mixedFile = await engine.fit(laws.additive, mixed.runs, { restarts: 8 });
  await engine.close();
});

describe("observed and predicted", () => {
  test("predictions are those of predict, at the rows that they belong to", () => {
    const { train, test: held, targets } = shown(observedPredictedFacts(material));
    expect(targets.map(({ target }) => target)).toEqual(runs.targets);
    expect(train.observed[1]).toEqual(runs.train.losses[1]);
    const expected = predict(file, { ...runs, train: runs.test ?? runs.train });
    expect(held?.predicted.map((x) => [...x])).toEqual(expected.map(({ values }) => [...values]));
    expect(held?.params).toEqual(runs.test?.inputs["params"]);
  });

  test("a back-test is the mean of a level, and as far from it as the file says", () => {
    const [target] = shown(observedPredictedFacts(material)).targets;
    const [test_] = file.fits[0]?.backtests?.list ?? [];
    const level = runs.train.losses[0].filter((_, row) => runs.train.inputs["params"][row] === 4e8);
    const mean = level.reduce((a, b) => a + b) / level.length;
    expect(target?.backtests[0]?.observed).toBeCloseTo(mean, 12);
    expect(target?.backtests[0]?.predicted).toBeCloseTo(mean + (test_?.error ?? NaN), 12);
  });
});

test("groups keep equal values together and have enough rows", () => {
  const x = Float64Array.of(0, 3, 0, 0, 0, 9, 8, 7, 0, 5);
  expect(groupsOf(x, 3, 1)).toEqual([[0, 2, 3, 4, 8], [1, 9, 7, 6], [5]]);
  expect(groupsOf(x, 3, 2)).toEqual([
    [0, 2, 3, 4, 8],
    [1, 9, 7, 6, 5],
  ]);
  expect(groupsOf(Float64Array.of(2, 1, 2, 1), 8, 1)).toEqual([[1, 3], [0, 2]]); // prettier-ignore
});

describe("residuals", () => {
  test("medians are of residuals in standard deviations, a bin a size", () => {
    const { variables, sd } = shown(residualsFacts(material));
    expect(variables.map(({ name }) => name)).toEqual(["N", "D"]);
    expect(sd).toBeNull();
    const [size] = variables;
    expect(size?.train.map(({ at }) => at)).toEqual(SIZES);
    const [{ values }] = predict(file, runs);
    const residuals = [...values]
      .map((value, row) => (value - runs.train.losses[0][row]) / (file.fits[0]?.residualSd ?? NaN))
      .filter((_, row) => runs.train.inputs["params"][row] === 1e8)
      .toSorted((a, b) => a - b);
    expect(size?.train[0]?.medians[0]).toBeCloseTo(residuals[2], 9); // of five
  });

  test("shares that vary are among the variables", () => {
    const { variables } = shown(residualsFacts(materialOf(mixedFile, [])));
    expect(variables.map(({ name }) => name)).toEqual(["N", "D", "d0", "d1", "d2"]);
  });
});

describe("back-tests", () => {
  test("the band at the plan is the interval without what is open of the parameters", async () => {
    const { targets, level } = shown(backtestsFacts(material));
    expect(level).toBe(0.95);
    const [first] = targets;
    expect(first?.tests).toHaveLength(1);
    expect(first?.heldOut).toHaveLength(1); // one size beyond
    const { half, distance } = first?.expected ?? { half: [], distance: [] };
    expect(distance[0]).toBe(0);
    expect([...half]).toEqual([...half].toSorted((a, b) => a - b));
  });

  test("say what is missing", () => {
    const none = { levels: [], list: [], axis: "params", scale: 1, noise: 1 } as const;
    const without = { ...file, fits: file.fits.map((fit) => ({ ...fit, backtests: none })) };
    const lacks = (settings: Partial<FitFile["settings"]>): unknown =>
      backtestsFacts(materialOf({ ...without, settings: { ...file.settings, ...settings } }, []));
    expect(lacks({ backtest: false })).toHaveProperty("lacks", expect.stringContaining("without --no-backtest")); // prettier-ignore
    expect(lacks({ backtest: "auto" })).toHaveProperty("lacks", expect.stringContaining("fit again with --backtest")); // prettier-ignore
  });
});

describe("losses over D", () => {
  test("curves and bands are those of predict, and runs lie at their size", async () => {
    const optimum = await optimize(mixedFile, { params: 1e9, tokens: 1e11, samples: 0, epsilon: 0 }); // prettier-ignore
    const planned = materialOf(mixedFile, [{ name: "o.json", optimum }]);
    const { groups } = shown(lossesFacts(planned));
    const [plan, trained] = groups;
    expect(plan?.panels[0]?.curves.map(({ mixture }) => mixture)).toEqual(["uniform", "optimum"]);
    const curve = plan?.panels[0]?.curves[1];
    const tokens = plan?.tokens ?? new Float64Array();
    const points = pointsAt(tokens, 1e9, Object.values(optimum.weights));
    const [{ values, band }] = predict(mixedFile, points);
    expect([...(curve?.values ?? [])]).toEqual([...values]);
    expect([...(curve?.high ?? [])]).toEqual([...(band?.high ?? [])]);
    const [panel] = trained?.panels ?? [];
    expect(panel?.curves.map(({ params }) => params)).toEqual(SIZES);
    expect(panel?.points).toHaveLength(trained === undefined ? 0 : 15);
  });

  test("say what is missing", () => {
    const { rows: _, ...bare } = mixedFile;
    expect(lossesFacts(materialOf(bare, []))).toHaveProperty("lacks", expect.stringContaining("--no-rows")); // prettier-ignore
  });
});

const pointsAt = (tokens: Float64Array, params: number, mixture: readonly number[]): Runs => ({
  ...mixed.runs,
  train: {
    rows: tokens.length,
    rowNumbers: new Int32Array(tokens.length),
    inputs: { params: tokens.map(() => params), tokens },
    weights: Float64Array.from({ length: tokens.length * 3 }, (__, i) => mixture[i % 3]),
    losses: [],
  },
});
