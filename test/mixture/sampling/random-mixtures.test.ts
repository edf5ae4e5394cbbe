import { describe, expect, test } from "vitest";
import {
  drawsOf,
  sampler,
  type SampleOptions,
} from "../../../src/mixture/sampling/random-mixtures.ts";

const COUNT = 20_000;

/** COUNT mixtures of k domains. */
function mixtures(k: number, options: Partial<SampleOptions>, count = COUNT): Float64Array[] {
  const from = sampler(drawsOf(k, { seed: 3, ...options }));
  return Array.from({ length: count }, (_, n) => {
    const h = new Float64Array(k);
    from.draw(n, h);
    return h;
  });
}

/** |mean of f − expected| in units of its standard error. */
function sigmas(values: readonly number[], expected: number): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return Math.abs(mean - expected) / Math.sqrt(variance / values.length);
}

const PLAIN = { shares: { sparse: 0, near: 0 } };
const SPARSE = { shares: { sparse: 1, near: 0 } };
const NEAR = { shares: { sparse: 0, near: 1 } };

describe.each([1, 2, 7, 64])("mixtures of %i domains", (k) => {
  test.each([PLAIN, SPARSE, NEAR, {}])("of each kind are on the simplex: %j", (options) => {
    for (const h of mixtures(k, options, 500)) {
      expect(Math.abs(h.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-14);
      expect(h.every((x) => x >= 0 && x <= 1)).toBe(true);
    }
  });
});

// 5 standard errors: with the fixed seed a test either passes for good or shows a mistake; a right
// law fails one of these with probability 1e-5.
describe("the distribution", () => {
  // Dirichlet(1): E h = 1/k, E h² = 2/(k(k + 1)), E hᵢhⱼ = 1/(k(k + 1)), P(h > x) = (1 − x)^(k −
  // 1).
  test.each([2, 7, 64])("of plain draws is uniform on the simplex of %i", (k) => {
    const drawn = mixtures(k, PLAIN);
    for (const i of [0, k - 1]) {
      expect(sigmas(drawn.map((h) => h[i]), 1 / k)).toBeLessThan(5); // prettier-ignore
      expect(sigmas(drawn.map((h) => h[i] ** 2), 2 / (k * (k + 1)))).toBeLessThan(5); // prettier-ignore
      expect(sigmas(drawn.map((h) => (h[i] > 0.5 / k ? 1 : 0)), (1 - 0.5 / k) ** (k - 1))).toBeLessThan(5); // prettier-ignore
    }
    expect(sigmas(drawn.map((h) => h[0] * h[1]), 1 / (k * (k + 1)))).toBeLessThan(5); // prettier-ignore
  });

  // q uniform on (0, 1) makes the number of domains in uniform on 0 … k; 0 becomes 1. The 512 steps
  // of q and ties of 9 bits change that by less than 1/512 + k/512 of it.
  test.each([2, 7])("of sparse draws has every number of %i domains about equally often", (k) => {
    const sizes = mixtures(k, SPARSE).map((h) => h.filter((x) => x > 0).length);
    for (let size = 1; size <= k; size++) {
      const expected = (size === 1 ? 2 : 1) / (k + 1);
      const seen = sizes.filter((s) => s === size).length / COUNT;
      const error = 5 * Math.sqrt(expected / COUNT) + (expected * (k + 1)) / 512;
      expect(Math.abs(seen - expected)).toBeLessThan(error);
    }
    const alone = mixtures(k, SPARSE).filter((h) => h.filter((x) => x > 0).length === 1);
    expect(sigmas(alone.map((h) => (h[k - 1] > 0 ? 1 : 0)), 1 / k)).toBeLessThan(5); // prettier-ignore
    expect(alone.every((h) => h.includes(1))).toBe(true);
  });

  // r is uniform in octave a of 8: E r = ⅛ Σ ¾·2⁻ᵃ = 3/32·(2 − 2⁻⁷); E h = (1 − E r)·reference + E
  // r/k.
  test("of near draws is around the reference", () => {
    const reference = [0.6, 0.3, 0.1, 0];
    const r = (3 / 32) * (2 - 2 ** -7);
    const drawn = mixtures(4, { ...NEAR, reference });
    for (const [i, x] of reference.entries()) {
      expect(sigmas(drawn.map((h) => h[i]), (1 - r) * x + r / 4)).toBeLessThan(5); // prettier-ignore
    }
    // Half of the draws move by less than 1/16 of the way: no share can then differ by more.
    const close =
      drawn.filter((h) => reference.every((x, i) => Math.abs(h[i] - x) < 1 / 16)).length / COUNT;
    expect(close).toBeGreaterThan(0.5 - 5 * Math.sqrt(0.25 / COUNT));
  });

  test("of kinds follows the shares asked for", () => {
    const reference = [0, 0, 0, 0, 0, 0, 1];
    const drawn = mixtures(7, { reference, shares: { sparse: 0.3, near: 0.2 } });
    // Of sparse draws 7/8 have a zero; only near draws leave the last domain above 0.97 … nearly (r
    // < 1/32: 3 octaves of 8).
    expect(sigmas(drawn.map((h) => (h.includes(0) ? 1 : 0)), (0.3 * 7) / 8)).toBeLessThan(5); // prettier-ignore
    const near = drawn.filter((h) => !h.includes(0) && h[6] > 1 - 1 / 32).length / COUNT;
    expect(Math.abs(near - (0.2 * 3) / 8)).toBeLessThan(5 * Math.sqrt(0.075 / COUNT) + 0.005);
  });
});

describe("constraints", () => {
  const bounds = { lower: [0.1, 0, 0.2, 0], upper: [1, 0.3, 0.2, 1] };

  test("floors and fixed shares hold by construction", () => {
    const from = sampler(drawsOf(4, { seed: 1, bounds }));
    for (const h of mixtures(4, { bounds })) {
      expect(h[0]).toBeGreaterThanOrEqual(0.1);
      expect(h[2]).toBe(0.2);
      expect(from.feasible(h)).toBe(h[1] <= 0.3 + 1e-12);
    }
  });

  test("all shares fixed leave one mixture", () => {
    const fixed = [0.25, 0.5, 0.25];
    const options = { bounds: { lower: fixed, upper: fixed } };
    const from = sampler(drawsOf(3, { seed: 1, ...options }));
    for (const h of mixtures(3, options, 100)) {
      expect([...h]).toEqual(fixed);
      expect(from.feasible(h)).toBe(true);
    }
  });

  test("rows are checked", () => {
    const rows = [{ coefficients: [1, 1, 0], min: 0.4, max: 0.6 }];
    const from = sampler(drawsOf(3, { seed: 1, rows }));
    expect([0.1, 0.2, 0.4].map((x) => from.feasible(Float64Array.of(x, 0.2, 0.8 - x)))).toEqual([
      false,
      true,
      true,
    ]);
    expect(from.feasible(Float64Array.of(0.5, 0.2, 0.3))).toBe(false);
  });

  test.each<Partial<SampleOptions>>([
    { seed: 0.5 },
    { shares: { sparse: 0.7, near: 0.4 } },
    { reference: [1] },
    { bounds: { lower: [0.6, 0.6, 0], upper: [1, 1, 1] } },
    { bounds: { lower: [0.3, 0, 0], upper: [0.2, 1, 1] } },
    { rows: [{ coefficients: [1], min: 0, max: 1 }] },
  ])("what cannot be drawn from is refused: %j", (options) => {
    expect(() => drawsOf(3, { seed: 1, ...options })).toThrow(RangeError);
  });
});

test("a sample is a function of the seed and its number", () => {
  const from = sampler(drawsOf(7, { seed: 5 }));
  const again = sampler(drawsOf(7, { seed: 5 }));
  const other = sampler(drawsOf(7, { seed: 5 + 2 ** 32 }));
  const [a, b, c] = [0, 0, 0].map(() => new Float64Array(7));
  again.draw(3, b);
  from.draw(2 ** 31, a);
  again.draw(2 ** 31, b);
  other.draw(2 ** 31, c);
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(from.words(9)).toEqual(again.words(9));
  expect(new Set(from.words(9)).size).toBe(8);
});
