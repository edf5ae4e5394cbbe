import { describe, expect, test } from "vitest";
import { regionOf } from "../../../src/mixture/constraints/region.ts";
import { goalValue, meanGoal, worstGoal } from "../../../src/mixture/goal/goal.ts";
import { settingOf } from "../../../src/mixture/problem/pose-problem.ts";
import { solveConstrained } from "../../../src/mixture/solver/augmented-lagrangian.ts";
import { Polytope } from "../../../src/mixture/solver/polytope.ts";
import { AT, drawLosses, drawMixture, regionFor } from "../fixture.ts";

const OPTIONS = { iterations: 5000, tolerance: 1e-10 } as const;
const uniform = (k: number): Float64Array => new Float64Array(k).fill(1 / k);

describe("curved constraints", () => {
  const k = 5;
  const losses = drawLosses("joint", k, 4, 21);
  const { domains } = losses[0].fitted.law;
  const set = new Polytope(regionFor(k));
  const reference = drawMixture(k, 8, 1);

  test("a Kullback–Leibler ball holds with equality and has a price that a re-solve confirms", () => {
    const goal = meanGoal(losses, AT, k);
    const ball = (radius: number) =>
      regionFor(k, { trust: { measure: "kl", radius } }, { reference }).curved;
    const at = (radius: number) => solveConstrained(goal, ball(radius), set, reference, OPTIONS);
    const [radius, step] = [0.02, 1e-4];
    const found = at(radius);
    expect(found.violation).toBeLessThan(1e-9);
    expect(found.stationarity).toBeLessThan(1e-7);
    expect(found.complementarity).toBeLessThan(1e-9);
    const slope = (at(radius - step).value - at(radius + step).value) / (2 * step);
    expect(found.multipliers[0] / slope).toBeCloseTo(1, 2);
  });

  test("no target gets worse than it may", () => {
    const goal = meanGoal(losses, AT, k);
    const free = solveConstrained(goal, [], set, uniform(k), OPTIONS);
    const { curved } = regionOf(
      { noWorse: Object.fromEntries(losses.map(({ target }) => [target, 1.001])) },
      settingOf(losses, AT, { space: { domains }, reference, tokens: undefined }),
    );
    expect(curved).toHaveLength(losses.length);
    const held = solveConstrained(goal, curved, set, reference, OPTIONS);
    expect(held.violation).toBeLessThan(1e-9);
    expect(held.value).toBeGreaterThanOrEqual(free.value - 1e-12);
    expect(held.value).toBeLessThanOrEqual(goalValue(goal, reference) + 1e-9);
  });

  test("the worst ratio is minimized: certified, and no drawn mixture is better", () => {
    const goal = worstGoal(losses, AT, k, uniform(k));
    const found = solveConstrained(goal, [], set, uniform(k), OPTIONS);
    expect(found.value).toBeLessThanOrEqual(1);
    expect(found.stationarity).toBeLessThan(1e-6);
    for (let n = 0; n < 500; n++)
      expect(goalValue(goal, drawMixture(k, 4, n))).toBeGreaterThanOrEqual(found.value - 1e-9);
  });
});
