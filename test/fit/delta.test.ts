/** δ of the loss: as it is given, or as large as the losses ask for. */
import { expect, test } from "vitest";
import type { RunSet, Runs } from "../../src/data/runs/run-set.ts";
import { DEFAULTS, fitSettings } from "../../src/options/fit-options.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Law } from "../../src/laws/law.ts";
import { scaledLoss } from "../../src/laws/objective.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

const engine = await cpuEngine();

/** The runs with losses in other units. */
function inUnits(runs: Runs, factor: number): Runs {
  const scaled = (set: RunSet): RunSet => ({
    ...set,
    losses: set.losses.map((y) => y.map((loss) => loss * factor)),
  });
  return { ...runs, train: scaled(runs.train) };
}

const deltaAt = (...losses: number[]): number => scaledLoss(DEFAULTS, losses).delta;

test("is 1e-3 while the median loss lies in 0.1 to 20, and else 1e-3 of it", () => {
  expect([0.1, 1, 2.5, 20].map((loss) => deltaAt(loss))).toEqual([1e-3, 1e-3, 1e-3, 1e-3]);
  expect(deltaAt(0.0999)).toBeCloseTo(9.99e-5, 15);
  expect(deltaAt(20.1)).toBeCloseTo(0.0201, 15);
  expect(deltaAt(-3000, 2000, NaN, 5000, 4000)).toBeCloseTo(3.5, 12);
  expect(deltaAt(0, 0, 0)).toBe(1e-3);
  expect(deltaAt(NaN)).toBe(1e-3);
});

test("does not see rows of weight 0", () => {
  expect(scaledLoss(DEFAULTS, [3e-3, 5e-3, 1e9, 1e9, 1e9], [1, 1, 0, 0, 0]).delta).toBeCloseTo(
    4e-6,
    15,
  );
});

test("is as it was given, and has no unit where residuals have none", () => {
  for (const delta of [1e-3, 0.05])
    expect(scaledLoss(fitSettings({ delta }), [3e-3]).delta).toBe(delta);
  for (const residual of ["log", "relative"] as const)
    expect(scaledLoss(fitSettings({ residual }), [3e-3]).delta).toBe(1e-3);
  // Settings are options too, as the command line passes them.
  expect(fitSettings(fitSettings({}))).toEqual(DEFAULTS);
  expect(fitSettings(fitSettings({ delta: 1e-3 })).scaleDelta).toBe(false);
});

test("each target has its own", () => {
  const { law, runs } = draw(laws.additive, { targets: 2 });
  const [first, second] = runs.train.losses;
  const losses = [first.map((y) => 1e3 * y), second];
  const deltas = poseProblem(law, { ...runs.train, losses }, DEFAULTS).losses.map(
    ({ delta }) => delta,
  );
  expect(deltas).toEqual([scaledLoss(DEFAULTS, losses[0]).delta, 1e-3]);
});

/** Exponents are free of units; E and the coefficients are in those of the losses. */
test.each<[string, Law, readonly string[]]>([
  ["chinchilla", laws.chinchilla, ["alpha", "beta"]],
  ["additive", laws.additive, ["alpha", "beta", "gamma"]],
])("%s: losses in other units give the same exponents", async (_, law, exponents) => {
  const { runs } = draw(law, { noise: 5e-3, domains: 3, mixtures: 8 });
  const fitted = async (factor: number) => {
    const [fit] = (await engine.fit(law, inUnits(runs, factor), { restarts: 32 })).fits;
    const { parameters, delta, train, search } = fit;
    expect(search.status).toBe("converged");
    return { delta, mre: train.mrePercent ?? NaN, E: Number(parameters["E"]) / factor, parameters };
  };
  const [tiny, usual, huge] = await Promise.all([1e-3, 1, 1e3].map(fitted));
  expect(usual.delta).toBe(1e-3);
  expect((tiny.delta ?? NaN) / 1e-6).toBeCloseTo(huge.delta ?? NaN, 9);
  expect(tiny.E / huge.E).toBeCloseTo(1, 6);
  for (const name of exponents) {
    const numbers = [tiny, huge, usual].map(({ parameters }) => flat(parameters[name]));
    for (const [i, value] of numbers[0].entries()) {
      expect(numbers[1][i]).toBeCloseTo(value, 6);
      // δ is 1e-3 of the losses' median rather than 1e-3: a little more than L1.
      expect(Math.abs(numbers[2][i] - value)).toBeLessThan(0.02);
    }
  }
  expect(tiny.mre / usual.mre).toBeCloseTo(1, 1);
});

const flat = (value: unknown): number[] =>
  typeof value === "number" ? [value] : Object.values(value as Record<string, number>);
