import { describe, expect, test } from "vitest";
import { minimize } from "../../../src/convex/minimize.ts";
import { descend } from "../../../src/convex/projected-gradient.ts";
import { projectBox } from "../../../src/convex/project-box.ts";
import { goalValue, worstGoal } from "../../../src/mixture/goal/goal.ts";
import { surface } from "../../../src/mixture/goal/surface.ts";
import { solveConstrained } from "../../../src/mixture/solver/augmented-lagrangian.ts";
import { sharpness } from "../../../src/mixture/solver/near-optimal.ts";
import { Polytope } from "../../../src/mixture/solver/polytope.ts";
import { namesOf } from "../../laws/fixture.ts";
import { expectCurvedRanges } from "./curved-ranges.ts";
import { AT, drawLosses, drawMixture, regionFor } from "../fixture.ts";

describe("how sharp an optimum is", () => {
  const k = 4;
  const project = (y: Float64Array): Float64Array =>
    projectBox(y, new Float64Array(k), new Float64Array(k).fill(1));
  const s = surface(drawLosses("additive", k, 3, 31), AT, k);
  const set = new Polytope(regionFor(k));
  const best = descend(s, project, new Float64Array(k).fill(1 / k), {
    iterations: 5000,
    tolerance: 1e-11,
  }).h;

  const around = {
    goal: { kind: "mean", objective: s },
    curved: [],
    set,
    from: best,
    base: s.law(best),
  } as const;

  test("ranges hold the optimum, and drawn mixtures within ε lie in them", () => {
    const epsilon = 2e-3;
    const { ranges, ends, trade } = sharpness(around, epsilon);
    for (const h of ends.flatMap(({ low, high }) => [low, high]))
      expect(s.law(h)).toBeLessThanOrEqual(s.law(best) + epsilon + 1e-12);
    for (const [i, { min, max }] of ranges.entries()) {
      expect(min).toBeLessThanOrEqual(best[i]);
      expect(max).toBeGreaterThanOrEqual(best[i]);
    }
    expect(trade).toBeDefined();
    let inside = 0;
    for (let n = 0; n < 4000; n++) {
      const far = drawMixture(k, 6, n);
      const h = best.map((x, i) => x + 0.3 * (far[i] - x));
      if (s.value(h) > s.value(best) + epsilon) continue;
      inside++;
      // The ends meet ε to 1 %, so a range may fall short by half a percent of its width.
      for (const [i, { min, max }] of ranges.entries()) {
        expect(h[i]).toBeGreaterThan(min - 0.02 * (max - min));
        expect(h[i]).toBeLessThan(max + 0.02 * (max - min));
      }
    }
    expect(inside).toBeGreaterThan(50);
  });

  test("a wider ε gives wider ranges", () => {
    const [narrow, wide] = [1e-4, 1e-2].map((e) => sharpness(around, e).ranges);
    for (const [i, r] of narrow.entries())
      expect(r.max - r.min).toBeLessThan(wide[i].max - wide[i].min);
  });
});

describe("near-optimal ranges end where they should", () => {
  test.each([
    ["additive", 7, 3],
    ["joint", 7, 3],
    ["additive", 30, 3],
    ["joint", 12, 2],
  ] as const)("%s, %i domains", (law, k, targets) => {
    // Convex ones, γ ≤ 1 and s ≤ 1, so that a descent from anywhere finds what is best.
    const losses = drawLosses(law, k, targets, 5).map((loss) => {
      const theta = Float64Array.from(namesOf(loss.fitted.law), (name, i) =>
        /^(gamma|s[AB]$)/.test(name) ? Math.min(loss.fitted.theta[i], 0.98) : loss.fitted.theta[i],
      );
      return { ...loss, fitted: { ...loss.fitted, theta } };
    });
    const s = surface(losses, AT, k);
    const set = new Polytope(
      regionFor(k, { floors: { d0: 0.01 }, groups: [{ domains: ["d1", "d2"], max: 0.5 }] }),
    );
    const exact = { iterations: 20_000, tolerance: 1e-11 };
    const { h: from } = minimize(s, set, new Float64Array(k).fill(1 / k), exact);
    const base = s.law(from);
    const epsilon = 5e-4 * base;
    const { ranges, ends } = sharpness(
      { goal: { kind: "mean", objective: s }, curved: [], set, from, base },
      epsilon,
    );
    for (const [i, { min, max }] of ranges.entries()) {
      for (const h of [ends[i].low, ends[i].high]) {
        expect(set.violation(h)).toBeLessThan(1e-9);
        expect(s.law(h)).toBeLessThanOrEqual(base + epsilon);
      }
      expect([ends[i].low[i], ends[i].high[i]]).toEqual([min, max]);
      // 5 % of the width further out every mixture is worse than that.
      for (const x of [min - 0.05 * (max - min), max + 0.05 * (max - min)]) {
        const beyond = x < set.lower[i] || x > set.upper[i] ? undefined : set.pinned(i, x);
        if (beyond !== undefined)
          expect(s.law(minimize(s, beyond, from, exact).h)).toBeGreaterThan(base + epsilon);
      }
    }
  });

  test("of the worst of many losses too, and hold every mixture that was found within ε", () => {
    const [k, uniform] = [8, new Float64Array(8).fill(1 / 8)];
    const goal = worstGoal(drawLosses("mixture", k, 8, 4), AT, k, uniform);
    const set = new Polytope(regionFor(k));
    const exact = { iterations: 20_000, tolerance: 1e-11 };
    const { h: from, value: base } = solveConstrained(goal, [], set, uniform, exact);
    const { ranges, ends } = sharpness({ goal, curved: [], set, from, base }, 2e-3);
    for (const h of ends.flatMap(({ low, high }) => [low, high])) {
      expect(goalValue(goal, h)).toBeLessThanOrEqual(base + 2e-3 + 1e-12);
      for (const [i, { min, max }] of ranges.entries()) {
        expect(h[i]).toBeGreaterThanOrEqual(min);
        expect(h[i]).toBeLessThanOrEqual(max);
      }
    }
    // A tenth of the width further out the best mixture is worse than that.
    for (const [i, { min, max }] of ranges.entries())
      for (const x of [min - 0.1 * (max - min), max + 0.1 * (max - min)]) {
        const beyond = x < 0 || x > 1 ? undefined : set.pinned(i, x);
        if (beyond === undefined) continue;
        const best = solveConstrained(goal, [], beyond, from, exact);
        expect(best.value).toBeGreaterThan(base + 2e-3);
      }
  });

  test("curved constraints, the worst target and what may be left out are part of the set", () =>
    expectCurvedRanges(3));
});
