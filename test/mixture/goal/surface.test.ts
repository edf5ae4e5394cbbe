import { describe, expect, test } from "vitest";
import { meanGoal } from "../../../src/mixture/goal/goal.ts";
import { surface } from "../../../src/mixture/goal/surface.ts";
import { AT, drawLosses, drawMixture } from "../fixture.ts";
import { namesOf } from "../../laws/fixture.ts";

const cases = ["mixture", "simple", "additive", "joint", "full"].flatMap((law) =>
  [1, 2, 7, 64].map((k) => [law, k] as const),
);

describe("the loss over mixtures", () => {
  test.each(cases)("%s, k = %i: the gradient is that of finite differences", (law, k) => {
    const losses = drawLosses(law, k, 2, 3);
    const s = surface(losses, AT, k);
    const h = drawMixture(k, 5, 0);
    const gradient = new Float64Array(k);
    const value = s.gradient(h, gradient);
    expect(value).toBe(s.value(h));
    for (let i = 0; i < k; i++) {
      const step = 1e-4 * h[i];
      const at = (x: number): number => s.value(h.with(i, x));
      const difference = (at(h[i] + step) - at(h[i] - step)) / (2 * step);
      // Central differences: relative truncation about (1e-4)², rounding about 1e-16·L/step.
      expect(Math.abs(gradient[i] - difference)).toBeLessThan(
        1e-6 * Math.abs(difference) + (1e-15 * value) / step,
      );
    }
  });

  test("a share of 0 is drawn in: the tangent below a part per million is steep and continues the loss", () => {
    const [first] = drawLosses("mixture", 3, 1, 1);
    const theta = Float64Array.from(first.fitted.theta);
    for (const [i, name] of namesOf(first.fitted.law).entries())
      if (name.startsWith("gamma")) theta[i] = 0.5;
    const s = surface([{ fitted: { law: first.fitted.law, theta }, weight: 1 }], AT, 3);
    const [gradient, above] = [new Float64Array(3), new Float64Array(3)];
    const zero = s.gradient(Float64Array.of(0.5, 0.5, 0), gradient);
    s.gradient(Float64Array.of(0.5, 0.5, 1e-6), above);
    expect(gradient).toEqual(above);
    expect(gradient[2]).toBeLessThan(5 * gradient[0]);
    expect(zero).toBeCloseTo(s.value(Float64Array.of(0.5, 0.5, 1e-6)) - 1e-6 * gradient[2], 12);
    expect(s.law(Float64Array.of(0.5, 0.5, 0))).toBeGreaterThan(zero);
  });

  test("of an additive law differs between scales by a constant", () => {
    const losses = drawLosses("additive", 4, 2, 9);
    const [small, large] = [
      surface(losses, { params: 1e8, tokens: 1e9 }, 4),
      surface(losses, { params: 1e11, tokens: 1e13 }, 4),
    ];
    const shifts = Array.from({ length: 5 }, (_, n) => drawMixture(4, 2, n)).map(
      (h) => small.value(h) - large.value(h),
    );
    for (const shift of shifts) expect(shift).toBeCloseTo(shifts[0], 12);
  });

  test("is the weighted sum of its terms", () => {
    const losses = drawLosses("joint", 3, 3, 4);
    const goal = meanGoal(losses, AT, 3);
    const h = drawMixture(3, 1, 1);
    const parts = losses.map(({ fitted }) => surface([{ fitted, weight: 1 }], AT, 3).value(h));
    const mean = parts.reduce((a, b) => a + b, 0) / 3;
    expect(goal.kind === "mean" ? goal.objective.value(h) : Number.NaN).toBeCloseTo(mean, 12);
  });
});
