import { describe, expect, test } from "vitest";
import { OPS } from "../../../src/expr/operators.ts";
import type { MathName } from "../../../src/wasm/math/math-functions.ts";
import { errorInUlps, type Referenced } from "../../expr/reference.ts";
import { lanesOf } from "./lanes.ts";

const run = (name: MathName) => lanesOf((math, x) => math.call(name, x));
const numbers = (n: number, f: () => number): number[] => Array.from({ length: n }, f);
const between = (from: number, to: number): number => from + (to - from) * Math.random();
const sign = (): number => (Math.random() < 0.5 ? -1 : 1);
const decade = (from: number, to: number): number => 10 ** between(from, to);

/** The numbers next to x: in float64 there is none between. */
function neighbours(x: number): number[] {
  const bits = new BigInt64Array(Float64Array.of(x).buffer)[0];
  return [-2n, -1n, 0n, 1n, 2n].map(
    (step) => new Float64Array(BigInt64Array.of(bits + step).buffer)[0],
  );
}

const signedDecades = (): number => sign() * decade(-12, 0);
const phiPoints = [
  [10, -10, 0.125, -1.375].flatMap(neighbours),
  numbers(100, () => sign() * between(0, 1)),
  numbers(100, () => sign() * between(0, 20)),
  numbers(30, signedDecades),
  numbers(70, () => sign() * decade(1, 2.4)),
  [0],
].flat();

const expPoints = [
  [Math.LN2 / 2, -Math.LN2 / 2, 1].flatMap(neighbours),
  numbers(150, () => between(-745, 709)),
  numbers(100, () => between(-2, 2)),
  numbers(50, signedDecades),
  [0],
].flat();

const logPoints = [
  [Math.SQRT2, Math.SQRT1_2, 2].flatMap(neighbours),
  numbers(100, () => decade(-140, 140)),
  numbers(200, () => between(0.5, 2)),
  numbers(50, () => 1 + sign() * decade(-15, -1)),
  [1],
].flat();

const log1pPoints = [
  [Math.SQRT2 - 1, Math.SQRT1_2 - 1, 1].flatMap(neighbours),
  numbers(100, () => decade(-2, 140)),
  numbers(150, () => between(-1, 2)),
  numbers(100, () => sign() * decade(-14, -0.01)),
  numbers(50, () => decade(-15, -1) - 1),
].flat();

/** Where each function is measured, and its largest error in units of the last place. */
const MEASURED: readonly (readonly [Referenced & MathName, number, readonly number[]])[] = [
  ["exp", 1, expPoints],
  ["log", 1, logPoints],
  ["log1p", 1, log1pPoints],
  ["phi2", 2, phiPoints],
  ["phi3", 2, phiPoints],
  ["phi4", 2, phiPoints],
];

describe.each(MEASURED)("%s", (name, bound, points) => {
  test(`is within ${bound} of the last place`, () => {
    const worst = run(name)(points)
      .map((y, at) => ({ x: points[at], y, error: errorInUlps(name, points[at], y) }))
      .reduce((a, b) => (b.error <= a.error ? a : b));
    expect(worst.error, `at ${worst.x}: ${worst.y}`).toBeLessThanOrEqual(bound);
  });

  test("has the same bits in either lane, whatever is in the other", () => {
    const straight = run(name)(points);
    const turned = run(name)(points.toReversed()).toReversed();
    const besideNaN = run(name)(points.flatMap((x) => [x, NaN])).filter((_, at) => at % 2 === 0);
    expect(turned).toEqual(straight);
    expect(besideNaN).toEqual(straight);
  });
});

const MIN = 2 ** -1022;
const SPECIAL = [
  [0, -0, 1, -1, Infinity, -Infinity, NaN, Number.MAX_VALUE, -Number.MAX_VALUE],
  [5e-324, -5e-324, MIN, -MIN, MIN / 2, 2 ** -1040, 1e-300, 1e300, 710, -746, 1e5, -1e5],
  neighbours(MIN).slice(1),
  [-1, 708, -708, 709.782712893384, -745.1332191019411, -708.3964185322641].flatMap(neighbours),
  numbers(50, () => between(-745, -708)),
  numbers(50, () => 2 ** between(-1074, -1022)),
  numbers(50, () => sign() * decade(5, 308)),
  numbers(50, () => Math.round(decade(0, 14)) * (Math.PI / 2)),
  [1e6, -1e6, 2 ** 63].flatMap(neighbours),
].flat();

test.each([
  ["exp", Math.exp, 2 ** -52],
  ["log", Math.log, 2 ** -52],
  ["log1p", Math.log1p, 2 ** -52],
  ["tanh", Math.tanh, 2 ** -51],
  ["atan", Math.atan, 2 ** -52],
  ["sin", Math.sin, 2 ** -52],
  ["cos", Math.cos, 2 ** -52],
] as const)("%s has Math's special values, others to a last bit", (name, f, bound) => {
  const values = run(name)(SPECIAL);
  for (const [at, x] of SPECIAL.entries()) {
    const [y, expected] = [values[at], f(x)];
    if (!Number.isFinite(expected) || expected === 0) expect(y, `at ${x}`).toBe(expected);
    else
      expect(Math.abs(y - expected), `at ${x}: ${y}, not ${expected}`).toBeLessThanOrEqual(
        Math.max(bound * Math.abs(expected), 2 ** -1074),
      );
  }
});

test.each(["phi2", "phi3", "phi4", "log1pc", "dlog1pc", "d2log1pc"] as const)(
  "%s has the operator's values at special points",
  (name) => {
    const points = [
      0,
      -0,
      Infinity,
      NaN,
      700,
      701,
      1e5,
      -1e5,
      1e20,
      -1e20,
      5e-324,
      -5e-324,
      1e-300,
    ];
    const values = run(name)(points);
    for (const [at, x] of points.entries()) {
      const expected = OPS[name].f64(x, 0);
      if (Number.isFinite(expected))
        expect(Math.abs(values[at] - expected), `at ${x}`).toBeLessThanOrEqual(
          1e-13 * Math.abs(expected),
        );
      else expect(values[at], `at ${x}`).toBe(expected);
    }
  },
);
