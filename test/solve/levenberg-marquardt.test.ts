/** Levenberg–Marquardt with the weights of each loss. */
import { describe, expect, test } from "vitest";
import { add, exp, input, mul, type Node, param, sub } from "../../src/expr/graph.ts";
import { LOSSES, type LossKind } from "../../src/expr/loss.ts";
import { compile } from "../../src/expr/compile.ts";
import { RESPONSE } from "../../src/expr/program.ts";
import { stream } from "../../src/random/rng.ts";
import { finish, iterate } from "../../src/solve/iterate.ts";
import { LevenbergMarquardt, minimize } from "../../src/solve/levenberg-marquardt.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { pack } from "../../src/solve/pack-tables.ts";

const draws = stream(21, 22);
const ROWS = 40;
const x = Float64Array.from({ length: ROWS }, (_, i) => i / 10);
/** Noise of 0.02, and every seventh row far off. */
const errors = x.map((_, i) => 0.02 * draws.normal(i, 0) + (i % 7 === 3 ? 1 : 0));
const [a, b, c] = ["a", "b", "c"].map((name, i) => param(i, name));
const LINE = add(a, mul(b, input("x")));
const DECAY = add(mul(a, exp(mul(b, input("x")))), c);

/** A model's fit to a curve with these errors; `delta` is 0.05. */
function problem(model: Node, params: number, curve: (at: number) => number, name: LossKind) {
  const program = compile(sub(model, input(RESPONSE)), params, true);
  const rows = { rows: ROWS, inputs: { x }, weights: new Float64Array() };
  const y = x.map((at, i) => curve(at) + errors[i]);
  return new NormalEquations(program, pack(program, rows, 0, [y]), 0, { name, delta: 0.05 });
}
const free = (size: number) => ({
  lower: new Float64Array(size).fill(-Infinity),
  upper: new Float64Array(size).fill(Infinity),
});
const options = { iterations: 200, tolerance: 1e-14, gradient: 1e-10, newton: false, exact: false };

test("near an optimum, the other manner ends in the same place after fewer iterations", () => {
  const curve = problem(DECAY, 3, (at) => 2 * Math.exp(-0.8 * at) + 1, "huber");
  const least = minimize(curve, Float64Array.of(1.8, -0.7, 1.1), free(3), options);
  const start = least.theta.map((value, i) => value * (1 + 0.02 * (i - 1)));
  const close = { ...options, tolerance: 1e-9, gradient: 0, lambda: 1e-4 };
  const [far, near] = [false, true].map((isNear) =>
    minimize(curve, start, free(3), { ...close, near: isNear }),
  );
  expect([far.status, near.status]).toEqual(["converged", "converged"]);
  for (const { objective } of [far, near])
    expect(objective / least.objective - 1).toBeLessThan(1e-8);
  expect(near.iterations).toBeLessThan(0.75 * far.iterations);
});

test("the polish sees by itself how near it is", () => {
  const curve = problem(DECAY, 3, (at) => 2 * Math.exp(-0.8 * at) + 1, "huber");
  const polish = { ...options, newton: true };
  const [far, near] = [false, true].map((isNear) =>
    minimize(curve, Float64Array.of(1.8, -0.7, 1.1), free(3), { ...polish, near: isNear }),
  );
  expect(near).toEqual(far);
});

