import { describe, expect, test } from "vitest";
import { distancesFrom } from "../../../src/fit/backtest/distance.ts";
import { ladderOf } from "../../../src/fit/backtest/ladder.ts";
import { reachOf } from "../../../src/fit/result/coverage.ts";

const BOTH = { params: true, tokens: true, weights: false };
const grid = (sizes: readonly number[], tokensAt: (n: number) => readonly number[]) => {
  const runs = sizes.flatMap((n) => tokensAt(n).map((d) => [n, d] as const));
  return {
    params: Float64Array.from(runs, ([n]) => n),
    tokens: Float64Array.from(runs, ([, d]) => d),
  };
};
const inputsOf = (inputs: Record<string, Float64Array>) => ({ inputs });

describe("the ladder", () => {
  test("is one of sizes where each has several runs, values within 5 % together", () => {
    const inputs = grid([1e8, 1.02e8, 3e8, 1e9], () => [2e9, 8e9]);
    const ladder = ladderOf(BOTH, inputsOf(inputs));
    expect(ladder).toMatchObject({ axis: "params", levels: [1.02e8, 3e8, 1e9] });
    expect([...(ladder?.levelOf ?? [])]).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
  });

  test("is one of compute along lines of equal compute", () => {
    const sizes = [1e8, 1.4e8, 2e8, 2.8e8, 4e8, 5.6e8];
    const inputs = grid(sizes, (n) => [1e19, 3e19, 1e20, 3e20].map((c) => c / 6 / n));
    expect(ladderOf(BOTH, inputsOf(inputs))).toMatchObject({ axis: "compute" });
    expect(ladderOf(BOTH, inputsOf(inputs))?.levels).toHaveLength(4);
  });

  test("is one of tokens where there is one size, or the law does not use N", () => {
    const one = grid([1e8], () => [1e9, 2e9, 4e9]);
    expect(ladderOf(BOTH, inputsOf(one))).toMatchObject({
      axis: "tokens",
      levels: [1e9, 2e9, 4e9],
    });
    const many = grid([1e8, 3e8], () => [1e9, 2e9, 4e9]);
    expect(ladderOf({ ...BOTH, params: false }, inputsOf(many))).toMatchObject({ axis: "tokens" });
  });

  test("is none of two sizes, and none of a law of mixtures alone", () => {
    const two = grid([1e8, 3e8], () => [1e9, 2e9, 4e9]);
    expect(ladderOf(BOTH, inputsOf(two))).toBeUndefined();
    expect(
      ladderOf({ params: false, tokens: false, weights: true }, inputsOf(two)),
    ).toBeUndefined();
  });

  test("has at most eight levels: neighbours go together", () => {
    const sizes = Array.from({ length: 20 }, (_, i) => 1e8 * 1.2 ** i);
    const ladder = ladderOf(BOTH, inputsOf(grid(sizes, () => [1e9, 3e9, 1e10])));
    expect(ladder?.levels).toHaveLength(8);
    expect(ladder?.levels.at(-1)).toBe(sizes.at(-1));
  });
});

test("the distance is the largest of those in N, D and 6ND, on either side, and 0 inside", () => {
  const fitted = reachOf({
    params: Float64Array.of(1e8, 1e9),
    tokens: Float64Array.of(1e11, 1e10),
  });
  const at = (n: number, d: number): number =>
    distancesFrom(fitted, BOTH, {
      rows: 1,
      inputs: { params: Float64Array.of(n), tokens: Float64Array.of(d) },
    })[0];
  // Lines of equal compute: the corner lies beyond in compute alone.
  expect(at(1e9, 1e11)).toBeCloseTo(Math.log(10), 12);
  expect(at(3e8, 1e19 / 3e8)).toBe(0);
  expect(at(4e9, 2.5e9)).toBeCloseTo(Math.log(4), 12);
  expect(at(5e7, 2e11)).toBeCloseTo(Math.log(2), 12);
  expect(at(1e9 * 1.0005, 1e10 / 1.0005)).toBe(0);
});
