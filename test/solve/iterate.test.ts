/** The loop that solvers share. */
import { describe, expect, test } from "vitest";
import { finish, iterate, type Iterate, type Solver } from "../../src/solve/iterate.ts";

/** Halves a number in each step. */
const halving = (over: Partial<Solver<Iterate>> = {}): Solver<Iterate> => ({
  init: (start) => ({ theta: start, objective: start[0], iterations: 0 }),
  done: ({ objective }) => (objective < 1 ? "converged" : undefined),
  step(state) {
    state.objective /= 2;
    return undefined;
  },
  ...over,
});
const run = (solver: Solver<Iterate>, start: number, iterations: number, signal?: AbortSignal) =>
  finish(iterate(solver, Float64Array.of(start), { iterations, signal }));

describe("iterations", () => {
  test("go on until the solver is done, which is asked before each step", () => {
    const { state, ending } = run(halving(), 10, 100);
    // 10 → 5 → 2.5 → 1.25 → 0.625: four steps, and an iteration that finds it done
    expect([state.objective, state.iterations, ending]).toEqual([0.625, 5, "converged"]);
  });

  test("end with the step that says so", () => {
    const { state, ending } = run(halving({ step: () => "stalled" }), 10, 100);
    expect([state.objective, state.iterations, ending]).toEqual([10, 1, "stalled"]);
  });

  test("are no more than the budget, in which a step may count more than once", () => {
    const once = run(halving(), 1e9, 6);
    expect([once.state.objective, once.state.iterations, once.ending]).toEqual([
      1e9 / 64,
      6,
      "limit",
    ]);
    const step: Solver<Iterate>["step"] = (state) => {
      state.objective /= 2;
      state.iterations++;
      return undefined;
    };
    const twice = run(halving({ step }), 1e9, 6);
    expect([twice.state.objective, twice.ending]).toEqual([1e9 / 8, "limit"]);
    expect(run(halving(), 10, 0).ending).toBe("limit");
  });

  test.each([NaN, Infinity])("do not begin where the objective is %s", (start) => {
    const { state, ending } = run(halving(), start, 10);
    expect([state.iterations, ending]).toEqual([0, "nonfinite"]);
  });

  test("stop when the signal fires, at the state that they have come to", () => {
    const abort = new AbortController();
    const iterations = iterate(halving(), Float64Array.of(1e9), {
      iterations: 100,
      signal: abort.signal,
    });
    for (let n = 1; n <= 3; n++) {
      const { done, value } = iterations.next();
      expect(done).toBe(false);
      expect(value).toMatchObject({ iterations: n });
    }
    abort.abort();
    const { state, ending } = finish(iterations);
    expect([state.objective, ending]).toEqual([1e9 / 8, "interrupted"]);
  });
});
