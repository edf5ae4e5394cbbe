/** What laws say of a decision, on drawn laws. */
import { expect, test } from "vitest";
import { optimize } from "../../src/mixture/optimize.ts";
import { decisionOf } from "../../src/report/facts/decision/decision.ts";
import { lawErrorsFacts } from "../../src/report/facts/laws/law-errors.ts";
import { lawOptimaFacts, lawPredictionsFacts } from "../../src/report/facts/laws/law-optima.ts";
import { materialOf } from "../../src/report/facts/material.ts";
import { isLacking, type Lacking } from "../../src/views/kit/view.ts";
import { file as fileWith, fit } from "../cli/print/sample-fit.ts";
import { drawnMaterial } from "./what-if/material.ts";

const { file } = drawnMaterial();
const request = { params: 5e8, tokens: 1e10, intervals: false, samples: 64, epsilon: 0 };
const optimum = await optimize(file, { ...request, law: "additive" });
const decision = decisionOf(file, optimum);

/** The data of a view that can be shown. */
function shown<Data>(data: Data | Lacking): Data {
  if (isLacking(data)) throw new Error(data.lacks);
  return data;
}

test("each law is asked the same, and judges every law's answer", async () => {
  const { optima, objectives, base, against } = shown(await lawOptimaFacts(decision));
  expect(optima.map(({ law }) => law)).toEqual(["additive", "joint"]);
  expect(against).toBe("uniform");
  expect(optima[0]?.weights).toEqual(optimum.weights);
  const other = await optimize(file, { ...request, law: "joint" });
  expect(objectives[1]?.[1]).toBeCloseTo(other.objective, 9);
  expect(objectives[0]?.[0]).toBeCloseTo(optimum.objective, 12);
  // No law finds another law's choice better than its own.
  expect(objectives[0]?.[1]).toBeGreaterThanOrEqual((objectives[1]?.[1] ?? NaN) - 1e-9);
  expect(objectives[1]?.[0]).toBeGreaterThanOrEqual((objectives[0]?.[0] ?? NaN) - 1e-9);
  expect(base[0]).toBeCloseTo(optimum.uniform.objective, 12);
});

test("predictions for the chosen mixture are those of the optimum, with intervals", () => {
  const { laws, rows, intervals } = shown(lawPredictionsFacts(decision));
  expect(laws).toEqual(["additive", "joint"]);
  expect(intervals).toEqual({ of: "run", level: 0.9 });
  for (const [target, predicted] of Object.entries(optimum.predicted)) {
    const row = rows.find((each) => each.law === "additive" && each.target === target);
    expect(row?.loss).toBeCloseTo(predicted, 12);
    expect(row?.interval?.[0]).toBeLessThan(predicted);
  }
  expect(rows).toHaveLength(4);
});

test("what cannot be compared says why", async () => {
  const alone = { ...file, fits: file.fits.filter(({ law }) => law === "additive") };
  expect(await lawOptimaFacts(decisionOf(alone, optimum))).toHaveProperty("lacks", expect.stringContaining("nothing to compare")); // prettier-ignore
  const { request: _, ...old } = optimum;
  const unasked = decisionOf(file, old as typeof optimum);
  expect(await lawOptimaFacts(unasked)).toHaveProperty("lacks", expect.stringContaining("does not say what was asked")); // prettier-ignore
});

test("errors are relative to the losses, back-tests as a root of a mean of squares", () => {
  const backtest = { fittedTo: 1, levels: 3, predicted: 2, rows: 4, distance: 1, scatter: 0, noise: 0, standardError: 0 }; // prettier-ignore
  const backtests = {
    axis: "params",
    levels: [1, 2],
    scale: 2,
    noise: 0,
    list: [
      { ...backtest, error: 0.06 },
      { ...backtest, error: -0.08 },
    ],
  } as const;
  const fits = [fit("additive", "loss_a", { backtests }), fit("joint", "loss_a", { test: null })];
  const { errors, chosen } = lawErrorsFacts(materialOf(fileWith(fits), []));
  const of = (law: string) => errors.filter((each) => each.law === law);
  expect(of("additive").map(({ percent }) => percent)).toEqual([0.271, 1.204, expect.closeTo(3.5355, 4)]); // prettier-ignore
  expect(of("joint").map((each) => each.of)).toEqual(["train"]);
  expect(chosen).toBeNull();
});
