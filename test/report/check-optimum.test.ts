import { describe, expect, test } from "vitest";
import { toRuns } from "../../src/data/runs/runs.ts";
import { predict } from "../../src/fit/predict.ts";
import { checkOptimum, inputsAt } from "../../src/report/facts/check-optimum.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { parseOptimum } from "../../src/mixture/request/optimum-schema.ts";
import { reportOf } from "../../src/report/report.ts";
import { pointsOf } from "../../src/report/what-if/evaluate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { PHASES, phasedRows } from "../fit/phased-runs.ts";
import { drawnMaterial } from "./what-if/material.ts";

const { file, optima } = drawnMaterial();
const [{ optimum }] = optima;
const point = pointsOf(file, { params: 5e8, tokens: 1e10 }, [Object.values(optimum.weights)]);
const predicted = Object.fromEntries(
  predict(file, point)
    .filter(({ law }) => law === "additive")
    .map(({ target, values }) => [target, values[0]]),
);
const check = (over: Partial<Optimum>) => () =>
  checkOptimum(file, { name: "best.json", optimum: { ...optimum, predicted, ...over } });

describe("an optimum", () => {
  test("of the fits is taken, and one without an end of N", () => {
    expect(check({})).not.toThrow();
    expect(
      check({ predicted: { loss_0: 1, loss_1: 1 }, at: { params: null, tokens: null } }),
    ).not.toThrow();
  });

  test("of other domains, laws or fits is refused by its name, with the remedy", () => {
    expect(check({ weights: { d0: 0.5, web: 0.5 } })).toThrow(
      "best.json is no optimum of these fits: its domains are d0 and web, and the fit file's d0, d1 and d2. Give the fit file that it was made from, or optimize again.",
    );
    expect(check({ laws: { loss_0: "additive", loss_9: "joint" } })).toThrow(
      "it uses joint for loss_9, of which the fit file has no fit",
    );
    expect(check({ predicted: { ...predicted, loss_1: 0.5 } })).toThrow(
      /it has 0\.5000 for loss_1, and the fit file predicts \d\.\d{4} there/,
    );
    expect(check({ uniform: { ...optimum.uniform, predicted: {} } })).toThrow(
      "it lacks the predicted loss of loss_0 for the uniform mixture",
    );
  });
});

test("an optimum of phases is checked at its parts of the tokens and its supply", async () => {
  const runs = toRuns(phasedRows(40), { phases: PHASES, targets: "loss_each" });
  const engine = await cpuEngine();
  const law = lawFromFormula("L = 1 + exp(sum(a[i]*h0[i] + b[i]*h1[i]/(1 + D/u[i])))", { name: "each" });
  const phased = await engine.fit([law], runs, { restarts: 4 });
  const constraints = { available: { web: 2e10, code: 5e9 }, maxEpochs: 4 };
  const request = { tokens: 1e10, samples: 0, epsilon: 0 };
  const own = await optimize(phased, { ...request, constraints });
  expect(inputsAt(own)).toMatchObject({ "phase[h0]": 0.75, "phase[h1]": 0.25 });
  const checked = (from: Optimum) => () => checkOptimum(phased, { name: "best.json", optimum: from });
  expect(checked(own)).not.toThrow();
  expect(checked({ ...own, predicted: { loss_each: 9 } })).toThrow("it has 9.0000 for loss_each");
  const changing = await optimize(phased, { ...request, constraints: { maxChange: 0.5 } });
  await expect(reportOf(phased, [{ name: "best.json", optimum: changing }])).resolves.toBeDefined();
  const each = (changing.phases?.each ?? []).map((phase) => ({ ...phase, weights: { web: 1 } }));
  const torn = { ...changing, phases: changing.phases && { ...changing.phases, each } };
  expect(() => parseOptimum(JSON.stringify(torn), "best.json")).toThrow('phases.each.0.weights lacks the domain "code"');
}); // prettier-ignore
