/**
 * Whole validations: the true law is ranked first, and folds are predicted as a fit without them
 * does.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { AbortedError } from "../../src/base/errors.ts";
import { restore } from "../../src/fit/predict.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { checkCost } from "../../src/fit/checks/check-cost.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { refitStarts } from "../../src/validate/judge.ts";
import { foldsOf } from "../../src/validate/folds.ts";
import type { Validation } from "../../src/validate/validation.ts";
import { validate } from "../../src/validate/validate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";
import { runs } from "./fixture.ts";

describe("a validation", () => {
  const options = { restarts: 24, seed: 2, by: "mixture", folds: 4 } as const;
  let found: Validation;
  beforeAll(async () => {
    found = await validate(
      (await cpuEngine()).resources,
      [laws.simple, laws.additive, laws.chinchilla, laws.joint],
      runs,
      {
        ...options,
        curve: true,
      },
    );
  });

  test("ranks the true law, or one that contains it, first, and the law without mixtures last", () => {
    const names = found.laws.map(({ law }) => law);
    expect(["additive", "joint"]).toContain(names[0]);
    expect(names.at(-1)).toBe("chinchilla");
    expect(found.laws[0].behind).toBeNull();
    const [low] = found.laws.at(-1)?.behind?.interval ?? [0];
    expect(low).toBeGreaterThan(0);
    // The noise is 0.004 of losses near 2.6.
    expect(found.laws[0].mean.mrePercent).toBeLessThan(0.25);
    expect(found.laws[0].mean.rows).toBe(2 * runs.train.rows);
    const gain = found.nested.find(
      ({ larger, smaller }) => larger === "joint" && smaller === "additive",
    );
    expect(gain?.gain).toBeLessThan(0.05);
    // The additive law is the truth: within the interval of what is best, and the fitted rows do
    // not ask for more.
    expect(
      found.laws.find(({ law }) => law === "additive")?.behind?.interval?.[0] ?? 0,
    ).toBeLessThanOrEqual(0);
    expect(gain?.fitted.parameters).toBe(2 * 6);
    expect(gain?.fitted.clusters).toBe(24);
    expect(gain?.fitted.p).toBeGreaterThan(0.05);
    expect(found.laws.flatMap(({ unfinished }) => unfinished)).toEqual([]);
  });

  test("predicts the rows of a fold as a fit without them does", async () => {
    const one = {
      ...runs,
      targets: ["loss_t0"],
      train: { ...runs.train, losses: [runs.train.losses[0]] },
    };
    const [held] = foldsOf(one, "mixture", 4, 2).held;
    const kept = [...runs.train.losses[0].keys()].filter((row) => !held.includes(row));
    const take = (values: Float64Array, width = 1): Float64Array =>
      Float64Array.from(
        kept.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]),
      );
    const { inputs } = runs.train;
    const train = { ...one.train, rows: kept.length, rowNumbers: Int32Array.from(kept), inputs: { params: take(inputs["params"]), tokens: take(inputs["tokens"]) }, weights: take(runs.train.weights, 3), losses: [take(runs.train.losses[0])] }; // prettier-ignore
    const engine = await cpuEngine();
    const alone = await engine.fit(laws.chinchilla, { ...one, train }, { restarts: 24, seed: 2 });
    const { law, theta } = restore(alone, alone.fits[0]);
    const values = predictRows(law, theta, one.train);
    // As a test set the fold's rows are scored by the fit to the others: the same numbers that the
    // fold contributes.
    const scoredRows = {
      ...one.train,
      losses: [one.train.losses[0].map((y, row) => (held.includes(row) ? y : NaN))],
    };
    const { laws: scored } = await validate(
      engine.resources,
      [laws.chinchilla],
      { ...one, train, test: scoredRows },
      { restarts: 24, seed: 2, by: "test" },
    );
    const errors = [...held].map(
      (row) => (100 * Math.abs(values[row] - one.train.losses[0][row])) / one.train.losses[0][row],
    );
    expect(scored[0].mean.mrePercent).toBeCloseTo(
      errors.reduce((a, b) => a + b, 0) / errors.length,
      4,
    );
    const labels = Array.from({ length: one.train.rows }, (_, row) =>
      held.includes(row) ? "1" : "0",
    );
    const folded = await validate(engine.resources, [laws.chinchilla], { ...one, group: "fold", train: { ...one.train, groups: labels } }, { restarts: 24, seed: 2, by: "largest" }); // prettier-ignore
    expect(folded.laws[0].mean.mrePercent).toBeCloseTo(scored[0].mean.mrePercent ?? NaN, 3);
  });

  test("counts the rows that a target has in a fold, and scores missing cells for nobody", async () => {
    const { losses } = runs.train;
    const gaps = {
      ...runs,
      train: {
        ...runs.train,
        losses: [losses[0], losses[1].map((y, row) => (row % 12 === 0 ? y : NaN))],
      },
    };
    const { laws: done, failed } = await validate(
      (await cpuEngine()).resources,
      [laws.chinchilla, laws.additive],
      gaps,
      options,
    );
    expect(done.map(({ law, mean }) => [law, mean.rows])).toEqual([["chinchilla", 144 + 12]]);
    expect(failed[0].why).toMatch(/rows of loss_t1 are left to fit its 11 parameters/);
  });

  test("takes laws with a form for each target beside others", async () => {
    const named = { ...runs, targets: ["loss_d0", "loss_d1"], domains: ["d0", "d1", "d2"] };
    const {
      laws: done,
      failed,
      nested,
    } = await validate(
      (await cpuEngine()).resources,
      [laws.bimix, laws.chinchilla],
      named,
      options,
    );
    expect([failed, nested]).toEqual([[], []]);
    expect(done.map(({ law }) => law).toSorted()).toEqual(["bimix", "chinchilla"]);
    for (const { targets, mean } of done) {
      expect(Object.keys(targets)).toEqual(named.targets);
      expect(mean.rows).toBe(2 * runs.train.rows);
    }
  });

  test("has a learning curve that falls", () => {
    const points = found.curve ?? [];
    expect(points.map(({ mixtures }) => mixtures)).toEqual([5, 8, 10, 12, 15]);
    const errors = points.map(({ laws: of }) => of["additive"]?.mrePercent ?? NaN);
    expect(errors[4]).toBeLessThan(errors[0]);
    for (const { laws: of } of points)
      expect(Object.keys(of).toSorted()).toEqual(["additive", "chinchilla", "joint", "simple"]);
  });

  test("finds that the fitted rows ask for the larger law where that is the truth", async () => {
    const truth = draw(laws.joint, {
      domains: 3,
      mixtures: 24,
      noise: 4e-3,
      sizes: [1e8, 3e8, 1e9],
      tokens: [2e9, 2e10],
      seed: 9,
    }).runs;
    const { nested, laws: ranked } = await validate(
      (await cpuEngine()).resources,
      [laws.additive, laws.joint],
      truth,
      options,
    );
    expect(ranked[0].law).toBe("joint");
    expect(nested[0]).toMatchObject({ smaller: "additive", larger: "joint" });
    expect(nested[0].gain).toBeGreaterThan(0);
    expect(nested[0].fitted.p).toBeLessThan(0.01);
    expect(nested[0].fitted.likelihoodRatio).toBeGreaterThan(20);
  });

  test("keeps the laws that were done when it is interrupted", async () => {
    const controller = new AbortController();
    const onProgress = ({ law }: { law: string }): void =>
      void (law === "joint" && controller.abort());
    const error: unknown = await validate(
      (await cpuEngine()).resources,
      [laws.chinchilla, laws.joint],
      runs,
      {
        ...options,
        signal: controller.signal,
        onProgress,
      },
    ).catch((reason: unknown) => reason);
    if (!(error instanceof AbortedError)) throw new Error("not interrupted");
    expect((error.partial as Validation).laws.map(({ law }) => law)).toEqual(["chinchilla"]);
  });

  test("is refused where folds, laws, targets and starts together are too many", () => {
    const settings = fitSettings({ restarts: 2 ** 10 });
    const rows = foldsOf(runs, "row", 60, 1);
    const starts = refitStarts({ folds: rows, curve: undefined, settings });
    expect(starts).toBe(60 * 64);
    const cost = (refits: number) => () =>
      checkCost([laws.additive], runs, settings, { starts: refits, option: "folds" });
    expect(cost(starts)).not.toThrow();
    expect(cost(2 ** 26)).toThrow(
      /the validation has 134219776 random starts .*: lower ‘restarts’ or ‘folds’/,
    );
  });

  test("names laws that the runs do not suffice for, and goes on with the others", async () => {
    const few = {
      ...runs,
      train: {
        ...runs.train,
        groups: Array.from({ length: runs.train.rows }, (_, row) => (row < 16 ? "a" : "b")),
      },
    };
    const { laws: done, failed } = await validate(
      (await cpuEngine()).resources,
      [laws.chinchilla, laws.full],
      few,
      {
        ...options,
        by: "group",
      },
    );
    expect(done.map(({ law }) => law)).toEqual(["chinchilla"]);
    expect(failed).toEqual([
      {
        law: "full",
        why: expect.stringMatching(
          /16 rows of loss_t0 are left to fit its 23 parameters\. Hold out less/,
        ) as unknown,
      },
    ]);
  });
});
