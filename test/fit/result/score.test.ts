import { expect, test } from "vitest";
import { score } from "../../../src/fit/result/score.ts";

test("scores are those worked out by hand", () => {
  // Errors 0.5, 0, −0.5, 1 on 2, 4, 5, 8: 25 + 0 + 10 + 12.5 percent; mean 4.75, squares 1.5 of
  // 18.75; ranks 1 2 3 4 against 1 2 3 4.
  const found = score(Float64Array.of(2.5, 4, 4.5, 9), Float64Array.of(2, 4, 5, 8));
  expect(found).toMatchObject({ rows: 4, mae: 0.5, spearman: 1 });
  expect(found?.mrePercent).toBeCloseTo(47.5 / 4, 12);
  expect(found?.r2).toBeCloseTo(1 - 1.5 / 18.75, 12);
});

test("ties in Spearman's correlation take the mean rank", () => {
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: Pearson's of these is 4.5/√(4.5·5).
  expect(score(Float64Array.of(1, 2, 2, 3), Float64Array.of(1, 2, 3, 4))?.spearman).toBeCloseTo(
    4.5 / Math.sqrt(4.5 * 5),
    12,
  );
  expect(score(Float64Array.of(4, 3, 2, 1), Float64Array.of(1, 2, 3, 4))?.spearman).toBeCloseTo(
    -1,
    12,
  );
});

test("missing observations do not count", () => {
  expect(score(Float64Array.of(2.5, 100, 4), Float64Array.of(2, NaN, 4))).toEqual(
    score(Float64Array.of(2.5, 4), Float64Array.of(2, 4)),
  );
  expect(score(Float64Array.of(1), Float64Array.of(NaN))).toBeNull();
});

test("what does not vary has no correlation, and one observation no R²", () => {
  expect(score(Float64Array.of(1, 1), Float64Array.of(1, 2))).toMatchObject({ spearman: null });
  expect(score(Float64Array.of(1, 2), Float64Array.of(3, 3))).toMatchObject({
    spearman: null,
    r2: null,
  });
  expect(score(Float64Array.of(2), Float64Array.of(4))).toEqual({
    rows: 1,
    mrePercent: 50,
    r2: null,
    mae: 2,
    spearman: null,
  });
});

test("the mean relative error is relative to the size of the observation", () => {
  expect(score(Float64Array.of(-1), Float64Array.of(-2))?.mrePercent).toBe(50);
});

test("an observation of 0 has no relative error", () => {
  expect(score(Float64Array.of(1, 2), Float64Array.of(0, 2))).toMatchObject({
    rows: 2,
    mrePercent: null,
    mae: 0.5,
  });
});

test("a row counts as often as it weighs", () => {
  // Weights of whole numbers are rows that stand there so often.
  const [p, y] = [Float64Array.of(2.5, 4, 4.5, 9, 5), Float64Array.of(2, 4, 5, 8, 4)];
  const weights = [1, 3, 0, 2, 1];
  const repeated = (values: Float64Array): Float64Array =>
    Float64Array.from(weights.flatMap((w, i) => Array.from({ length: w }, () => values[i])));
  const expected = score(repeated(p), repeated(y));
  const found = score(p, y, weights);
  expect(found?.rows).toBe(4);
  for (const name of ["mrePercent", "r2", "mae", "spearman"] as const)
    expect(found?.[name]).toBeCloseTo(expected?.[name] ?? NaN, 12);
  expect(score(p, y, [0, 0, 0, 0, 0])).toBeNull();
});
