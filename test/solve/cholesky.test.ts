import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { stream } from "../../src/random/rng.ts";
import { factor, solve } from "../../src/solve/cholesky.ts";

const at = (i: number, j: number): number =>
  i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i;

/**
 * BᵀB/n + I/4 for a random B: symmetric, with eigenvalues of at least ¼.
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

/** kε/(1 − kε) with ε = 2⁻⁵³: what k roundings do to a product or a sum, relatively. */
const gamma = (k: number): number => (k * 2 ** -53) / (1 - k * 2 ** -53);

describe("Cholesky", () => {
  // Theorems of Higham 2002, Accuracy and Stability of Numerical Algorithms, with γ(k) for k
  // roundings and dᵢ = √Aᵢᵢ, which bounds |Aᵢⱼ| and (|L||Lᵀ|)ᵢⱼ(1 − γ(n + 1)) by dᵢdⱼ: the computed
  // L has
  // |LLᵀ − A|ᵢⱼ ≤ γ(n + 1)(|L||Lᵀ|)ᵢⱼ (10.3), the computed x solves (A + ΔA)x = b with |ΔA| ≤
  // γ(3n + 1)|L||Lᵀ| (10.4). The checks' own sums of n products add γ(n) each.
  test("LLᵀ = A and Ax = b for random positive definite matrices, but for the roundings", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (n, seed) => {
        const A = positiveDefinite(n, seed);
        const L = A.slice();
        expect(factor(L, n)).toBe(true);
        const d = Array.from({ length: n }, (_, i) => Math.sqrt(A[at(i, i)]));
        // a last factor for the roundings of the bounds themselves
        const [inFactor, inSolution, inSum] = [n + 1, 3 * n + 1, n].map(
          (k) => (gamma(k) / (1 - gamma(n + 1))) * (1 + 1e-12),
        );
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let k = 0; k <= j; k++) sum += L[at(i, k)] * L[at(j, k)];
            const bound = (inFactor + inSum) * d[i] * d[j];
            expect(Math.abs(sum - A[at(i, j)])).toBeLessThanOrEqual(bound);
          }
        }
        const truth = Float64Array.from({ length: n }, (_, i) => stream(seed, 2).normal(i, 0));
        const b = times(A, truth, n);
        const x = Float64Array.from(b);
        solve(L, x, n);
        const weighed = (v: Float64Array): number => v.reduce((sum, y, i) => sum + d[i] * Math.abs(y), 0); // prettier-ignore
        for (const [i, product] of times(A, x, n).entries())
          expect(Math.abs(product - b[i])).toBeLessThanOrEqual(
            (inSolution + inSum) * d[i] * weighed(x),
          );
        // ‖x − truth‖ = ‖A⁻¹(ΔA·x + what b is wrong by)‖, and no eigenvalue of A is below ¼.
        const off = (inSolution * weighed(x) + inSum * weighed(truth)) * Math.hypot(...d);
        expect(Math.hypot(...x.map((y, i) => y - truth[i]))).toBeLessThanOrEqual(4 * off);
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
