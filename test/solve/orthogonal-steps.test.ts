/** Least squares by reflections, and the polish of the squared loss that uses them. */
import { describe, expect, test } from "vitest";
import { stream } from "../../src/random/rng.ts";
import { add, exp, input, mul, type Node, param, sub } from "../../src/expr/graph.ts";
import { compile } from "../../src/expr/compile.ts";
import { RESPONSE } from "../../src/expr/program.ts";
import { minimizeExactly } from "../../src/solve/orthogonal-steps.ts";
import { columnNorms } from "../../src/solve/linearized-residuals.ts";
import { gradientNorm } from "../../src/solve/stationarity.ts";
import { held } from "../../src/solve/damped-step.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { pack } from "../../src/solve/pack-tables.ts";
import { backSubstitute, triangularize } from "../../src/solve/qr.ts";
import { Residuals } from "../../src/solve/residuals.ts";

const SQUARED = { name: "squared", delta: 1 } as const;

const draws = stream(11, 12);
const matrix = (rows: number, n: number): Float64Array =>
  Float64Array.from({ length: rows * n }, (_, i) => draws.normal(i, 0));

describe("reflections", () => {
  test.each([
    [1, 1],
    [5, 2],
    [40, 7],
    [7, 7],
  ])("%i × %i: the residual of the solution is orthogonal to every column", (rows, n) => {
    const A = matrix(rows, n);
    const b = Float64Array.from({ length: rows }, (_, i) => draws.normal(i, 2));
    const [R, Qb] = [A.slice(), b.slice()];
    triangularize(R, rows, n, Qb);
    const x = backSubstitute(R, n, Qb) ?? new Float64Array(n);
    const r = b.map((y, i) => y - x.reduce((sum, v, j) => sum + A[i * n + j] * v, 0));
    for (let j = 0; j < n; j++)
      expect(r.reduce((sum, v, i) => sum + A[i * n + j] * v, 0)).toBeCloseTo(0, 12);
  });

  test("a column of zeros is singular, not a crash", () => {
    const R = Float64Array.of(1, 0, 1, 0, 1, 0);
    const b = Float64Array.of(1, 2, 3);
    triangularize(R, 3, 2, b);
    expect(backSubstitute(R, 2, b)).toBeUndefined();
  });

  test("norms of huge and tiny columns neither overflow nor vanish", () => {
    const norms = columnNorms(Float64Array.of(3e200, 3e-200, 0, 4e200, 4e-200, 0), 2, 3);
    expect(norms[0] / 5e200).toBeCloseTo(1, 14);
    expect(norms[1] / 5e-200).toBeCloseTo(1, 14);
    expect(norms[2]).toBe(0);
  });
});

const free = (n: number) => ({
  lower: new Float64Array(n).fill(-Infinity),
  upper: new Float64Array(n).fill(Infinity),
});

/** Σ aᵢ·exp(−bᵢx), coordinates in units `unit`: nearly dependent columns. */
function exponentials(unit: readonly number[]): {
  program: ReturnType<typeof compile>;
  loss: Node;
} {
  const x = input("x");
  const p = (i: number): Node => mul(unit[i], param(i, `p${i}`));
  const term = (i: number): Node => mul(p(i), exp(mul(mul(-1, p(i + 1)), x)));
  const loss = add(add(term(0), term(2)), term(4));
  return { loss, program: compile(sub(loss, input(RESPONSE)), 6) };
}
const TRUTH = [0.0951, 1, 0.8607, 3, 1.5576, 5];
const xs = Float64Array.from({ length: 24 }, (_, i) => 0.05 * i);
const ys = xs.map(
  (x) => 0.0951 * Math.exp(-x) + 0.8607 * Math.exp(-3 * x) + 1.5576 * Math.exp(-5 * x),
);

function problem(unit: readonly number[], noise = 0) {
  const { program } = exponentials(unit);
  const y = ys.map((v, i) => v + noise * draws.normal(i, 7));
  const packed = pack(program, { rows: 24, inputs: { x: xs }, weights: new Float64Array() }, 0, [
    y,
  ]);
  return { program, packed };
}

describe("minimizeExactly", () => {
  test("finds the decay rates of Lanczos's sum of exponentials from far away, where JᵀJ has no digits left", () => {
    const { program, packed } = problem([1, 1, 1, 1, 1, 1]);
    const { theta } = minimizeExactly(
      new Residuals(program, packed, 0),
      Float64Array.of(1.2, 0.3, 5.6, 5.5, 6.5, 7.6),
      free(6),
      2000,
    );
    for (const [i, x] of theta.entries()) expect(x / TRUTH[i]).toBeCloseTo(1, 8);
  });

  test("units of the coordinates do not matter", () => {
    const unit = [1, 1e-6, 1e3, 1, 1e-12, 1e6];
    const [a, b] = [problem([1, 1, 1, 1, 1, 1], 1e-3), problem(unit, 1e-3)];
    const start = Float64Array.of(0.5, 0.7, 3.6, 4.2, 4, 6.3);
    const one = minimizeExactly(new Residuals(a.program, a.packed, 0), start, free(6), 2000);
    const other = minimizeExactly(new Residuals(b.program, b.packed, 0), start.map((x, i) => x / unit[i]), free(6), 2000); // prettier-ignore
    expect(other.squares / one.squares).toBeCloseTo(1, 10);
    for (const [i, x] of other.theta.entries())
      expect((x * unit[i]) / one.theta[i]).toBeCloseTo(1, 6);
  });

  test("ends at a bound where the optimum is beyond it, and is stationary in the rest", () => {
    const { program, packed } = problem([1, 1, 1, 1, 1, 1], 1e-3);
    const box = { lower: new Float64Array(6), upper: Float64Array.of(9, 4.5, 9, 4.5, 9, 4.5) };
    const { theta, status } = minimizeExactly(
      new Residuals(program, packed, 0),
      Float64Array.of(0.5, 0.7, 1, 2, 1, 4),
      box,
      2000,
    );
    expect(status).toBe("converged");
    expect([theta[1], theta[3], theta[5]]).toContain(4.5);
    const normal = new NormalEquations(program, packed, 0, SQUARED);
    const objective = normal.evaluate(theta);
    const { gradient, H } = normal;
    expect(held(theta, gradient, box)).toContain(true);
    expect(gradientNorm({ theta, objective, gradient, H }, box)).toBeLessThan(1e-7);
  });

  test("a start where the law is not finite says so", () => {
    const { program, packed } = problem([1, 1, 1, 1, 1, 1]);
    const start = Float64Array.of(1, -1e4, 1, 1, 1, 1);
    expect(minimizeExactly(new Residuals(program, packed, 0), start, free(6), 10).status).toBe(
      "nonfinite",
    );
  });

  test("runs of weight 0 are not read", () => {
    const { program, packed } = problem([1, 1, 1, 1, 1, 1]);
    const weight = packed.weights[0].map((_, at) => at % 2);
    const residuals = new Residuals(program, packed, 0, weight);
    expect(residuals.rows).toBe(12);
    const normal = new NormalEquations(program, packed, 0, SQUARED, weight);
    const theta = Float64Array.of(0.1, 1.1, 0.8, 3.1, 1.5, 5.2);
    expect(residuals.evaluate(theta) / (2 * residuals.mass) / normal.evaluate(theta)).toBeCloseTo(
      1,
      12,
    );
  });
});
