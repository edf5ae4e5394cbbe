/** The views of quality: what they draw of small data, and that hostile names stay text. */
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { View } from "../../src/views/kit/view.ts";
import { backtests, type BacktestsData } from "../../src/views/quality/backtests.ts";
import {
  observedPredicted,
  type ObservedPredictedData,
} from "../../src/views/quality/observed-predicted.ts";
import { residuals } from "../../src/views/quality/residuals.ts";
import type { ResidualsData } from "../../src/views/quality/residuals-data.ts";

const HOSTILE = `<img onerror="x">`;

function drawn<Data>(view: View<Data>, data: Data, width = 600): Element {
  const { document } = parseHTML("<html><body></body></html>");
  const element = view.draw(data, { document, width });
  expect(element.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
  expect(element.querySelectorAll("img")).toHaveLength(0);
  const { header = [], rows = [] } = view.table?.(data) ?? {};
  expect(rows.length).toBeGreaterThan(0);
  for (const cells of rows) expect(cells).toHaveLength(header.length);
  return element;
}

describe("observed and predicted", () => {
  const set = {
    all: 3,
    rowNumbers: Float64Array.of(1, 2, 3),
    params: Float64Array.of(1e8, 1e8, 1e9),
    observed: [Float64Array.of(3, NaN, 2)],
    predicted: [Float64Array.of(3.1, 2.5, 2)],
  };
  const target = {
    target: HOSTILE,
    law: "joint",
    trainPercent: 0.5,
    testPercent: 0.75,
    backtests: [{ observed: 2, predicted: 2.1, spread: [2, 2.2] as const }],
  };
  const data: ObservedPredictedData = { targets: [target], allTargets: 2, train: set, test: { ...set, all: 30 } }; // prettier-ignore

  test("a mark a run that has a loss, a diamond a back-test, and what is left out in words", () => {
    const element = drawn(observedPredicted, data);
    expect(element.querySelectorAll("[aria-label=dot] path")).toHaveLength(3);
    expect(element.querySelectorAll("[aria-label=dot] circle")).toHaveLength(2);
    for (const text of [HOSTILE, "0.50 %, held out 0.75 %", "1 of 2 targets", "3 of 30"])
      expect(element.textContent).toContain(text);
  });

  test("runs without sizes are of one color", () => {
    const { document } = parseHTML("<html><body></body></html>");
    const sizeless = { ...data, train: { ...set, params: null }, test: null };
    const { textContent } = observedPredicted.draw(sizeless, { document, width: 400 });
    expect(textContent).not.toContain("N ");
  });
});

describe("residuals", () => {
  const bin = { from: 0, at: 0.1, to: 0.2, count: 9, low: -1, middle: 0, high: 9, medians: [0.1, null] }; // prettier-ignore
  const data: ResidualsData = {
    targets: [HOSTILE, "b"],
    residual: "predicted − observed",
    sd: null,
    variables: [
      {
        name: HOSTILE,
        kind: "share",
        train: [bin, { ...bin, from: 0.4, at: 0.5, to: 0.6, medians: [0.2, 0.3] }],
        test: [],
        outliers: { x: Float64Array.of(0.1), y: Float64Array.of(-8) },
      },
    ],
    trends: [
      { name: HOSTILE, spread: [0.5, null], chance: 0.2 },
      { name: "N", spread: [2, 0.1], chance: 0.3 },
    ],
  };

  test("a panel a variable, and a map of all variables and targets", () => {
    const element = drawn(residuals, data);
    expect(element.querySelectorAll(".panel")).toHaveLength(1);
    expect(element.querySelectorAll("[aria-label=cell] rect")).toHaveLength(4);
    expect(element.textContent).toContain("1 of 2 variables have a panel");
  });

  test("of one target there is no map, and the unit is that of the residual", () => {
    const one = {
      ...data,
      targets: ["a"],
      sd: 0.02,
      variables: data.variables.map((each) => ({ ...each, train: [{ ...bin, medians: [0.01] }] })),
      trends: [{ name: HOSTILE, spread: [0.5], chance: 0.2 }],
    };
    const element = drawn(residuals, one);
    expect(element.querySelectorAll("[aria-label=cell]")).toHaveLength(0);
    expect(element.textContent).toContain("standard deviation is 0.02");
  });
});

test("back-tests are diamonds in an expected band, with the run to plan", () => {
  const error = { distance: 0.5, mean: 0.4, sd: 0.2, rows: 12 };
  const data: BacktestsData = {
    targets: [
      {
        target: HOSTILE,
        law: "joint",
        tests: [{ ...error, fittedTo: 1e8, predicted: 2e8, levels: 2 }],
        heldOut: [{ ...error, distance: 0.9 }],
        expected: { distance: Float64Array.of(0, 1, 2), half: Float64Array.of(0.2, 1, 2) },
        plan: 1.5,
      },
    ],
    allTargets: 2,
    axis: "N",
    level: 0.95,
    untested: ["b"],
  };
  const element = drawn(backtests, data, 400);
  expect(element.querySelectorAll("[aria-label=dot] path")).toHaveLength(2);
  expect(element.textContent).toContain("There are no back-tests of b.");
  expect(element.textContent).toContain("the run to plan");
});
