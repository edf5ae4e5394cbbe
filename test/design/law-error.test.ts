/** The error of a law's form: its covariance, and what runs say of it. */
import { expect, test } from "vitest";
import { lawErrorRows } from "../../src/design/law-error.ts";

const at = (...params: number[]) => ({
  rows: params.length,
  inputs: { params: Float64Array.from(params) },
  weights: new Float64Array(),
});
const covariance = (rows: readonly Float64Array[], a: number, b: number): number =>
  rows.reduce((sum, row) => sum + (row[a] ?? NaN) * (row[b] ?? NaN), 0);

test("falls with the distance in logarithms, over the range", () => {
  const rows = lawErrorRows(at(1e8, 1e9, 1e10), undefined, 0.1);
  expect(covariance(rows, 0, 0)).toBeCloseTo(0.09, 9);
  expect(covariance(rows, 0, 2)).toBeCloseTo(0.09 * Math.exp(-1), 9);
  expect(covariance(rows, 0, 1)).toBeCloseTo(0.09 * Math.exp(-0.5), 9);
});

test("is what the fitted runs leave of it: little near them, as much as ever far away", () => {
  const rows = lawErrorRows(at(1e8, 1e12), at(1e8), 0.1);
  const left = (d: number): number => 0.09 - (0.09 * Math.exp(-d)) ** 2 / (0.09 + 0.01);
  expect(covariance(rows, 0, 0)).toBeCloseTo(left(0), 9);
  expect(covariance(rows, 1, 1)).toBeCloseTo(left(1), 9);
  expect(covariance(rows, 0, 1)).toBeCloseTo(0.09 * Math.exp(-1) - (0.09 * 0.09 * Math.exp(-1)) / 0.1, 9);
}); // prettier-ignore
