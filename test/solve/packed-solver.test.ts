/** Systems solved by WebAssembly against those by JavaScript. */
import { describe, expect, test } from "vitest";
import { factor, solve } from "../../src/solve/cholesky.ts";
import { type PackedSolver, packedSolver } from "../../src/solve/packed-solver.ts";

/** A positive definite matrix: a dominant diagonal. */
const matrix = (n: number, seed = 1): Float64Array => {
  const H = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j <= i; j++, at++)
      H[at] = i === j ? 2 + Math.sqrt(n) + i / 10 : Math.sin(seed + at * at);
  return H;
};
const right = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => 1 + Math.cos(i)); // prettier-ignore

function solved(solver: PackedSolver, H: Float64Array, n: number): Float64Array {
  solver.A.set(H);
  expect(solver.factor()).toBe(true);
  const x = right(n);
  solver.solve(x);
  return x;
}

/** The product of a packed matrix and a vector. */
const times = (H: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, i) =>
    x.reduce((sum, v, j) => sum + H[i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i] * v, 0),
  );

test.each([1, 2, 7, 8, 9, 12, 19, 33, 64])("%d equations", (n) => {
  const x = solved(packedSolver(n), matrix(n), n);
  const [L, y] = [matrix(n), right(n)];
  expect(factor(L, n)).toBe(true);
  solve(L, y, n);
  for (let i = 0; i < n; i++) expect(Math.abs(x[i] - y[i])).toBeLessThan(1e-13);
  for (const [i, b] of times(matrix(n), x).entries()) expect(b).toBeCloseTo(1 + Math.cos(i), 12);
});

describe.each([5, 20])("%d equations", (n) => {
  test.each([
    ["is not positive definite", -1],
    ["is singular", 0],
    ["has no number on its diagonal", NaN],
    ["is infinite", Infinity],
  ])("are not solved where the matrix %s", (_, value) => {
    const solver = packedSolver(n);
    for (const row of [0, 2, n - 1]) {
      const H = matrix(n);
      for (let j = 0; j <= row; j++) H[(row * (row + 1)) / 2 + j] = 0;
      H[(row * (row + 3)) / 2] = value;
      solver.A.set(H);
      expect(solver.factor()).toBe(false);
    }
  });
});

test("solvers of several sizes take turns, the largest made last", () => {
  const sizes = [10, 30, 200];
  const solvers = sizes.map(packedSolver);
  const once = sizes.map((n, s) => solved(solvers[s], matrix(n), n));
  const again = sizes.map((n, s) => solved(solvers[s], matrix(n), n));
  expect(again).toEqual(once);
});
