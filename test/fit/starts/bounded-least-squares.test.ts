import { describe, expect, test } from "vitest";
import { BoundedLeastSquares } from "../../../src/fit/starts/bounded-least-squares.ts";
import { JavaScriptStretches, stretches } from "../../../src/fit/starts/stretches.ts";
import { backSubstitute, triangularize } from "../../../src/solve/qr.ts";
import { stream } from "../../../src/random/rng.ts";

const draws = stream(5, 1);
const OPEN = (n: number): [Float64Array, Float64Array] => [
  new Float64Array(n).fill(-Infinity),
  new Float64Array(n).fill(Infinity),
];

/** A solver of so many rows and unknowns, on its own part of a list. */
type Make = (rows: number, n: number) => BoundedLeastSquares;

const makers: readonly (readonly [string, Make])[] = [
  ["WebAssembly", (rows, n) => new BoundedLeastSquares(stretches(5000), 7, rows, n)],
  ["JavaScript", (rows, n) => new BoundedLeastSquares(new JavaScriptStretches(5000), 7, rows, n)],
];

/** Writes A and r, and reduces: the least sum of squares without bounds. */
function reduced(solver: BoundedLeastSquares, A: Float64Array, r: Float64Array): number {
  solver.list.numbers.set(A, solver.place);
  solver.list.numbers.set(r, solver.place + A.length);
  return solver.reduce();
}

function solved(
  solver: BoundedLeastSquares,
  A: Float64Array,
  r: Float64Array,
  [lower, upper]: readonly [Float64Array, Float64Array],
): Float64Array {
  reduced(solver, A, r);
  return solver.solve(lower, upper);
}

/** Columns of normal numbers, one after the other. */
const columns = (rows: number, n: number, seed: number): Float64Array =>
  Float64Array.from({ length: rows * n }, (_, i) => draws.normal(seed, 2 * i));

/** The least-squares solution by Householder reflections. */
function byReflections(A: Float64Array, r: Float64Array, n: number): Float64Array {
  const rows = r.length;
  const B = Float64Array.from(A, (_, i) => A[(i % n) * rows + Math.floor(i / n)]);
  const b = r.map((x) => -x);
  triangularize(B, rows, n, b);
  return backSubstitute(B, n, b) ?? new Float64Array();
}

const squares = (left: Float64Array): number => left.reduce((sum, x) => sum + x * x, 0);

/** ‖A·x + r‖². */
const costAt = (A: Float64Array, r: Float64Array, x: ArrayLike<number>): number =>
  squares(
    r.map((e, row) => Array.from(x).reduce((sum, xj, j) => sum + A[j * r.length + row] * xj, e)),
  );

describe.each(makers)("by %s", (_, make) => {
  test("without bounds it is the least-squares solution, whatever the sizes of columns", () => {
    for (const [n, scale] of [
      [1, 1],
      [2, 1e-160],
      [3, 1e130],
      [4, 1e9],
    ] as const) {
      // prettier-ignore
      const [A, r] = [columns(40, n, n), columns(40, 1, 9 + n)];
      const sized = A.map((x, i) => (i < 40 ? x * scale : x));
      const solver = make(40, n);
      const x = solved(solver, sized, r, OPEN(n));
      const known = byReflections(A, r, n);
      for (let j = 0; j < n; j++) expect(x[j] * (j === 0 ? scale : 1)).toBeCloseTo(known[j], 11);
      expect(squares(solver.left)).toBeCloseTo(costAt(A, r, known), 9);
    }
  });

  test("within bounds no unknown can be moved for the better, and `left` is what there is", () => {
    for (let seed = 20; seed < 60; seed++) {
      const n = 2;
      const [A, r] = [columns(12, n, seed), columns(12, 1, 100 + seed)];
      const [lower, upper] = [new Float64Array(n).fill(-0.1), new Float64Array(n).fill(0.15)];
      const solver = make(12, n);
      const x = solved(solver, A, r, [lower, upper]);
      expect(x.every((value, j) => value >= lower[j] && value <= upper[j])).toBe(true);
      const cost = costAt(A, r, x);
      expect(squares(solver.left)).toBeCloseTo(cost, 11);
      for (let j = 0; j < n; j++) {
        const isFree = x[j] > lower[j] && x[j] < upper[j];
        for (const step of isFree ? [-1e-3, 1e-3] : [])
          expect(costAt(A, r, x.with(j, x[j] + step))).toBeGreaterThan(cost);
      }
    }
  });

  test("a column that others stand for, or that is 0, gets the value nearest to 0", () => {
    const [A, r] = [columns(10, 3, 70), columns(10, 1, 71)];
    A.copyWithin(20, 0, 10); // the third is the first
    const solver = make(10, 3);
    const [lower, upper] = OPEN(3);
    lower[2] = 0.25;
    expect(solved(solver, A, r, [lower, upper])[2]).toBe(0.25);
    A.fill(0, 10, 20);
    expect(solved(solver, A, r, OPEN(3))[1]).toBe(0);
    expect(solver.left.every(Number.isFinite)).toBe(true);
  });

  test("what is not finite is in what is left", () => {
    const solver = make(10, 2);
    for (const bad of [NaN, Infinity, -Infinity]) {
      const [A, r] = [columns(10, 2, 80), columns(10, 1, 81)];
      solved(solver, A.with(13, bad), r, OPEN(2));
      expect(solver.left.every(Number.isFinite)).toBe(false);
      solved(solver, A, r.with(3, bad), OPEN(2));
      expect(solver.left.every(Number.isFinite)).toBe(false);
    }
  });

  test("the least without bounds is below what is left within them", () => {
    for (let seed = 200; seed < 240; seed++) {
      const [A, r] = [columns(12, 2, seed), columns(12, 1, 100 + seed)];
      const solver = make(12, 2);
      const least = reduced(solver, A, r);
      expect(least).toBeCloseTo(costAt(A, r, byReflections(A, r, 2)), 11);
      solver.solve(new Float64Array(2).fill(-0.1), new Float64Array(2).fill(0.15));
      expect(solver.squares).toBeCloseTo(squares(solver.left), 11);
      expect(solver.squares).toBeGreaterThanOrEqual(least);
    }
  });

  test("of columns that depend on others no least is told", () => {
    const [A, r] = [columns(10, 2, 70), columns(10, 1, 71)];
    A.copyWithin(10, 0, 10);
    expect(reduced(make(10, 2), A, r)).toBe(0);
  });
});

test("both have the same bits", () => {
  for (const [rows, n] of [
    [1, 1],
    [6, 1],
    [7, 3],
    [41, 4],
    [120, 5],
  ] as const) {
    const [A, r] = [columns(rows, n, 300 + rows), columns(rows, 1, 400 + rows)];
    A[0] *= 1e-170; // of one column some numbers vanish beside others
    for (const scale of [1, 1e-140, 1e140]) {
      const sized = A.map((x, i) => (i < rows ? x * scale : x));
      const bounds = [new Float64Array(n).fill(-0.1), new Float64Array(n).fill(0.15)] as const;
      const [one, other] = makers.map(([, make]) => {
        const solver = make(rows, n);
        const least = reduced(solver, sized, r);
        const x = solver.solve(...bounds);
        return [least, solver.squares, ...x, ...solver.left];
      });
      expect(one).toEqual(other);
    }
  }
});
