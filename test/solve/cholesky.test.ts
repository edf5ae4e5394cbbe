import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { stream } from "../../src/random/rng.ts";
import { factor, solve } from "../../src/solve/cholesky.ts";

const at = (i: number, j: number): number =>
  i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i;

/**
 * BᵀB/n + I/4 for a random B: symmetric, with eigenvalues of at least ¼ and, for standard normals,
 * at most about 4.3.
 */
function positiveDefinite(n: number, seed: number): Float64Array {
  const draws = stream(seed, 1);
  const B = Array.from({ length: n }, (_, r) =>
    Array.from({ length: n }, (__, c) => draws.normal(r, c)),
  );
  const A = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      A[at(i, j)] = B.reduce((sum, row) => sum + row[i] * row[j], 0) / n + (i === j ? 0.25 : 0);
  return A;
}

const times = (A: Float64Array, x: ArrayLike<number>, n: number): number[] =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => A[at(i, j)] * x[j]).reduce((a, b) => a + b, 0),
  );

describe("Cholesky", () => {
  test("LLᵀ = A and Ax = b for random positive definite matrices", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(1000), (n, seed) => {
        const A = positiveDefinite(n, seed);
        const L = A.slice();
        expect(factor(L, n)).toBe(true);
        const truth = Float64Array.from({ length: n }, (_, i) => stream(seed, 2).normal(i, 0));
        const x = Float64Array.from(times(A, truth, n));
        solve(L, x, n);
        for (let i = 0; i < n; i++) {
          // Backward error of at most 3n units times the condition number, which is below 50 (in
          // practice far less).
          expect(Math.abs(x[i] - truth[i])).toBeLessThan(
            150 * n * 2 ** -52 * Math.max(...truth.map(Math.abs)),
          );
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let k = 0; k <= j; k++) sum += L[at(i, k)] * L[at(j, k)];
            expect(Math.abs(sum - A[at(i, j)])).toBeLessThan(n * 2 ** -50);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("of 2 × 2 by hand", () => {
    const A = Float64Array.of(4, 2, 5); // [[4, 2], [2, 5]] = LLᵀ, L = [[2, 0], [1, 2]]
    expect(factor(A, 2)).toBe(true);
    expect([...A]).toEqual([2, 1, 2]);
    const b = Float64Array.of(8, 14);
    solve(A, b, 2);
    expect([...b]).toEqual([0.75, 2.5]);
  });

  test.each([
    ["negative", [-1], 1],
    ["zero", [0], 1],
    ["indefinite", [1, 2, 1], 2],
    ["singular", [1, 1, 1], 2],
    ["infinite", [Infinity], 1],
    ["not a number", [1, NaN, 1], 2],
  ])("%s: refused", (_, A, n) => {
    expect(factor(Float64Array.from(A), n)).toBe(false);
  });

  test("an indefinite matrix hidden in a large one is found", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(1000), fc.nat(), (n, seed, where) => {
        const A = positiveDefinite(n, seed);
        A[at(where % n, where % n)] = -1e-3;
        expect(factor(A, n)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
