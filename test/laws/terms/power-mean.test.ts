import { describe, expect, test } from "vitest";
import { gradient } from "../../../src/expr/derivatives.ts";
import { evaluate } from "../../../src/expr/float64.ts";
import { type Node, param, weight } from "../../../src/expr/graph.ts";
import { Interner } from "../../../src/expr/simplify.ts";
import type { LawVariables } from "../../../src/laws/law.ts";
import { logPowerMean } from "../../../src/laws/terms/power-mean.ts";
import { simple } from "../../../src/laws/catalog/mixture/simple.ts";
import { bound } from "../fixture.ts";

const u = [0.3, -1.2, 2.1, 0.4];
const h = [0.4, 0.25, 0.35, 0];
const k = u.length;
const [uNodes, hNodes] = [u.map((_, i) => param(i, `u${i}`)), h.map((_, i) => weight(i, `d${i}`))];
const s = param(k, "s");
const terms = { domains: k, h: (i: number) => hNodes[i] } as unknown as LawVariables;
const interner = new Interner();
const root = interner.canonical(logPowerMean(terms, (i) => uNodes[i], s));
const [ds, ...du] = gradient(root, [s, ...uNodes].map((x) => interner.canonical(x)), interner); // prettier-ignore

const at =
  (value: number, values: readonly number[] = u) =>
  (leaf: Node): number => {
    if (leaf.kind === "weight") return h[leaf.index];
    return leaf.kind === "param" && leaf.index < k ? values[leaf.index] : value;
  };
const mean = (f: (x: number) => number): number => u.reduce((sum, x, i) => sum + h[i] * f(x), 0);
const m = mean((x) => x);
const variance = mean((x) => (x - m) ** 2);
const skew = mean((x) => (x - m) ** 3);

describe("ln of the weighted power mean", () => {
  test.each([-40, -3, -1, -0.5, -0.1, 0.1, 0.5, 1, 3, 40])(
    "s = %d: ln(Σ h e^(su))/s, its softmax weights and its slope",
    (value) => {
      const total = mean((x) => Math.exp(value * x));
      const q = u.map((x, i) => (h[i] * Math.exp(value * x)) / total);
      const [y, slope, ...slopes] = evaluate([root, ds, ...du], at(value));
      // The direct forms lose |su| and 1/s² units.
      expect(y).toBeCloseTo(Math.log(total) / value, 12);
      expect(slope).toBeCloseTo(
        u.reduce((sum, x, i) => sum + q[i] * x, 0) / value - Math.log(total) / value ** 2,
        11,
      );
      for (const [i, weightOf] of q.entries()) expect(slopes[i]).toBeCloseTo(weightOf, 11);
    },
  );

  test("s = 0: the geometric mean; weights h, slope half the variance", () => {
    const [y, slope, ...slopes] = evaluate([root, ds, ...du], at(0));
    expect(y).toBeCloseTo(m, 15);
    expect(slope).toBeCloseTo(variance / 2, 15);
    for (const [i, weightOf] of h.entries()) expect(slopes[i]).toBeCloseTo(weightOf, 15);
  });

  test("smooth through s = 0: its series m + s·v/2 + s²·κ₃/6", () => {
    for (const value of [1e-3, 1e-5, 1e-8, 1e-12, 1e-300]) {
      for (const sign of [-1, 1]) {
        const x = sign * value;
        const [y, slope] = evaluate([root, ds], at(x));
        // The next terms: s³κ₄/24 and s²κ₄/8, κ₄ of order 3.
        expect(Math.abs(y - (m + (x * variance) / 2 + (x * x * skew) / 6))).toBeLessThan(
          value ** 3 + 1e-15,
        );
        expect(Math.abs(slope - (variance / 2 + (x * skew) / 3))).toBeLessThan(value ** 2 + 1e-15);
      }
    }
  });

  test("equal values have that value as their mean, at any s", () => {
    for (const value of [-40, 0, 1, 40])
      expect(evaluate([root], at(value, [2, 2, 2, 2]))[0]).toBeCloseTo(2, 14);
  });

  test("an absent domain has no part, not even with an absurd value", () => {
    for (const absurd of [-60, 60]) {
      for (const value of [-40, 1, 40]) {
        const y = evaluate([root, ...du], at(value, u.with(3, absurd)));
        expect(y[0]).toBe(evaluate([root], at(value))[0]);
        expect(y.at(-1)).toBe(0);
      }
    }
  });
});

test("γ and C of a geometric mean do not exist; its pure values do", () => {
  const law = bound(simple, 2, "free");
  const values = { E: 1, lnA: 0, alpha: 0.3, lnB: 0, beta: 0.3, u: [0.5, -0.5], s: 0 };
  const reported = law.reportAt(law.vector(values));
  expect(reported).toMatchObject({
    gamma: null,
    C: { d0: null, d1: null },
    pure: { d0: Math.exp(0.5), d1: Math.exp(-0.5) },
  });
  const negative = law.reportAt(law.vector({ ...values, s: -0.5 }));
  expect(negative).toMatchObject({ gamma: -2, C: { d0: Math.exp(-0.25), d1: Math.exp(0.25) } });
});
