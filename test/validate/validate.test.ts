import { beforeAll, describe, expect, test } from "vitest";
import { AbortedError } from "../../src/base/errors.ts";
import { restore } from "../../src/fit/predict.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { blocksOf } from "../../src/random/resampling.ts";
import { clustersOf, curveOf, foldsOf, mixturesOf, usual } from "../../src/validate/folds.ts";
import { criteria, deviancePerRun } from "../../src/validate/information-criteria.ts";
import type { Validation } from "../../src/validate/validation.ts";
import { compare, heldScore } from "../../src/validate/scores.ts";
import { validate } from "../../src/validate/validate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";
import { huber } from "../laws/fixture.ts";

const drawn = draw(laws.additive, {
  domains: 3,
  mixtures: 24,
  noise: 4e-3,
  targets: 2,
  sizes: [1e8, 3e8, 1e9],
  tokens: [2e9, 2e10],
  seed: 8,
  zeros: false,
});
const { runs } = drawn;
const grouped = (labels: readonly string[]) => ({
  ...runs,
  group: "run",
  train: { ...runs.train, groups: labels },
});

describe("folds", () => {
  test("never split a group, hold every row out once, and are of about the same size", () => {
    const labels = Array.from({ length: runs.train.rows }, (_, row) => `g${row % 11}`);
    const { held, samples } = foldsOf(grouped(labels), "group", 4, 3);
    expect(held.flatMap((rows) => [...rows]).toSorted((a, b) => a - b)).toEqual(
      labels.map((_, row) => row),
    );
    const foldOf = new Map(
      held.flatMap((rows, fold) => [...rows].map((row) => [row, fold] as const)),
    );
    for (let row = 0; row < labels.length; row++)
      expect(foldOf.get(row)).toBe(foldOf.get(row % 11));
    for (const rows of held)
      expect(Math.abs(rows.length - runs.train.rows / 4)).toBeLessThan(runs.train.rows / 11 + 1);
    expect(samples?.count).toBe(4);
    expect(foldsOf(grouped(labels), "group", 4, 3)).toEqual(
      foldsOf(grouped(labels), "group", 4, 3),
    );
    expect(foldsOf(grouped(labels), "group", 4, 4).held).not.toEqual(held);
  });

  test("of the largest value hold its rows out alone", () => {
    const labels = [...runs.train.inputs["params"]].map(String);
    const { held, title } = foldsOf(grouped(labels), "largest", 5, 1);
    expect(held).toHaveLength(1);
    expect([...held[0]].every((row) => runs.train.inputs["params"][row] === 1e9)).toBe(true);
    expect(title).toMatch(/largest run, 1000000000/);
    expect(() => foldsOf(grouped(labels.with(3, "big")), "largest", 5, 1)).toThrow(
      /data row 4.*"big" is no number/,
    );
  });

  test("of rows, and what is held out where nobody says", () => {
    const { held, title, clusters } = foldsOf(runs, "row", 5, 1);
    expect(title).toBe(`5 folds of ${runs.train.rows} rows`);
    for (const rows of held) expect(Math.abs(rows.length - runs.train.rows / 5)).toBeLessThan(1);
    expect(clusters).toEqual(mixturesOf(runs));
    expect([
      usual(runs),
      usual(grouped([])),
      usual({ ...runs, test: runs.train }),
      usual({ ...runs, domains: [] }),
    ]).toEqual(["mixture", "group", "test", "row"]);
  });

  test("of mixtures, and what cannot be held out", () => {
    expect(foldsOf(runs, "mixture", 6, 1).title).toBe("6 folds of 24 mixtures");
    expect(mixturesOf(runs).blocks).toBe(24);
    expect(() => foldsOf(runs, "test", 5, 1)).toThrow(/give ‘test’/);
    expect(() =>
      foldsOf(
        grouped(runs.train.losses[0].reduce<string[]>((all) => [...all, "one"], [])),
        "group",
        5,
        1,
      ),
    ).toThrow(/only one of the values of run/);
    expect(() => foldsOf({ ...runs, domains: [] }, "mixture", 5, 1)).toThrow(/no mixture weights/);
  });

  test("errors are shared by mixtures, and by groups that cross them", () => {
    const mixtures = mixturesOf(runs);
    const within = blocksOf(
      [...mixtures.of].map((mixture, row) => `${mixture} ${runs.train.inputs["params"][row]}`),
    );
    expect(clustersOf(runs, within)).toEqual(mixtures);
    const crossing = blocksOf([...runs.train.inputs["params"]].map(String));
    expect(clustersOf(runs, crossing)).toBe(crossing);
    const bare = { ...runs, domains: [] };
    expect([clustersOf(bare, crossing).blocks, clustersOf(bare).blocks]).toEqual([
      3,
      runs.train.rows,
    ]);
  });

  test("the learning curve fits growing parts of the mixtures that are not held out", () => {
    const { samples, held, sizes, repeats } = curveOf(runs, [5, 10, 15, 50], 3, 1);
    expect([sizes, repeats, held.length]).toEqual([[5, 10, 15], 3, 9]);
    const { blocks, of } = mixturesOf(runs);
    if (samples.source.kind !== "given") throw new Error("not given");
    for (let s = 0; s < 9; s++) {
      const chosen = samples.source.weights.subarray(s * blocks, (s + 1) * blocks);
      expect(chosen.reduce((a, b) => a + b, 0)).toBe(sizes[s % 3]);
      for (const row of held[s]) expect(chosen[of[row]]).toBe(0);
      if (s % 3 > 0)
        for (const [block, w] of samples.source.weights
          .subarray((s - 1) * blocks, s * blocks)
          .entries())
          expect(chosen[block]).toBeGreaterThanOrEqual(w);
    }
    expect(() => curveOf(runs, [30, 40], 3, 1)).toThrow(/needs more mixtures/);
  });
});

