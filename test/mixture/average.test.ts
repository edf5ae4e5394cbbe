/** The best mixture by the average of a file's laws. */
import { beforeAll, describe, expect, test } from "vitest";
import { lawTable } from "../../src/cli/print/optimum/law-table.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { replicatesOf } from "../../src/fit/result/stored-replicates.ts";
import { restore } from "../../src/fit/predict.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawsDrawn } from "../../src/mixture/certainty/replicates.ts";
import { lawsByTarget, targetLosses } from "../../src/mixture/goal/goal.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { poseProblem } from "../../src/mixture/problem/pose-problem.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import { checkedOptimum } from "../../src/mixture/request/optimum-schema.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { predict } from "../../src/predict.ts";
import { registerPlan } from "../../src/register/register-plan.ts";
import { checkOptimum } from "../../src/report/facts/check-optimum.ts";
import { decisionOf } from "../../src/report/facts/decision/decision.ts";
import { wayFacts } from "../../src/report/facts/decision/way.ts";
import { isLacking } from "../../src/views/kit/view.ts";
import { lawWords } from "../../src/words/phrases.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";
import { memoryRecords } from "../support/memory-records.ts";
import { FILE } from "../register/fixture.ts";
import { withErrors } from "../register/back-tested.ts";
import { AT } from "./fixture.ts";

const QUICK = { ...AT, samples: 0, epsilon: 0 } as const;
const AVERAGED = withErrors({ additive: [[0.3, 0]], joint: [[-0.1, 0]] });
const AVERAGE = { ...QUICK, law: "average" } as const;

const objectiveBy = (law: string, optimum: Optimum): number =>
  optimum.otherLaws.find((each) => each.law === law)?.objective ?? NaN;

describe("the average of laws chooses", () => {
  let optimum: Optimum;
  beforeAll(async () => {
    optimum = await optimize(AVERAGED, AVERAGE);
  });

  test("what is best by the weighted mean of their losses", async () => {
    expect(optimum.laws).toEqual({ loss_0: "average", loss_1: "average" });
    expect(optimum.average).toEqual({ additive: expect.closeTo(0.25, 12) as number, joint: expect.closeTo(0.75, 12) as number });
    expect(optimum.goal).toEqual({ loss_0: expect.closeTo(0.5, 12) as number, loss_1: expect.closeTo(0.5, 12) as number });
    const mean = 0.25 * objectiveBy("additive", optimum) + 0.75 * objectiveBy("joint", optimum);
    expect(optimum.objective).toBeCloseTo(mean, 12);
    for (const law of ["additive", "joint"]) {
      const single = await optimize(AVERAGED, { ...QUICK, law });
      const row = single.lawOptima?.[0]?.objectives["average"] ?? NaN;
      expect(optimum.objective).toBeLessThanOrEqual(row + 1e-12);
    }
    expect(optimum.certificate.certified).toBe(true);
  }); // prettier-ignore

  test("its prediction of a target is that of the laws in their parts", () => {
    const row = Object.fromEntries(Object.entries(optimum.weights).map(([name, x]) => [`h_${name}`, x])); // prettier-ignore
    const by = (law: string): number =>
      predict(FILE, [{ n_params: AT.params, n_tokens: AT.tokens, ...row }]).find((each) => each.law === law && each.target === "loss_1")?.values[0] ?? NaN; // prettier-ignore
    expect(optimum.predicted["loss_1"]).toBeCloseTo(0.25 * by("additive") + 0.75 * by("joint"), 9);
  });

  test("and every law says what it has to say of the mixture", () => {
    expect(optimum.otherLaws.map(({ law }) => law)).toEqual(["additive", "joint"]);
    expect(optimum.lawOptima?.map(({ law }) => law)).toEqual(["average", "additive", "joint"]);
    expect(lawTable(optimum, 110)).toContain("average (this one)");
    expect(lawWords(optimum.laws)).toBe("average of laws");
    const sentences = new Map(optimum.verdict.findings.map(({ code, sentence }) => [code, sentence])); // prettier-ignore
    expect(sentences.get("laws-averaged")).toBe(
      "losses are predicted by an average: additive 25 % and joint 75 %, by how their errors in back-tests average out",
    );
    expect(sentences.get("other-laws")).toContain("the average of laws that chose this mixture");
  });

  test("a file, a plan and a report know it", () => {
    const read = checkedOptimum(JSON.parse(JSON.stringify(optimum)), "o.json");
    expect(read.average).toEqual(optimum.average);
    const { laws: names, points } = registerPlan(AVERAGED, optimum);
    expect(names).toEqual({ loss_0: "average", loss_1: "average" });
    const predictions = points[0]?.mixtures[0]?.predictions ?? [];
    expect([...new Set(predictions.map(({ law }) => law))]).toEqual(["average", "additive", "joint"]); // prettier-ignore
    expect(predictions[0]?.value).toBeCloseTo(optimum.predicted["loss_0"] ?? NaN, 12);
    checkOptimum(AVERAGED, { name: "o.json", optimum });
    const other = { ...optimum, predicted: { ...optimum.predicted, loss_0: 9 } };
    expect(() => checkOptimum(AVERAGED, { name: "o.json", optimum: other })).toThrow(/has 9/);
  });

  test("under limits of losses, for the worst target, and for one target alone", async () => {
    const limited = await optimize(AVERAGED, { ...AVERAGE, objective: { loss_0: 1 }, noWorse: { loss_1: 1 } }); // prettier-ignore
    const posed = poseProblem(AVERAGED, AVERAGE);
    const loss = targetLosses(posed)[1]?.loss ?? (() => NaN);
    const h = Float64Array.from(posed.domains, (domain) => limited.weights[domain] ?? NaN);
    expect(loss(h)).toBeLessThanOrEqual(loss(posed.reference) * (1 + 1e-8));
    expect(limited.certificate.certified).toBe(true);
    const worst = await optimize(AVERAGED, { ...AVERAGE, objective: "worst" });
    const ratio = (target: string): number => (worst.predicted[target] ?? NaN) / (worst.reference.predicted[target] ?? NaN); // prettier-ignore
    expect(worst.objective).toBeCloseTo(Math.max(ratio("loss_0"), ratio("loss_1")), 9);
    const mixed = poseProblem(AVERAGED, { ...QUICK, law: { loss_0: "average", loss_1: "joint" } });
    expect(lawsByTarget(mixed.losses)).toEqual({ loss_0: "average", loss_1: "joint" });
  });
});

