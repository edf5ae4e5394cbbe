import { describe, expect, test } from "vitest";
import { descend } from "../../src/convex/projected-gradient.ts";
import { goalValue, klBall, meanGoal, noWorse, worstGoal } from "../../src/mixture/goal/goal.ts";
import { solveConstrained } from "../../src/mixture/solver/augmented-lagrangian.ts";
import { mirror } from "../../src/convex/mirror-descent.ts";
import { Polytope } from "../../src/mixture/solver/polytope.ts";
import { projectBox } from "../../src/convex/project-box.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { AT, drawLosses, drawMixture, total } from "../mixture/fixture.ts";

const OPTIONS = { iterations: 5000, tolerance: 1e-10 } as const;

const simplex = (k: number) => {
  const [lower, upper] = [new Float64Array(k), new Float64Array(k).fill(1)];
  const set = new Polytope({
    domains: Array.from({ length: k }, (_, i) => `d${i}`),
    limits: [],
    l1: undefined,
    atLeastOrZero: [],
    lattice: undefined,
  });
  return { lower, upper, set, project: (y: Float64Array) => projectBox(y, lower, upper) };
};
const uniform = (k: number): Float64Array => new Float64Array(k).fill(1 / k);

describe.each([1, 2, 7, 64])("on the simplex, k = %i", (k) => {
  const { lower, upper, project } = simplex(k);

  test("projected gradient and mirror descent agree, and no drawn mixture is better", () => {
    for (const law of ["additive", "joint"]) {
      const s = surface(drawLosses(law, k, 3, 11), AT, k);
      const found = descend(s, project, uniform(k), OPTIONS);
      expect(total(found.h)).toBeCloseTo(1, 12);
      expect(found.residual).toBeLessThan(1e-7);
      const other = mirror(s, lower, upper, uniform(k), { iterations: 20_000, tolerance: 1e-8 });
      expect(Math.abs(other.loss - found.loss)).toBeLessThan(1e-6);
      for (let n = 0; n < 200; n++)
        expect(s.value(drawMixture(k, 3, n))).toBeGreaterThanOrEqual(found.loss - 1e-12);
    }
  });
});

describe("curved constraints", () => {
  const k = 5;
  const losses = drawLosses("joint", k, 4, 21);
  const { set } = simplex(k);
  const reference = drawMixture(k, 8, 1);

  test("a Kullback–Leibler ball holds with equality and has a price that a re-solve confirms", () => {
    const goal = meanGoal(losses, AT, k);
    const at = (radius: number) =>
      solveConstrained(goal, [klBall("kl", reference, radius)], set, reference, OPTIONS);
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
    const tight = losses.map(({ fitted, target }) =>
      noWorse(target, fitted, 1.001, AT, k, reference),
    );
    const held = solveConstrained(goal, tight, set, reference, OPTIONS);
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