describe("scores", () => {
  const set = {
    rows: 4,
    rowNumbers: new Int32Array(4),
    inputs: { params: Float64Array.of(1, 1, 2, 2) },
    weights: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1),
    losses: [],
  };
  const held = [Int32Array.of(0, 1, 2, 3)];

  test("by hand: errors, and the regret of the mixture that is predicted best among equals", () => {
    const [observed, predicted] = [
      Float64Array.of(2, 2.5, 1, 1.25),
      Float64Array.of(2.2, 2.1, 1, 1.5),
    ];
    const found = heldScore(predicted, observed, set, 2, held);
    expect(found?.mrePercent).toBeCloseTo((10 + 16 + 0 + 20) / 4, 12);
    expect(found?.rmse).toBeCloseTo(Math.sqrt((0.04 + 0.16 + 0.0625) / 4), 12);
    // At params 1 the second mixture is predicted best and is 0.5 worse; at params 2 the choice is
    // right.
    expect(found?.regret).toBeCloseTo(0.25, 12);
    expect(
      heldScore(
        predicted.map(() => NaN),
        observed,
        set,
        2,
        held,
      ),
    ).toBeUndefined();
    expect(heldScore(predicted, observed, set, 0, held)?.regret).toBeNull();
  });

  test("laws are compared row by row, with an interval over clusters", () => {
    const y = Float64Array.from({ length: 60 }, () => 2);
    const [a, b] = [
      y.map((v, i) => v * (1 + 0.02 * ((i % 7) - 2))),
      y.map((v, i) => v * (1 + 0.01 * ((i % 7) - 2))),
    ];
    const clusters = { blocks: 20, of: Int32Array.from({ length: 60 }, (_, i) => i % 20) };
    const all = [Int32Array.from(y.keys())];
    const { difference, interval, p } = compare([a], [b], [y], { clusters, held: all }, 0.95, 1);
    const each = [...y.keys()].map((i) => (100 * (Math.abs(a[i] - 2) - Math.abs(b[i] - 2))) / 2);
    expect(difference).toBeCloseTo(each.reduce((x, z) => x + z, 0) / 60, 10);
    expect(interval?.[0]).toBeGreaterThan(0);
    expect(interval?.[1]).toBeGreaterThan(difference);
    expect(p).toBeLessThan(0.01);
    expect(compare([a], [a], [y], { clusters, held: all }, 0.95, 1)).toMatchObject({
      difference: 0,
      p: 1,
    });
    // Rows that were not held out count for nothing, nor do their clusters; one cluster alone has
    // no interval.
    const few = [Int32Array.of(3, 23, 4)];
    expect(compare([a], [b], [y], { clusters, held: few }, 0.95, 1).difference).toBeCloseTo(
      (each[3] + each[23] + each[4]) / 3,
      10,
    );
    expect(
      compare([a], [b], [y], { clusters, held: [Int32Array.of(3, 23)] }, 0.95, 1),
    ).toMatchObject({ interval: null, p: null });
  });
});

test("information criteria: normal for squared loss, and the density integrates to 1 at a corner", () => {
  // −2 ln L per run of a normal sample with variance v at its best scale: ln(2πv) + 1.
  const v = 0.04;
  const squared = { name: "squared", delta: 1 } as const;
  expect(deviancePerRun(v / 2, squared)).toBeCloseTo(Math.log(2 * Math.PI * v) + 1, 8);
  expect(criteria(v / 2, squared, 100, 4).bic).toBeCloseTo(
    100 * (Math.log(2 * Math.PI * v) + 1) + 5 * Math.log(100),
    5,
  );
  // A corner far below the residuals: Laplace, 2(ln(2b) + 1) with b the mean of |r|. ρ = δ|r|, so b
  // = objective/δ.
  expect(deviancePerRun(1e-6 * 0.3, huber(1e-6))).toBeCloseTo(2 * (Math.log(0.6) + 1), 4);
  expect(criteria(1e-4, huber(1e-3), 6, 5).aicc).toBeNull();
});

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
          /16 rows of loss_t0 are left to fit its 23 parameters/,
        ) as unknown,
      },
    ]);
  });
});