describe("there is no average", () => {
  test("of one law, and without back-tests", async () => {
    const one = { ...AVERAGED, fits: AVERAGED.fits.filter(({ law }) => law === "joint") };
    await expect(optimize(one, AVERAGE)).rejects.toThrow(
      "the fit file has joint alone, and an average is of several laws: fit several laws with",
    );
    await expect(optimize(FILE, AVERAGE)).rejects.toThrow(
      "the fit file has no back-tests of two laws at every target, which would weigh them",
    );
  });
});

test("replicates are drawn of the laws in their parts, evenly", () => {
  const { losses } = poseProblem(AVERAGED, AVERAGE);
  expect(lawsDrawn(losses, 7)).toEqual(["joint", "joint", "additive", "joint", "joint", "joint", "additive"]); // prettier-ignore
  expect(lawsDrawn(poseProblem(AVERAGED, { ...QUICK, law: "joint" }).losses, 8)).toBeUndefined();
});

describe("with a bootstrap", () => {
  const PLAIN: OptimizeOptions = { law: "average", samples: 0, epsilon: 0 };
  let file: FitFile;
  beforeAll(async () => {
    const { runs } = draw(laws.mixture, { domains: 3, mixtures: 24, noise: 4e-3, targets: 1, seed: 2, zeros: false }); // prettier-ignore
    const options = { restarts: 8, bootstrap: 12, seed: 2 };
    const engine = await cpuEngine();
    const fitted = await engine.fit([laws.mixture, laws.logLinear], runs, options);
    const errors = [0.3, -0.1];
    const backtestOf = (error: number) => ({
      fittedTo: 1e9, levels: 2, predicted: 2e9, rows: 10, distance: 1, error, scatter: 0, noise: 0, standardError: 0,
    }); // prettier-ignore
    file = {
      ...fitted,
      fits: fitted.fits.map((fit, n) => ({
        ...fit,
        backtests: { axis: "params" as const, levels: [1, 2, 3], scale: 1, noise: 0, list: [backtestOf(errors[n] ?? NaN)] },
      })),
    }; // prettier-ignore
  });

  test("intervals are over the laws too: each replicate's optimum is by one of them", async () => {
    const optimum = await optimize(file, PLAIN);
    const { interval } = optimum;
    expect(interval?.replicates).toBe(12);
    const drawn = lawsDrawn(poseProblem(file, PLAIN).losses, 12) ?? [];
    const values = drawn.map((law, b) => {
      const fit = file.fits.find((each) => each.law === law);
      if (fit === undefined) throw new Error(`no fit of ${law}`);
      const { law: bound } = restore(file, fit);
      const theta = replicatesOf(fit, bound.size)?.replicates[b] ?? new Float64Array();
      return surface([{ fitted: { law: bound, theta }, weight: 1 }], { params: 1, tokens: 1 }, 3).law; // prettier-ignore
    });
    const optima = interval?.optima.map((h) => Float64Array.from(h)) ?? [];
    for (const [b, value] of values.entries()) {
      const best = value(optima[b] ?? new Float64Array());
      for (const other of optima) expect(best).toBeLessThanOrEqual(value(other) + 1e-11);
    }
    const [low, high] = interval?.objective ?? [];
    expect(low).toBeLessThan(optimum.objective);
    expect(high).toBeGreaterThan(optimum.objective);
    expect(interval?.optimism).toBeGreaterThan(-1e-4);
    const decision = decisionOf(file, optimum);
    const way = isLacking(decision) ? decision : wayFacts(decision);
    const gain = interval?.gain.reference.interval ?? [];
    expect(isLacking(way) ? [] : [way.objective?.high?.at(-1), way.objective?.low?.at(-1)]).toEqual(
      gain.map((end) => expect.closeTo(-end, 12) as number),
    );
    const single = await optimize(file, { ...PLAIN, law: "mixture" });
    expect(optimum.prediction?.of).toBe("run");
    expect(Object.keys(optimum.prediction?.losses ?? {})).toEqual(Object.keys(single.prediction?.losses ?? {})); // prettier-ignore
  });

  test("robust goals and records are of it too", async () => {
    const mean = await optimize(file, { ...PLAIN, robust: "mean", intervals: false });
    const q80 = await optimize(file, { ...PLAIN, robust: "q80", intervals: false });
    expect(mean.objective).toBeLessThan(q80.objective);
    const records = memoryRecords();
    const first = await optimize(file, { ...PLAIN, records });
    expect(await optimize(file, { ...PLAIN, records })).toEqual(first);
    const { robust: _, ...again } = await optimize(file, PLAIN);
    expect(first).toMatchObject(JSON.parse(JSON.stringify(again)) as object);
  });
});
