import { describe, expect, test } from "vitest";
import { predict } from "../../../src/fit/predict.ts";
import { whatIfFacts } from "../../../src/report/facts/what-if.ts";
import type { Point } from "../../../src/report/what-if/data.ts";
import { evaluatorOf, type Outcome, pointsOf } from "../../../src/report/what-if/evaluate.ts";
import { packed, unpacked } from "../../../src/views/kit/packed.ts";
import { drawnMaterial } from "./material.ts";

const material = drawnMaterial();
/** As a report's file gives it back. */
const data = unpacked(packed(whatIfFacts(material))) as ReturnType<typeof whatIfFacts>;
const evaluate = evaluatorOf(data);

const point: Point = {
  inputs: { params: 7e8, tokens: 3e10 },
  shares: [0.25, 0.5, 0.25],
};

function outcomeAt(at: Point, choice = data.choices[0]): Outcome {
  const outcome = evaluate(at, choice);
  if ("refused" in outcome) throw new Error(outcome.refused);
  return outcome;
}

describe("the slim file", () => {
  test("has the first replicates of the optimum's law, and says so", () => {
    expect(data.file.fits.map(({ bootstrap }) => bootstrap?.replicates)).toEqual([200, 200, undefined, undefined]); // prettier-ignore
    expect(data.choices[0].intervals).toContain("90 %, from the first 200 of 300 replicates");
    expect(data.choices[1].intervals).toContain("neither a bootstrap nor a covariance");
  });

  test("predicts the values of the whole file", () => {
    const [whole, slim] = [material.file, data.file].map((file) =>
      predict(file, pointsOf(file, point.inputs, [point.shares])),
    );
    expect(slim.map(({ law, target, values }) => [law, target, values[0]])).toEqual(
      whole.map(({ law, target, values }) => [law, target, values[0]]),
    );
  });
});

describe("what the sliders say", () => {
  test("is what predict says of the slim file", () => {
    const predictions = predict(data.file, pointsOf(data.file, point.inputs, [point.shares]));
    for (const choice of data.choices)
      for (const { target, value, low, high } of outcomeAt(point, choice).targets) {
        const same = predictions.find((each) => each.target === target && each.law === choice.laws[target]); // prettier-ignore
        expect([value, low, high]).toEqual([same?.values[0], same?.band?.low[0], same?.band?.high[0]]); // prettier-ignore
      }
  });

  test("compares mixtures at the same N and D, and has the optimum's objective", () => {
    const { targets, objective } = outcomeAt(point);
    const [optimum, reference] = data.mixtures.map(({ shares }) => outcomeAt({ ...point, shares }));
    expect(data.mixtures.slice(0, data.compared).map(({ name }) => name)).toEqual(["optimum", "reference"]); // prettier-ignore
    expect(targets[1].differences).toEqual([targets[1].value - optimum.targets[1].value, targets[1].value - reference.targets[1].value]); // prettier-ignore
    expect(objective?.value).toBeCloseTo(0.75 * targets[0].value + 0.25 * targets[1].value, 14);
    expect(outcomeAt({ ...point, shares: data.mixtures[0].shares }).objective?.differences[0]).toBe(0); // prettier-ignore
  });

  test("of the worst target is relative to the reference", () => {
    const goal = { ...data.goal, objective: "worst" as const };
    const outcome = evaluatorOf({ ...data, goal })(point, data.choices[0]);
    const there = outcomeAt({ ...point, shares: data.goal.reference });
    const ratios = outcomeAt(point).targets.map(({ value }, t) => value / there.targets[t].value);
    expect("objective" in outcome && outcome.objective?.value).toBeCloseTo(Math.max(...ratios), 14);
  });

  test("tells where the point lies beyond the runs", () => {
    expect(outcomeAt(point)).toMatchObject({ outside: [], findings: [] });
    const far = outcomeAt({ inputs: { params: 7e9, tokens: 3e10 }, shares: [0, 0.9, 0.1] });
    expect(far.outside.join()).toMatch(/^the point lies outside .*100M to 1B parameters.*the point is one with shares that no training run had \(d0/); // prettier-ignore
    expect(far.findings.map(({ code }) => code)).toEqual(["no-interval-beyond"]);
  });

  test("is a refusal where a law has no value", () => {
    const outcome = evaluate({ ...point, inputs: { params: 7e9 } }, data.choices[0]);
    expect(outcome).toEqual({ refused: expect.stringContaining("no tokens column") });
  });
});
