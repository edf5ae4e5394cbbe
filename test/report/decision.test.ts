import { beforeAll, describe, expect, test } from "vitest";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { type Decision, decisionOf } from "../../src/report/facts/decision/decision.ts";
import { interactionsFacts } from "../../src/report/facts/decision/interactions.ts";
import { mixtureFacts } from "../../src/report/facts/decision/mixture.ts";
import { scalePathFacts } from "../../src/report/facts/decision/scale-path.ts";
import { sliceFacts } from "../../src/report/facts/decision/slice.ts";
import { wayFacts } from "../../src/report/facts/decision/way.ts";
import { isLacking, type Lacking } from "../../src/views/kit/view.ts";
import { AT, drawLosses, fileOf } from "../mixture/fixture.ts";

const QUICK: OptimizeOptions = { ...AT, samples: 0, epsilon: 1e-3, law: "joint" };
const TRAINED = [[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]]; // prettier-ignore
const CAP = 0.3;

let file: FitFile;
let found: Optimum;
let decision: Decision;
beforeAll(async () => {
  file = fileOf(drawLosses("joint", 4, 2, 5), TRAINED);
  found = await optimize(file, { ...QUICK, beyond: true, constraints: { caps: { d0: CAP, d1: CAP, d2: CAP, d3: CAP } } }); // prettier-ignore
  decision = known(decisionOf(file, found));
});

function known<T extends object>(value: T | Lacking): T {
  if (isLacking(value)) throw new Error(value.lacks);
  return value;
}
const why = (value: object): string => (isLacking(value) ? value.lacks : "nothing");

/** An optimum file of a version that did not write down what was asked. */
const older = (optimum: Optimum): Optimum => {
  const { request: _, ...rest } = optimum;
  return rest as Optimum;
};

describe("what a decision is computed from", () => {
  test("is the request, or what an older file has of it", () => {
    expect(decision.isAsked).toBe(true);
    expect(known(decisionOf(file, older(found)))).toMatchObject({ isAsked: false, h: decision.h });
  });

  test("is of this fit file: another one is said", () => {
    const other = fileOf(drawLosses("joint", 4, 2, 6), TRAINED);
    expect(why(decisionOf(other, found))).toContain("does not belong to this fit file");
    const fewer = fileOf(drawLosses("joint", 3, 2, 5), TRAINED);
    expect(why(decisionOf(fewer, found))).toContain("does not belong to this fit file");
  });
});

test("the bound of a share that stands at it is told with its price", () => {
  const { rows, binding } = mixtureFacts(found, decision);
  const limited = rows.filter(({ limit }) => limit !== null);
  expect(limited.length).toBeGreaterThan(0);
  for (const { limit, share } of limited) {
    expect(limit?.bound).toBe(CAP);
    expect(share).toBeCloseTo(CAP, 9);
  }
  expect(binding).toHaveLength(found.active.length);
  expect(binding.join()).toContain("one more percent would gain");
});

describe("which targets gain", () => {
  test("at an optimum without constraints the objective falls for no domain", async () => {
    const free = await optimize(file, { ...QUICK, beyond: true });
    const { objective, targets, domains } = known(interactionsFacts(decisionOf(file, free)));
    expect(objective?.effects).toHaveLength(4);
    for (const change of objective?.effects ?? []) expect(change).toBeGreaterThanOrEqual(0);
    // The objective is the mean of the two targets.
    for (const i of domains.keys()) {
      const mean = (Number(targets[0]?.effects[i]) + Number(targets[1]?.effects[i])) / 2;
      expect(mean).toBeCloseTo(Number(objective?.effects[i]), 12);
    }
  });

  test("a target's gain is that over the reference", () => {
    const { targets } = known(interactionsFacts(decision));
    expect(targets[0]?.gain).toBe(found.reference.predicted["loss_0"] - found.predicted["loss_0"]); // prettier-ignore
  });
});

describe("the slice", () => {
  test("is of the domains that trade off and the rest, and has the optimum in it", () => {
    const { corners, isAll, losses, excess, near, marks } = known(sliceFacts(decision));
    expect(`${corners[0]} against ${corners[1]}`).toBe(found.sharpness.trade);
    expect([corners[2], isAll]).toEqual(["the other 2", false]);
    expect(losses).toHaveLength(excess.length);
    // What is allowed is no better than the optimum.
    for (const [n, over] of excess.entries())
      if (over <= 0) expect(losses[n]).toBeGreaterThanOrEqual(-1e-9);
    const optimum = marks.find(({ kind }) => kind === "optimum")?.parts ?? [];
    expect(optimum.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    for (let n = 0; n < near.length; n += 3)
      expect(near[n] + near[n + 1] + near[n + 2]).toBeCloseTo(1, 9);
  });

  test("of two domains is a line, of three the whole triangle", async () => {
    const two = fileOf(drawLosses("joint", 2, 1, 5));
    const line = known(sliceFacts(decisionOf(two, await optimize(two, QUICK))));
    expect([line.corners.length, line.isAll, line.near.length]).toEqual([2, true, 4]);
    const three = fileOf(drawLosses("joint", 3, 1, 5));
    expect(known(sliceFacts(decisionOf(three, await optimize(three, QUICK))))).toMatchObject({
      corners: ["d0", "d1", "d2"],
      isAll: true,
    });
  });
});

describe("the optimum along the scales", () => {
  test("passes through the optimum and keeps to the constraints", () => {
    const { axis, stops, target, isWhole, ratio } = known(scalePathFacts(decision));
    expect([axis, target, isWhole]).toEqual(["flops", 6 * AT.params * AT.tokens, true]);
    expect(ratio).toBeCloseTo(AT.tokens / AT.params, 9);
    expect(stops.find(({ at }) => at === target)?.shares).toEqual([...decision.h]);
    for (const { shares } of stops) expect(Math.max(...shares)).toBeLessThanOrEqual(CAP + 1e-9);
    expect(stops.map(({ at }) => at)).toEqual(stops.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test("is said to be one point where laws only add, and not drawn without the constraints", async () => {
    const additive = fileOf(drawLosses("additive", 3, 1, 5));
    const optimum = await optimize(additive, { ...QUICK, law: "additive" });
    expect(why(scalePathFacts(decisionOf(additive, optimum)))).toContain("the same at every N");
    expect(why(scalePathFacts(decisionOf(file, older(found))))).toContain("which constraints");
  });
});

describe("the way to the optimum", () => {
  test("ends at the losses of the optimum file", () => {
    const { objective, targets, isForbidden, trained } = known(wayFacts(decision));
    expect(objective?.values[0]).toBe(0);
    expect(objective?.values.at(-1)).toBeCloseTo(found.objective - found.reference.objective, 10);
    for (const { target, values } of targets) {
      expect(values[0]).toBeCloseTo(found.reference.predicted[target], 10);
      expect(values.at(-1)).toBeCloseTo(found.predicted[target], 10);
    }
    expect(isForbidden?.some(Boolean)).toBe(false);
    // The uniform mixture was trained.
    expect(trained?.[0]).toBeCloseTo(0, 12);
  });

  test("is none where the optimum is the reference", () => {
    const same: Optimum = { ...found, reference: { ...found, weights: found.weights } };
    expect(why(wayFacts({ ...decision, optimum: same }))).toContain("is the reference mixture");
  });
});
