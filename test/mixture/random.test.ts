import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { stream } from "../../src/random/rng.ts";
import { InputError } from "../../src/base/errors.ts";
import { minimize } from "../../src/convex/minimize.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { ConstraintRequest } from "../../src/mixture/constraints/constraint-kinds.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import { Polytope } from "../../src/mixture/solver/polytope.ts";
import { sharpness } from "../../src/mixture/solver/near-optimal.ts";
import { resolver } from "../../src/mixture/solver/resolver.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { namesOf } from "../laws/fixture.ts";
import { AT, drawLosses, drawMixture, fileOf, regionFor } from "./fixture.ts";

const names = (k: number): string[] => Array.from({ length: k }, (_, i) => `d${i}`);

/** A request around a mixture m that fulfills it, each part there or not, and m. */
function requestAround(k: number, seed: number): { options: OptimizeOptions; m: Float64Array } {
  const draws = stream(seed, 7003);
  let n = 0;
  const u = (): number => draws.uniform(n++, 0);
  const m = drawMixture(k, seed, 3);
  const named = (of: (x: number) => number): Record<string, number> =>
    Object.fromEntries([...m].flatMap((x, i) => (u() < 0.3 ? [[`d${i}`, of(x)]] : [])));
  const maybe = <T>(p: number, value: T): T | undefined => (u() < p ? value : undefined);
  const some = names(k).filter(() => u() < 0.5);
  const sum = some.reduce((total, d) => total + m[Number(d.slice(1))], 0);
  const measure = u() < 0.6 ? "l1" : "kl";
  const constraints: ConstraintRequest = {
    floors: named((x) => x * u()),
    caps: named((x) => x + (1 - x) * u() * 0.3),
    ...(some.length > 0 &&
      u() < 0.5 && { groups: [{ domains: some, min: sum * u(), max: sum + (1 - sum) * u() }] }),
    ...(u() < 0.4 && { trust: { measure, radius: 0.02 + 0.3 * u() } }),
    ...(u() < 0.3 && { available: { d0: ((m[0] + 0.05) * AT.tokens) / 4 } }),
    ...(u() < 0.3 && { atLeastOrZero: { d1: m[1] * u() } }),
  };
  const objective = maybe(0.25, "worst" as const);
  const noWorse = maybe(0.3, { loss_0: 1 + 0.05 * u() });
  return {
    m,
    options: {
      ...AT,
      samples: 2048,
      epsilon: 0,
      reference: Object.fromEntries([...m].map((x, i) => [`d${i}`, x])),
      constraints,
      ...(objective && { objective }),
      ...(noWorse && { noWorse }),
    },
  };
}

describe("random laws under random constraints", () => {
  test("the optimum is feasible, certified, and no feasible mixture that was drawn is better", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom("additive", "joint", "simple"),
        fc.integer({ min: 2, max: 9 }),
        async (seed, law, k) => {
          const file = fileOf(drawLosses(law, k, 3, seed));
          const { options, m } = requestAround(k, seed);
          const best = await optimize(file, options);
          expect(best.certificate).toMatchObject({ certified: true });
          expect(best.certificate.stationarity).toBeLessThanOrEqual(1e-8);
          expect(best.certificate.feasibility).toBeLessThanOrEqual(1e-9);
          // The set is convex but for what may be left out: the optimum is held against mixtures
          // between it and m, m itself, and near ones.
          const again = resolver(file, {
            ...options,
            constraints: {},
            objective: options.objective ?? { loss_0: 1, loss_1: 1, loss_2: 1 },
          });
          const { goal, region } = again.problem;
          const value = (h: Float64Array): number =>
            goal.kind === "mean"
              ? goal.objective.law(h)
              : Math.max(...goal.parts.map((part) => part.law(h)));
          const set = new Polytope(
            regionFor(k, options.constraints, { tokens: AT.tokens, reference: m }),
          );
          const here = Float64Array.from(Object.values(best.weights));
          const low = options.constraints?.atLeastOrZero?.["d1"] ?? 0;
          for (let n = 0; n < 60; n++) {
            const far = n === 0 ? m : set.point(drawMixture(k, seed, 10 + n));
            const h = far.map((x, i) => here[i] + (x - here[i]) * [1, 0.3, 0.01][n % 3]);
            const kl = h.reduce((sum, x, i) => sum + (x > 0 ? x * Math.log(x / m[i]) : 0), 0);
            const { trust } = options.constraints ?? {};
            if (trust?.measure === "kl" && kl > trust.radius) continue;
            if (region.curved.some(({ excess }) => excess.value(h) > 0)) continue;
            if (h[1] > 0 && h[1] < low) continue;
            expect(value(h)).toBeGreaterThanOrEqual(best.objective - 1e-9);
          }
        },
      ),
      { numRuns: 30, seed: 11 },
    );
  }, 60_000);
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

  test("curved constraints, the worst target and what may be left out are part of the set", async () => {
    const k = 4;
    const file = fileOf(drawLosses("joint", k, 3, 8));
    for (const more of [
      { objective: "worst" },
      { noWorse: { loss_1: 1.0005 } },
      { constraints: { trust: { measure: "kl", radius: 0.01 } } },
      { constraints: { atLeastOrZero: { d0: 0.02 } } },
    ] as const) {
      const options: OptimizeOptions = { ...AT, samples: 512, ...more };
      const wide = await optimize(file, { ...options, epsilon: 2e-3 });
      const { ranges } = wide.sharpness;
      // Each end is an optimum within ε when the share is fixed there, and no longer 5 % of the
      // width beyond.
      const at = (d: string, x: number): Promise<number> =>
        optimize(file, {
          ...options,
          epsilon: 0,
          samples: 0,
          constraints: { ...options.constraints, fixed: { [d]: x } },
        }).then(
          ({ objective }) => objective,
          (error: unknown) => {
            if (error instanceof InputError) return Infinity;
            throw error;
          },
        );
      for (const [d, [min, max]] of Object.entries(ranges)) {
        const width = max - min;
        const [low, high] = [await at(d, min), await at(d, max)];
        expect(Math.max(low, high)).toBeLessThanOrEqual(wide.objective + 2e-3 + 1e-9);
        if (max + 0.05 * width < 1)
          expect(await at(d, max + 0.05 * width)).toBeGreaterThan(wide.objective + 2e-3);
        if (min - 0.05 * width > 0)
          expect(await at(d, min - 0.05 * width)).toBeGreaterThan(wide.objective + 2e-3);
      }
    }
  });
});
