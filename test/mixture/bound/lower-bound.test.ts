import { describe, expect, test } from "vitest";
import type { InverseSums } from "../../../src/mixture/goal/inverse-sums.ts";
import { inverseSumsOf } from "../../../src/mixture/goal/inverse-sums.ts";
import { surface } from "../../../src/mixture/goal/surface.ts";
import { lowerBound } from "../../../src/mixture/bound/lower-bound.ts";
import { stream } from "../../../src/random/rng.ts";
import { AT, drawLosses, drawMixture } from "../fixture.ts";

const valueOf = ({ constant, parts }: InverseSums, h: readonly number[]): number =>
  parts.reduce(
    (total, { weight, sum }) =>
      total +
      weight /
        sum.powers.reduce(
          (inner, { domain, coefficient, exponent }) => inner + coefficient * h[domain] ** exponent,
          sum.constant,
        ),
    constant,
  );

/** Sums over k domains with exponents on both sides of 1. */
function drawForm(k: number, parts: number, seed: number): InverseSums {
  const draws = stream(seed, 7010);
  return {
    constant: 1.5,
    parts: Array.from({ length: parts }, (_, t) => ({
      weight: 1 / parts,
      sum: {
        constant: 0,
        powers: Array.from({ length: k }, (__, domain) => ({
          domain,
          coefficient: Math.exp(2 * draws.uniform(t, 2 * domain)),
          exponent: 0.3 + 3 * draws.uniform(t, 2 * domain + 1),
        })),
      },
    })),
  };
}

/** The least value on a grid of 1/n within caps. */
function leastOnGrid(form: InverseSums, cap: number, n: number): number {
  let least = Infinity;
  for (let a = 0; a <= cap * n; a++)
    for (let b = 0; a + b <= n && b <= cap * n; b++)
      if (n - a - b <= cap * n)
        least = Math.min(least, valueOf(form, [a / n, b / n, (n - a - b) / n]));
  return least;
}

describe("the bound", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "is below every mixture, and reached by the best: %i",
    (seed) => {
      const form = drawForm(3, seed % 2 === 0 ? 1 : 3, seed);
      const cap = [1, 0.7, 0.45][seed % 3];
      const grid = leastOnGrid(form, cap, 400);
      const lower = new Float64Array(3);
      const upper = new Float64Array(3).fill(cap);
      const goal = { form, lower, upper, slopes: new Float64Array(3), offset: 0 };
      const from = Float64Array.of(0.4, 0.3, 0.3);
      const { bound } = lowerBound(goal, from, grid, 1e-6, () => true);
      expect(bound).toBeLessThanOrEqual(grid);
      // What the grid misses of the best mixture.
      expect(grid - bound).toBeLessThan(2e-3);
    },
  );

  test("shows a better mixture than the one it is held against", () => {
    const form = drawForm(3, 1, 2);
    const [lower, upper] = [new Float64Array(3), new Float64Array(3).fill(1)];
    const goal = { form, lower, upper, slopes: new Float64Array(3), offset: 0 };
    const even = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    const { better } = lowerBound(goal, even, valueOf(form, [...even]), 1e-6, () => true);
    expect(valueOf(form, [...(better ?? even)])).toBeLessThan(valueOf(form, [...even]));
  });
});

describe("goals as inverse sums", () => {
  test.each(["additive", "mixture"])("%s laws have the same values", (name) => {
    const terms = drawLosses(name, 5, 3, 9).map(({ fitted, weight }) => ({ fitted, weight }));
    const form = inverseSumsOf(terms, AT);
    const { law } = surface(terms, AT, 5);
    for (let n = 0; n < 5; n++) {
      const h = drawMixture(5, 3, n);
      expect(form && valueOf(form, [...h])).toBeCloseTo(law(h), 12);
    }
  });

  test.each(["joint", "log-linear", "linear"])("%s laws are none", (name) => {
    const terms = drawLosses(name, 3, 1, 9).map(({ fitted, weight }) => ({ fitted, weight }));
    expect(inverseSumsOf(terms, AT)).toBeUndefined();
  });
});
