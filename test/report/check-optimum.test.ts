import { describe, expect, test } from "vitest";
import { predict } from "../../src/fit/predict.ts";
import { checkOptimum } from "../../src/report/facts/check-optimum.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { pointsOf } from "../../src/report/what-if/evaluate.ts";
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
