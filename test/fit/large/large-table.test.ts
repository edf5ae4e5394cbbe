import { describe, expect, test } from "vitest";
import { partialOf } from "../../../src/base/errors.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { sampleSizes } from "../../../src/fit/large/polish-all-rows.ts";
import { sampleOf } from "../../../src/fit/large/row-sample.ts";
import { predict } from "../../../src/fit/predict.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { poseProblem } from "../../../src/fit/search/pose-problem.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { Progress } from "../../../src/options/fit-options.ts";
import { minimize } from "../../../src/solve/levenberg-marquardt.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { cpuEngine } from "../engines.ts";
import { draw, HUBER } from "../fixture.ts";

const span = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

/** 36 000 runs. */
const drawn = draw(laws.chinchilla, {
  sizes: span(1e7, 1e10, 60),
  tokens: span(1e9, 1e12, 600),
  mixtures: 1,
  domains: 1,
  noise: 0.01,
});

describe("a sample of the rows", () => {
  const runs: Runs = {
    ...drawn.runs,
    train: {
      ...drawn.runs.train,
      losses: drawn.runs.train.losses.map((y) =>
        y.map((loss, row) => (row % 3 === 0 ? NaN : loss)),
      ),
    },
  };

  test("has rows of each size, as many as there is room for, and the same of the same seed", () => {
    const sample = sampleOf(runs, 500, 1).train;
    expect(sample.rows).toBe(500);
    expect(sample.losses[0].every(Number.isFinite)).toBe(true);
    const counts = new Map<number, number>();
    for (const n of sample.inputs["params"] ?? []) counts.set(n, (counts.get(n) ?? 0) + 1);
    expect(counts.size).toBe(60);
    // 500 of 60 sizes: 8 or 9 of each.
    expect(Math.min(...counts.values())).toBe(8);
    expect(Math.max(...counts.values())).toBe(9);
    const first = runs.train.rowNumbers.indexOf(sample.rowNumbers[0]);
    expect(sample.inputs["tokens"]?.[0]).toBe(runs.train.inputs["tokens"]?.[first]);
    expect(sampleOf({ ...runs }, 500, 1).train.rowNumbers).toEqual(sample.rowNumbers);
    expect(sampleOf(runs, 500, 2).train.rowNumbers).not.toEqual(sample.rowNumbers);
  });

  test("has rows of all targets, and of as many sizes as there is room for", () => {
    const losses = [0, 1].map((target) =>
      drawn.runs.train.losses[0].map((y, row) => (row % 2 === target ? y : NaN)),
    );
    const two = { ...drawn.runs, train: { ...drawn.runs.train, losses } };
    const sample = sampleOf(two, 40, 1).train;
    expect(sample.rows).toBe(80);
    for (const y of sample.losses) expect(y.filter(Number.isFinite).length).toBe(40);
  });
});

test("tables are searched whole up to 32768 rows", () => {
  expect(sampleSizes(32_768, 5)).toEqual([]);
  expect(sampleSizes(32_769, 5)).toEqual([2048]);
  expect(sampleSizes(40_000, 133)).toEqual([8512]);
  expect(sampleSizes(1e6, 5)).toEqual([2048, 32_768]);
});

test("the fit of a large table is the optimum of all its rows", async () => {
  const engine = await cpuEngine();
  const file = await engine.fit(laws.chinchilla, drawn.runs, { restarts: 8 });
  const [fit] = file.fits;
  expect(fit.search).toMatchObject({ sampledRows: 2048, status: "converged" });
  expect(fit.train.rows).toBe(36_000);
  const { law } = drawn;
  const problem = poseProblem(law, drawn.runs.train, HUBER);
  const normal = new NormalEquations(problem.program, problem.packed, 0, problem.losses[0]);
  const options = {
    iterations: 200,
    tolerance: 1e-14,
    gradient: 1e-10,
    newton: true,
    exact: false,
  };
  const best = minimize(normal, drawn.truths[0], problem.box, options);
  expect(best.status).toBe("converged");
  expect(fit.objective / best.objective - 1).toBeCloseTo(0, 10);
  expect(file.rows).toBeDefined();
});

test("a signal in the polish leaves a fit that is reported on the sample, one after it all rows", async () => {
  const engine = await cpuEngine();
  const stoppedAt = async (stage: Progress["stage"]): Promise<FitFile> => {
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (now: Progress): void => void (now.stage === stage && controller.abort());
    const options = { restarts: 4, bootstrap: 2, backtest: false, signal, onProgress };
    return engine.fit(laws.chinchilla, drawn.runs, options).then(
      () => expect.unreachable("it went on"),
      (error: unknown) => partialOf(error) as FitFile,
    );
  };
  const [polish] = (await stoppedAt("polish")).fits;
  expect(polish.search).toMatchObject({ sampledRows: 2048, status: "interrupted" });
  expect(polish.train.rows).toBe(2048);
  expect(polish.train.r2).toBeGreaterThan(0.9);
  const after = await stoppedAt("bootstrap");
  expect(after.fits[0].search).toMatchObject({ sampledRows: 2048, status: "converged" });
  expect(after.fits[0].train.rows).toBe(36_000);
  expect(predict(after, drawn.runs)[0].values.every(Number.isFinite)).toBe(true);
});
