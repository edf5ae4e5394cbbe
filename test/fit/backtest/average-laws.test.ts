/** Weights of laws by their back-tests, and the average that they make. */
import { describe, expect, test } from "vitest";
import {
  averagePredictions,
  averageWords,
  lawWeights,
} from "../../../src/fit/backtest/average-laws.ts";
import { FILE } from "../../register/fixture.ts";
import { type Errors, withErrors } from "../../register/back-tested.ts";

const weightsOf = (additive: Errors, joint: Errors) => {
  const weights = lawWeights(withErrors({ additive, joint }));
  return [weights?.get("additive"), weights?.get("joint")];
};

describe("weights by back-tests", () => {
  test("errors that cancel are averaged", () => {
    const half = expect.closeTo(0.5, 12) as number;
    expect(weightsOf([[0.1, 0]], [[-0.1, 0]])).toEqual([half, half]);
    const [additive, joint] = weightsOf([[0.3, 0]], [[-0.1, 0]]);
    expect([additive, joint]).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  });

  test("a law that errs more to the same side gets nothing", () => {
    expect(weightsOf([[0.1, 0.01]], [[0.2, 0.01]])).toEqual([1, 0]);
    expect(weightsOf([[0.1, 0.05]], [[0.1, 0.01]])).toEqual([0, 1]);
  });

  test("are the least of what they minimize: no other weights do better", () => {
    const [a, b] = [[[0.2, 0.1], [-0.1, 0.3]], [[-0.3, 0.2], [0.2, 0.1]]] as const;
    const score = (w: number): number =>
      a.reduce((sum, [e, s], n) => {
        const [f, t] = b[n] ?? [0, 0];
        return sum + (1 + n) * ((w * e + (1 - w) * f) ** 2 + (w * s + (1 - w) * t) ** 2);
      }, 0);
    const best = weightsOf(a, b)[0] ?? NaN;
    for (let w = 0; w <= 1; w += 0.05) expect(score(w)).toBeGreaterThanOrEqual(score(best) - 1e-12);
  }); // prettier-ignore

  test("need back-tests of two laws", () => {
    expect(lawWeights(FILE)).toBeUndefined();
    expect(lawWeights(withErrors({ additive: [[0.1, 0]] }))).toBeUndefined();
  });

  test("in words", () => {
    expect(averageWords(new Map([["additive", 0.25], ["joint", 0.75]]))).toBe(
      "average: additive 25 % and joint 75 %, by how their errors in back-tests average out",
    );
  }); // prettier-ignore
});

test("the average, with the variance of the mixture of the laws' intervals", () => {
  const z = 1.959963984540054;
  const of = (law: string, value: number, half: number) => ({
    law,
    target: "loss_x",
    values: Float64Array.of(value),
    band: { level: 0.95, of: "run" as const, low: Float64Array.of(value - half), high: Float64Array.of(value + half) },
  });
  const weights = new Map([["additive", 0.25], ["joint", 0.75]]);
  const [average] = averagePredictions([of("additive", 2, 0.1), of("joint", 2.4, 0.2)], weights);
  expect(average?.values[0]).toBeCloseTo(2.3, 12);
  const variance = 0.25 * (0.01 + (z * 0.3) ** 2) + 0.75 * (0.04 + (z * 0.1) ** 2);
  expect(average?.band?.high[0]).toBeCloseTo(2.3 + Math.sqrt(variance), 9);
  expect(average?.band?.low[0]).toBeCloseTo(2.3 - Math.sqrt(variance), 9);
}); // prettier-ignore
