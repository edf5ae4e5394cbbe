/** How basins are weighed; the study is `npm run evidence -- --only basins`. */
import { expect, test } from "vitest";
import { weightsOf } from "../../bench/basins/weigh-basins.ts";

const theta = Float64Array.of(0);
const basins = [
  { theta, objective: 1 },
  { theta, objective: 2 },
];

test("basins that err to both sides are averaged, by likelihood the better one counts for more", () => {
  const heldOut = [
    { folds: Float64Array.of(1, -1, 1, -1), backtests: [[1, 0]] as const },
    { folds: Float64Array.of(1, -1, 1, -1), backtests: [[-1, 0]] as const },
  ];
  const weights = weightsOf(basins, heldOut, 4);
  expect([...weights.best]).toEqual([1, 0]);
  expect([...weights.equal]).toEqual([0.5, 0.5]);
  expect([...weights.likelihood]).toEqual([0.8, 0.2]); // 1 : 2^(−4/2)
  expect([...weights.folds]).toEqual([0.5, 0.5]);
  expect(weights["back-tests"][0]).toBeCloseTo(0.5, 12);
});

test("a basin that errs less where it was not fitted has the weight, and without back-tests the best", () => {
  const heldOut = [
    { folds: Float64Array.of(3, -3, 3, -3), backtests: [] },
    { folds: Float64Array.of(0.1, -0.1, 0.1, -0.1), backtests: [] },
  ];
  const weights = weightsOf(basins, heldOut, 4);
  expect(weights.folds[1]).toBeGreaterThan(0.99);
  expect([...weights["back-tests"]]).toEqual([1, 0]);
});
