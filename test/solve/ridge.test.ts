import { describe, expect, test } from "vitest";
import type { Ridge } from "../../src/laws/ridge.ts";
import { addPenalty, deviationsOf, penaltyAt, PenaltyRows } from "../../src/solve/penalty/ridge.ts";

/** Coordinate 0 is not drawn, 1 to 0, 2 to 4 to their mean, in units of their own. */
const ridge: Ridge = {
  slopes: Float64Array.of(0, 2, 1, 0.5, 4),
  first: Int32Array.of(0, 0, 2, 2, 2),
  end: Int32Array.of(0, 0, 5, 5, 5),
};
const penalty = { ridge, strength: 0.3 };
const theta = Float64Array.of(3, -0.7, 1.1, 0.4, -0.2);
const STEP = 1e-5;

describe("a ridge", () => {
  test("is λ/2 of the squares, to 0 and to the mean", () => {
    const mean = (1.1 + 0.2 - 0.8) / 3;
    const q = [0, -1.4, 1.1 - mean, 0.2 - mean, -0.8 - mean];
    for (const [i, x] of deviationsOf(ridge, theta).entries()) expect(x).toBeCloseTo(q[i], 14);
    expect(penaltyAt(penalty, theta)).toBeCloseTo(0.15 * q.reduce((sum, x) => sum + x * x, 0), 14);
  });

  test("has the gradient and the matrix of finite differences", () => {
    const at = (point: Float64Array) => {
      const [gradient, H] = [new Float64Array(5), new Float64Array(15)];
      const value = addPenalty(penalty, point, gradient, H);
      return { value, gradient, H };
    };
    const { value, gradient, H } = at(theta);
    expect(value).toBeCloseTo(penaltyAt(penalty, theta), 14);
    for (let i = 0; i < 5; i++) {
      const [up, down] = [at(theta.with(i, theta[i] + STEP)), at(theta.with(i, theta[i] - STEP))];
      expect(gradient[i]).toBeCloseTo((up.value - down.value) / (2 * STEP), 9);
      for (let j = 0; j <= i; j++)
        expect(H[(i * (i + 1)) / 2 + j]).toBeCloseTo((up.gradient[j] - down.gradient[j]) / (2 * STEP), 9); // prettier-ignore
    }
  });

  test("is rows of a least-squares problem with the same squares and derivatives", () => {
    const mass = 7;
    const rows = new PenaltyRows(penalty, mass);
    const r = rows.residuals(theta);
    const squares = (x: Float64Array): number => x.reduce((sum, y) => sum + y * y, 0);
    expect(squares(r) / (2 * mass)).toBeCloseTo(penaltyAt(penalty, theta), 14);
    const J = new Float64Array((rows.count + 1) * 5);
    rows.differentiate(J, 1);
    for (let i = 0; i < 5; i++) {
      const moved = rows.residuals(theta.with(i, theta[i] + 1));
      for (const [n, x] of moved.entries()) expect(J[(n + 1) * 5 + i]).toBeCloseTo(x - r[n], 13);
    }
  });
});
