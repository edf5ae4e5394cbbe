/** Which law to use, whether the rows can tell, and what a law has to be better than. */
import { describe, expect, test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { baselinesOf } from "../../src/validate/baselines.ts";
import { foldsOf } from "../../src/validate/folds.ts";
import { deviancePerRun, isSharingErrors } from "../../src/validate/information-criteria.ts";
import { recommend } from "../../src/validate/recommend.ts";
import { validate } from "../../src/validate/validate.ts";
import type { BaselineScore, HeldScore, LawScore } from "../../src/validate/validation.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";
import { runs } from "./fixture.ts";

const mean: HeldScore = {
  rows: 9,
  mrePercent: 1,
  rmse: 0.1,
  r2: 0.9,
  spearman: 0.9,
  regret: null,
};
type Behind = LawScore["behind"];
const behind = (difference: number, low: number, high: number): NonNullable<Behind> => ({
  difference,
  interval: [low, high],
});
const law = (name: string, parameters: number, over: Partial<LawScore> = {}): LawScore => ({
  law: name,
  parameters,
  mean,
  behind: null,
  aicc: 1,
  bic: 1,
  targets: {},
  beyond: null,
  unconverged: 0,
  unfinished: [],
  ...over,
});
const constant = (difference: NonNullable<Behind>): BaselineScore => ({
  name: "constant",
  parameters: 1,
  mean,
  behind: difference,
  targets: {},
});
const far = [constant(behind(5, 4, 6))];
const codes = (ranked: readonly LawScore[], baselines = far): string[] =>
  recommend(ranked, baselines, 0.95, false).findings.map(({ code }) => code);

describe("a recommendation", () => {
  const joint = law("joint", 33);
  const worse = law("additive", 19, { behind: behind(0.2, 0.1, 0.3) });
  const alike = law("additive", 19, { behind: behind(0.02, -0.01, 0.05) });

  test("is the best law where the rows can tell", () => {
    expect(codes([joint, worse])).toEqual(["law-to-use"]);
    expect(recommend([joint, worse], far, 0.95, false)).toMatchObject({ law: "joint", rivals: [] });
  });

  test("is the smallest of those that cannot be told from the best", () => {
    expect(codes([joint, alike])).toEqual(["laws-not-told-apart"]);
    const { law: chosen, rivals, findings } = recommend([joint, alike], far, 0.95, false);
    expect([chosen, rivals]).toEqual(["additive", ["joint"]]);
    expect(findings[0].sentence).toMatch(/additive \+0\.020 points \(95 %: -0\.010 … \+0\.050\)/);
    const small = law("simple", 13);
    const { law: best } = recommend([small, { ...joint, behind: alike.behind }], far, 0.95, false);
    expect(best).toBe("simple");
  });

  test("is none where a mean predicts as well", () => {
    expect(codes([joint], [constant(behind(0.1, -0.1, 0.3))])).toEqual(["no-better-than-mean"]);
    expect(recommend([joint], [constant(behind(-1, -2, -0.5))], 0.95, false).law).toBeNull();
    const few = constant({ difference: 3, interval: null });
    expect(codes([joint], [few])).toEqual(["law-to-use"]);
  });

  test("says whether the largest size is predicted best by another law", () => {
    const at = (difference: Behind): LawScore["beyond"] => ({
      params: 1e9,
      mrePercent: 1,
      rmse: 0.1,
      behind: difference,
    });
    const ahead = { ...worse, beyond: at(null) };
    expect(codes([{ ...joint, beyond: at(behind(0.3, 0.1, 0.5)) }, ahead])).toEqual([
      "law-to-use",
      "ranks-reverse",
    ]);
    expect(codes([{ ...joint, beyond: at(behind(0.3, -0.1, 0.5)) }, ahead])).toEqual([
      "law-to-use",
      "ranks-hold-beyond",
    ]);
    const behindThere = { ...worse, beyond: at(behind(0.3, 0.1, 0.5)) };
    expect(codes([{ ...joint, beyond: at(null) }, behindThere])).toEqual([
      "law-to-use",
      "ranks-hold-beyond",
    ]);
  });
});

test("baselines are the means of the rows fitted, of all and of the nearest size", () => {
  const { train } = runs;
  const folds = foldsOf({ ...runs, test: train }, "test", 1, 1);
  const [all, sizes] = baselinesOf({ ...runs, test: train }, folds, "raw");
  const y = train.losses[0];
  const average = (values: Float64Array): number =>
    values.reduce((a, b) => a + b, 0) / values.length;
  expect(all).toMatchObject({ name: "constant", parameters: 1 });
  expect(all.predicted[0][0]).toBeCloseTo(average(y), 12);
  expect(sizes).toMatchObject({ name: "mean per size", parameters: 3 });
  const N = train.inputs["params"];
  expect(sizes.predicted[0][5]).toBeCloseTo(average(y.filter((_, row) => N[row] === N[5])), 12);
  // Of a size that was not fitted, the nearest stands for it.
  const most = Math.max(...N);
  const labels = Array.from(N, String);
  const largest = foldsOf({ ...runs, train: { ...train, groups: labels } }, "largest", 1, 1);
  const [, nearest] = baselinesOf(runs, largest, "raw");
  const second = Math.max(...N.filter((n) => n < most));
  const row = N.indexOf(most);
  expect(nearest.predicted[0][row]).toBeCloseTo(average(y.filter((_, r) => N[r] === second)), 12);
});

test("a validation has the baselines, the largest size and a recommendation", async () => {
  const { resources } = await cpuEngine();
  const { runs: ladder } = draw(laws.additive, {
    domains: 3,
    mixtures: 12,
    noise: 2e-3,
    sizes: [3e7, 1e8, 3e8, 1e9],
    tokens: [2e9, 2e10],
    seed: 8,
  });
  const options = { restarts: 12, folds: 3, by: "mixture", seed: 2 } as const;
  const found = await validate(resources, [laws.chinchilla, laws.additive], ladder, options);
  expect(found.baselines.map(({ name }) => name)).toEqual(["constant", "mean per size"]);
  for (const { behind: lag } of found.baselines) expect(lag.interval?.[0]).toBeGreaterThan(0);
  expect(found.conclusion.law).toBe("additive");
  const [best] = found.laws;
  expect(best.beyond).toMatchObject({ params: 1e9, behind: null });
  // Rows of equal N and shares differ in D: they may be checkpoints of one run.
  expect(isSharingErrors(ladder)).toBe(true);
  expect(best).toMatchObject({ aicc: null, bic: null });
  expect(found.conclusion.findings.map(({ code }) => code)).toContain("criteria-left-out");
  // The largest size is predicted as where nothing but that is held out.
  const labels = Array.from(ladder.train.inputs["params"], String);
  const grouped = { ...ladder, group: "n", train: { ...ladder.train, groups: labels } };
  const alone = await validate(resources, [laws.additive], grouped, { ...options, by: "largest" });
  expect(best.beyond?.mrePercent).toBeCloseTo(alone.laws[0].mean.mrePercent ?? NaN, 2);
  expect(alone.laws[0].beyond).toBeNull();
});

test("rows share errors by group, or by N and shares; a table without either has runs of its own", () => {
  const { train } = runs;
  const inputs = { x: train.inputs["tokens"] };
  const plain = { ...runs, domains: [], train: { ...train, inputs, weights: new Float64Array() } };
  expect(isSharingErrors(plain)).toBe(false);
  const groups = Array.from({ length: train.rows }, (_, row) => String(row));
  expect(isSharingErrors({ ...runs, train: { ...train, groups } })).toBe(false);
  const pairs = groups.map((_, row) => String(Math.floor(row / 2)));
  expect(isSharingErrors({ ...plain, train: { ...plain.train, groups: pairs } })).toBe(true);
});

test("an exact fit has no finite likelihood", () => {
  expect(deviancePerRun(0, { name: "squared", delta: 1 })).toBe(-Infinity);
});
