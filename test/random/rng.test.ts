import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { philox, stream, uniform01 } from "../../src/random/rng.ts";
import { dirichlet, uniformMixture } from "../../src/random/dirichlet.ts";

const hex = (words: readonly number[]): string =>
  words.map((word) => word.toString(16).padStart(8, "0")).join(" ");
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

describe("Philox4x32-10", () => {
  // The known-answer vectors of the Random123 distribution.
  test.each([
    [[0, 0], [0, 0, 0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ])("key %j, counter %j", ([k0, k1], [c0, c1, c2, c3], expected) => {
    expect(hex(philox(k0, k1, c0, c1, c2, c3))).toBe(expected);
  });
});

describe("streams", () => {
  test("uniforms lie strictly inside (0, 1) and float32 holds them exactly", () => {
    expect(uniform01(0)).toBe(2 ** -24);
    expect(uniform01(0xffffffff)).toBe(1 - 2 ** -24);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffffff }),
        (word) => Math.fround(uniform01(word)) === uniform01(word),
      ),
    );
  });

  test("draws are addressed: any order, any stream object, the words of philox", () => {
    const draws = stream(5, 2);
    const forward = [0, 1, 2, 3, 4, 5].map((lane) => draws.word(9, lane));
    const backward = [5, 4, 3, 2, 1, 0].map((lane) => stream(5, 2).word(9, lane)).toReversed();
    expect(forward).toEqual(backward);
    expect(forward).toEqual([...philox(5, 0, 9, 0, 0, 2), ...philox(5, 0, 9, 0, 1, 2).slice(0, 2)]);
    expect(draws.word(2 ** 40 + 3, 0)).toBe(philox(5, 0, 3, 256, 0, 2)[0]);
  });

  test("seeds, purposes, items and lanes all differ", () => {
    const seeds = [0, 1, -1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const words = seeds.flatMap((seed) =>
      [0, 1].flatMap((purpose) =>
        [0, 1].flatMap((index) => [0, 4].map((lane) => stream(seed, purpose).word(index, lane))),
      ),
    );
    expect(new Set(words).size).toBe(words.length);
    expect(stream(-1, 0).word(0, 0)).toBe(philox(0xffffffff, 0xffffffff, 0, 0, 0, 0)[0]);
  });

  test("other seeds and purposes are refused", () => {
    for (const seed of [0.5, NaN, 2 ** 53]) expect(() => stream(seed, 0)).toThrow(RangeError);
    for (const purpose of [-1, 0.5, 2 ** 32]) expect(() => stream(0, purpose)).toThrow(RangeError);
  });

  test("moments, within four standard errors", () => {
    const draws = stream(7, 0);
    const n = 20000;
    const items = Array.from({ length: n }, (_, i) => i);
    const uniforms = items.map((i) => draws.uniform(i, 0));
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n));
    for (const lane of [2, 3]) {
      const normals = items.map((i) => draws.normal(i, lane));
      expect(Math.abs(mean(normals))).toBeLessThan(4 / Math.sqrt(n));
      expect(Math.abs(mean(normals.map((z) => z * z)) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    }
    expect(Math.abs(mean(items.map((i) => draws.normal(i, 2) * draws.normal(i, 3))))).toBeLessThan(
      4 / Math.sqrt(n),
    );
  });

  test("integers cover [0, below)", () => {
    const draws = stream(3, 1);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 5000; i++) counts[draws.integer(i, 0, 5)] += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(800));
    expect(draws.integer(0, 0, 1)).toBe(0);
    expect(draws.integer(4, 0, 2 ** 32)).toBe(draws.word(4, 0));
  });
});

describe("mixtures", () => {
  test("Dirichlet draws are mixtures, whatever the concentration", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.nat(),
        (k, alpha, index) => {
          const weights = dirichlet(stream(1, 0), index, alpha, k);
          expect(weights.length).toBe(k);
          expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
          expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("means and variances are Dirichlet's", () => {
    const alpha = [0.3, 1, 2.7];
    const total = 4;
    const n = 4000;
    const draws = Array.from({ length: n }, (_, i) => dirichlet(stream(2, 0), i, alpha, 3));
    alpha.forEach((a, j) => {
      const m = a / total;
      const variance = (m * (1 - m)) / (total + 1);
      expect(Math.abs(mean(draws.map((w) => w[j])) - m)).toBeLessThan(4 * Math.sqrt(variance / n));
      expect(mean(draws.map((w) => (w[j] - m) ** 2)) / variance).toBeCloseTo(1, 0.7);
    });
  });

  test("bad concentrations are refused", () => {
    expect(() => dirichlet(stream(1, 0), 0, 0, 3)).toThrow(/must be positive/);
    expect(() => dirichlet(stream(1, 0), 0, [1, 2], 3)).toThrow(/2 concentrations for 3 domains/);
  });

  test("the uniform mixture", () => {
    expect([...uniformMixture(4)]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
