import { describe, expect, test } from "vitest";
import { stream } from "../../src/random/rng.ts";
import { interval, quantile, standardError } from "../../src/stats/interval.ts";

const draws = stream(5, 0);

describe("interval", () => {
  const normal = Float64Array.from({ length: 4001 }, (_, i) => draws.normal(i, 0));

  test("of normal replicates is ±1.96 standard errors, in both kinds", () => {
    for (const kind of ["percentile", "bca"] as const) {
      const [low, high] = interval(kind, 0, normal, [-1, 0, 1], 0.95);
      expect(low).toBeCloseTo(-1.96, 0);
      expect(high).toBeCloseTo(1.96, 0);
    }
    expect(standardError(normal)).toBeCloseTo(1, 1);
  });

  // Efron & Tibshirani 1993, table 14.1 and section 14.3: the spatial test data, A; variance
  // divided by n; ordinary 90 % BCa interval (115.8, 259.6).
  test("BCa reproduces the interval of the spatial test data", () => {
    const A = [
      48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26,
      30, 41,
    ];
    const variance = (x: readonly number[]): number => {
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      return x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
    };
    const estimate = variance(A);
    expect(estimate).toBeCloseTo(171.5, 1);
    const replicates = Array.from({ length: 8000 }, (_, b) =>
      variance(A.map((__, i) => A[draws.integer(b + 10_000, i, A.length)])),
    );
    const jackknife = A.map((_, i) => variance(A.filter((__, j) => j !== i)));
    const [low, high] = interval("bca", estimate, replicates, jackknife, 0.9);
    // 2000 replicates gave the book's; quantiles of 8000 are exact to about 2.
    expect(Math.abs((low ?? 0) - 115.8)).toBeLessThan(4);
    expect(Math.abs((high ?? 0) - 259.6)).toBeLessThan(5);
    const [plain] = interval("percentile", estimate, replicates, jackknife, 0.9);
    expect(Math.abs((plain ?? 0) - 100.8)).toBeLessThan(4);
  });

  test("with infinite values has an open end", () => {
    expect(interval("percentile", 3, [1, 2, 3, Infinity, Infinity], [3, 3], 0.5)).toEqual([
      2,
      null,
    ]);
    expect(standardError([1, Infinity])).toBeNull();
  });

  test("outside its replicates, is the percentile one", () => {
    expect(interval("bca", 9, [1, 2, 3], [1, 2], 0.5)).toEqual(
      interval("percentile", 9, [1, 2, 3], [1, 2], 0.5),
    );
  });

  test("of nothing, and of NaN, throws", () => {
    expect(() => interval("bca", 1, [], [], 0.95)).toThrow(RangeError);
    expect(() => interval("bca", 1, [1, NaN], [], 0.95)).toThrow(RangeError);
  });
});

test("quantile is linear between neighbours", () => {
  expect([0, 0.25, 0.5, 1].map((p) => quantile(Float64Array.of(1, 2, 4), p))).toEqual([
    1, 1.5, 2, 4,
  ]);
});