describe.each(LOSSES)("%s loss", (loss) => {
  test("steps of reweighting alone never raise the objective of a linear model", () => {
    const line = problem(LINE, 2, (at) => 1 - 0.3 * at, loss);
    for (const start of [
      [0, 0],
      [50, -30],
      [1, -0.3],
      [-2, 9],
    ]) {
      const solver = new LevenbergMarquardt(line, free(2), { ...options, lambda: 1e-12 });
      const { objective: least } = minimize(line, Float64Array.from(start), free(2), options);
      const iterations = iterate(solver, Float64Array.from(start), options);
      for (let next = iterations.next(); next.done !== true; next = iterations.next())
        // a step is refused only where nothing but rounding is left to gain
        if (next.value.refused) expect(next.value.objective).toBeLessThan(least * (1 + 1e-12));
    }
  });

  test.each([false, true])(
    "ends where the gradient vanishes, near the truth (newton: %s)",
    (newton) => {
      const curve = problem(DECAY, 3, (at) => 2 * Math.exp(-0.8 * at) + 1, loss);
      const { theta, status, norm } = minimize(curve, Float64Array.of(1.8, -0.7, 1.1), free(3), {
        ...options,
        newton,
      });
      expect(status).toBe("converged");
      expect(norm).toBeLessThan(1e-6);
      const h = 1e-6;
      for (let i = 0; i < 3; i++) {
        const [up, down] = [h, -h].map((step) => curve.evaluate(theta.with(i, theta[i] + step)));
        // central differences of an objective of the order of 1e-2: rounding of 1e-12
        expect(Math.abs(up - down) / (2 * h)).toBeLessThan(1e-8);
      }
      if (loss !== "squared")
        for (const [i, truth] of [2, -0.8, 1].entries())
          expect(Math.abs(theta[i] - truth)).toBeLessThan(0.1);
    },
  );

  test("the weights of Newton's matrix are never below 0: it stays positive semidefinite", () => {
    const curve = problem(DECAY, 3, (at) => 2 * Math.exp(-0.8 * at) + 1, loss);
    for (const theta of [
      [2, -0.8, 1],
      [0, -0.1, 3],
      [5, -3, 0],
    ])
      for (const tau of [1, 0.25, 0]) {
        curve.evaluate(Float64Array.from(theta), tau);
        const { H } = curve;
        for (const diagonal of [H[0], H[2], H[5]]) expect(diagonal).toBeGreaterThanOrEqual(0);
        expect(H[0] * H[2] - H[1] ** 2).toBeGreaterThanOrEqual(-1e-15 * H[0] * H[2]);
      }
  });
});

test("what the loop has come to is a state of the solver", () => {
  const line = problem(LINE, 2, (at) => at, "huber");
  const solver = new LevenbergMarquardt(line, free(2), options);
  const { state, ending } = finish(iterate(solver, Float64Array.of(0, 0), { iterations: 3 }));
  expect([state.iterations, ending]).toEqual([3, "limit"]);
  expect(state.objective).toBe(line.evaluate(state.theta));
  expect(solver.norm(state)).toBeGreaterThan(0);
});

test("a matrix that is not positive definite is no sign that little is left to gain", () => {
  // 1 + 5x², whose matrix is 1000 times too small, and whose second derivatives have the wrong sign
  const bowl = {
    size: 1,
    gradient: new Float64Array(1),
    H: new Float64Array(1),
    evaluate([at]: Float64Array): number {
      bowl.gradient[0] = 10 * at;
      bowl.H[0] = 0.01;
      return 1 + 5 * at * at;
    },
    second: () => Float64Array.of(-1),
  };
  const polish = { ...options, iterations: 2000, newton: true, lambda: 1e-8 };
  const { theta, norm } = minimize(bowl, Float64Array.of(1e-4), free(1), polish);
  expect(norm).toBeLessThan(1e-5);
  expect(Math.abs(theta[0])).toBeLessThan(1e-7);
});

test("a refused step is not tried again with the same matrix where there are no second derivatives", () => {
  // 1 + 5x², whose matrix is 1000 times too small: steps are refused until they are damped
  const evaluated: number[] = [];
  const bowl = {
    size: 1,
    gradient: new Float64Array(1),
    H: new Float64Array(1),
    evaluate([at]: Float64Array): number {
      evaluated.push(at);
      bowl.gradient[0] = 10 * at;
      bowl.H[0] = 0.01;
      return 1 + 5 * at * at;
    },
    second: () => undefined,
  };
  const polish = { ...options, iterations: 100, newton: true, lambda: 1e-8 };
  minimize(bowl, Float64Array.of(1e-4), free(1), polish);
  const isRepeated = evaluated.map((at, i) => i > 0 && at !== 1e-4 && at === evaluated[i - 1]);
  expect(evaluated.length).toBeGreaterThan(5);
  expect(isRepeated).not.toContain(true);
});
