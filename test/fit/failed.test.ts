/** Failed is failed, of each law at each target, and costs the others nothing. */
import { describe, expect, test } from "vitest";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { predict } from "../../src/fit/predict.ts";
import type { Fit, FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { gradientNorm } from "../../src/solve/stationarity.ts";
import { cpuEngine } from "./engines.ts";
import { join } from "node:path";
import { readRuns } from "../../src/node/read-file.ts";
import { describeData } from "../support/data.ts";
import { draw } from "./fixture.ts";

const engine = await cpuEngine();
const { runs } = draw(laws.chinchilla, { noise: 3e-3 });
const options = { restarts: 32 };

/** The same runs with other losses, a column a target. */
const withLosses = (...losses: readonly ((y: number, row: number) => number)[]): Runs => ({
  ...runs,
  targets: losses.map((_, t) => `loss_t${t}`),
  train: { ...runs.train, losses: losses.map((change) => runs.train.losses[0].map(change)) },
});
const same = (y: number): number => y;
const below = (y: number): number => y - 10;

const codesOf = ({ verdict }: Fit): string[] => verdict.findings.map(({ code }) => code);

describe("a fit that predicts worse than a constant", () => {
  test("has failed, and the others have not", async () => {
    const file = await engine.fit(laws.chinchilla, withLosses(same, below), options);
    const [good, bad] = file.fits;
    expect(good.verdict.status).toBe("holds");
    expect(codesOf(good)).not.toContain("worse-than-constant");
    expect(bad.verdict.status).toBe("failed");
    expect(codesOf(bad)).toContain("worse-than-constant");
    expect(bad.train.r2).toBeLessThan(0);
    const [alone] = (await engine.fit(laws.chinchilla, withLosses(same), options)).fits;
    expect(alone).toEqual(good);
  });

  test("says which bound fails, and is none without that", async () => {
    const negative = withLosses(below);
    const [bad] = (await engine.fit(laws.chinchilla, negative, options)).fits;
    const bound = bad.verdict.findings.find(({ code }) => code === "at-bound");
    expect(bound?.about).toContain("E");
    expect(bound?.sentence).toMatch(/E ≥ 0 is what fails; ‘bounds\.E: -\d+:’ lets it be negative/);
    const bounds = { E: [-100, null] } as const;
    const [free] = (await engine.fit(laws.chinchilla, negative, { ...options, bounds })).fits;
    expect(free.verdict.status).toBe("holds");
    expect(free.train.r2).toBeGreaterThan(0.99);
    expect(free.parameters["E"]).toBeLessThan(-7);
  });

  test("is judged on the scale of the residual", async () => {
    // One prediction of 1e6 in 100 is far worse than a constant, and in logarithms it is not.
    const { train } = runs;
    const x = Float64Array.from({ length: train.rows }, (_, row) => row / train.rows);
    const y = x.map((value) => Math.exp(20 * value));
    const table = { ...runs, train: { ...train, inputs: { x }, losses: [y] } };
    const law = lawFromFormula("a*exp(b*x)", {
      inputs: ["x"],
      parameters: {
        b: { bounds: [15, 19], start: [15, 19] },
        a: { bounds: [1, 10], start: [1, 9] },
      },
    });
    const residual = "log" as const;
    const [fit] = (await engine.fit(law, table, { ...options, loss: "squared", residual })).fits;
    expect(codesOf(fit)).not.toContain("worse-than-constant");
  });

  test("of losses that are all the same, has failed where it does not meet them", async () => {
    const flat = withLosses(() => 2);
    const [met] = (await engine.fit(laws.chinchilla, flat, options)).fits;
    expect(codesOf(met)).not.toContain("worse-than-constant");
    const [missed] = (
      await engine.fit(lawFromFormula("a*params/1e9", { parameters: { a: {} } }), flat, options)
    ).fits;
    expect(codesOf(missed)).toContain("worse-than-constant");
  });

  test("by squares alone, because of one row, is told and has not failed", async () => {
    const far = withLosses((y, row) => (row === 3 ? y + 80 : y));
    const [robust] = (await engine.fit(laws.chinchilla, far, options)).fits;
    expect(robust.train.r2).toBeLessThan(0);
    expect(robust.verdict.status).toBe("limited");
    expect(codesOf(robust)).toContain("far-rows");
    const [usual] = (await engine.fit(laws.chinchilla, withLosses(same), options)).fits;
    expect(codesOf(usual)).not.toContain("far-rows");
  });
});

test("a parameter at a bound of its meaning is told", async () => {
  const least = Math.min(...runs.train.losses[0]);
  const low = withLosses((y) => y - 0.98 * least);
  const [held] = (await engine.fit(laws.chinchilla, low, options)).fits;
  expect(held.parameters["E"]).toBe(0);
  expect(held.verdict.findings).toContainEqual({
    code: "at-bound",
    sentence: expect.stringMatching(
      /^E ended at the bound 0; ‘bounds\.E: -10+:’ lets it be negative$/,
    ),
    about: ["E"],
  });
  const [inside] = (await engine.fit(laws.chinchilla, runs, options)).fits;
  expect(codesOf(inside)).not.toContain("at-bound");
  const bounds = { alpha: [0.1, 0.12] } as const;
  const [given] = (await engine.fit(laws.chinchilla, runs, { ...options, bounds })).fits;
  expect(given.verdict.findings).toContainEqual({
    code: "at-bound",
    sentence: "alpha ended at a bound that ‘bounds’ gives",
    about: ["alpha"],
  });
});

test("a law without a value at any start fails alone", async () => {
  const none = lawFromFormula("a + log(b - params)", {
    name: "none",
    parameters: { b: { start: [1, 2] } },
  });
  const file = await engine.fit([none, laws.chinchilla], runs, options);
  expect(file.failed).toMatchObject([
    { law: "none", target: "loss_t0", findings: [{ code: "nothing-finite" }] },
  ]);
  expect(file.fits).toEqual((await engine.fit(laws.chinchilla, runs, options)).fits);
});

test("nothing is predicted from a failed fit", async () => {
  const { runs: mixed } = draw(laws.mixture, { domains: 2, noise: 3e-3, mixtures: 20, targets: 2 });
  const file = await engine.fit(laws.mixture, mixed, options);
  const verdict: Fit["verdict"] = {
    status: "failed",
    findings: [{ code: "worse-than-constant", sentence: "it is no fit" }],
  };
  const [first, second] = file.fits;
  const half: FitFile = { ...file, fits: [{ ...first, verdict }, second] };
  expect(predict(half, mixed).map(({ target }) => target)).toEqual(["loss_t1"]);
  await expect(optimize(half, { samples: 64 })).rejects.toThrow(
    /the fit of mixture to loss_t0 failed: it is no fit\. Choose another law with ‘law’, leave loss_t0 out of ‘objective’/,
  );
  const objective = { loss_t1: 1 };
  expect((await optimize(half, { samples: 64, objective })).laws).toEqual({ loss_t1: "mixture" });
  const none: FitFile = { ...file, fits: [], failed: [{ ...first, findings: verdict.findings }] };
  expect(() => predict(none, mixed)).toThrow(/there is no fit to use: .* loss_t0 failed/);
});

test("a gradient that is no number is far from stationary", () => {
  const theta = Float64Array.of(1);
  const box = { lower: Float64Array.of(-1), upper: Float64Array.of(2) };
  const at = (gradient: number, H: number): number =>
    gradientNorm(
      { theta, objective: 1, gradient: Float64Array.of(gradient), H: Float64Array.of(H) },
      box,
    );
  expect(at(NaN, 1)).toBe(Infinity);
  expect(at(Infinity, Infinity)).toBe(Infinity);
  expect(at(0.5, 1)).toBeLessThan(1);
});

describeData("../cases/formulas", "public tables of losses that go below 0", (folder) => {
  const squared = { loss: "squared", restarts: 64 } as const;
  const bounds = { E: [-100, null] } as const;
  const read = (name: string): Promise<Runs> => readRuns(join(folder, name), {});

  test("negative-losses.csv: E ≥ 0 is what fails, and a fit with E below 0 holds", async () => {
    const table = await read("negative-losses.csv");
    const [bad] = (await engine.fit(laws.chinchilla, table, options)).fits;
    expect(bad.verdict.status).toBe("failed");
    expect(bad.warnings.join()).toMatch(/E ≥ 0 is what fails/);
    const [fit] = (await engine.fit(laws.chinchilla, table, { ...squared, bounds })).fits;
    expect(fit.verdict.status).toBe("holds");
    expect(fit.parameters["E"]).toBeCloseTo(-4.288, 3);
    expect(fit.parameters["A"]).toBeCloseTo(338.68, 1);
    expect(fit.parameters["alpha"]).toBeCloseTo(0.3263, 4);
  });

  test("shifted-losses.csv: E at its bound is said; freed it is below 0", async () => {
    const table = await read("shifted-losses.csv");
    const [held] = (await engine.fit(laws.chinchilla, table, squared)).fits;
    expect(held.parameters["E"]).toBe(0);
    expect(held.warnings.join()).toMatch(/^E ended at the bound 0/);
    const [fit] = (await engine.fit(laws.chinchilla, table, { ...squared, bounds })).fits;
    expect(fit.parameters["E"]).toBeCloseTo(-0.288, 3);
    expect(fit.parameters["alpha"]).toBeCloseTo(0.3263, 4);
    expect(fit.standardErrors?.["alpha"]).toBeCloseTo(0.0091, 4);
  });
});
