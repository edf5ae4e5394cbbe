/** Mixtures that a request asks about: their names, and how much they break. */
import { expect, test } from "vitest";
import { candidatesOf, violationsOf } from "../../../src/mixture/certainty/candidates.ts";
import { poseProblem } from "../../../src/mixture/problem/pose-problem.ts";
import { AT, drawLosses, fileOf, regionFor } from "../fixture.ts";

test("a ratio is broken by the share that its upper side has too much or too little", () => {
  const between = { numerator: ["d0"], denominator: ["d1"] };
  const byOf = (max: number, h: readonly number[]): number | undefined =>
    violationsOf(regionFor(3, { ratio: [{ ...between, max }] }), Float64Array.from(h))[0]?.by;
  expect(byOf(0.5, [0.4, 0.4, 0.2])).toBeCloseTo(0.2, 12);
  expect(byOf(4, [0.9, 0.1, 0])).toBeCloseTo(0.5, 12);
  expect(byOf(9, [0.9, 0.1, 0])).toBeUndefined();
  const least = regionFor(3, { ratio: [{ ...between, min: 2 }] });
  expect(violationsOf(least, Float64Array.of(0.1, 0.2, 0.7))[0]?.by).toBeCloseTo(0.3, 12);
});

test("two of one name are refused: their places in the answer could not be told apart", () => {
  const file = fileOf(drawLosses("additive", 2, 1, 7));
  const one = { name: "mine", weights: { d0: 1 } };
  expect(() => candidatesOf(file, poseProblem(file, AT), { candidates: [one, one] })).toThrow(
    '‘candidates’ has two mixtures called "mine": give each its own name.',
  );
});
