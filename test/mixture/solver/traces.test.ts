import { describe, expect, test } from "vitest";
import { lawValue, meanGoal } from "../../../src/mixture/goal/goal.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import { poseProblem } from "../../../src/mixture/problem/pose-problem.ts";
import { solveConstrained } from "../../../src/mixture/solver/augmented-lagrangian.ts";
import { Polytope } from "../../../src/mixture/solver/polytope.ts";
import { feasiblePieces, solvePiece } from "../../../src/mixture/solver/solve.ts";
import { withTraces } from "../../../src/mixture/solver/traces.ts";
import type { TargetLoss } from "../../../src/mixture/goal/goal.ts";
import { namesOf } from "../../laws/fixture.ts";
import { AT, drawLosses, fileOf, regionFor } from "../fixture.ts";

/** Mixture laws with a domain d0 of which only the presence counts. */
const withExponent = (gamma: number): TargetLoss[] =>
  drawLosses("mixture", 4, 2, 3).map((loss) => {
    const names = namesOf(loss.fitted.law);
    const theta = Float64Array.from(loss.fitted.theta, (x, i) => {
      if (names[i] === "gamma[d0]") return gamma;
      return names[i].startsWith("gamma") ? 0.5 : x;
    });
    return { ...loss, fitted: { ...loss.fitted, theta } };
  });

test("the trace is taken from a share that is at no bound, and the optimum stays certified", async () => {
  const losses = withExponent(0);
  const caps = { d1: 0.3, d2: 0.25 };
  const { region } = poseProblem(fileOf(losses), { ...AT, constraints: { caps } });
  const set = new Polytope(region);
  const h = Float64Array.of(0, 0.3, 0.25, 0.45);
  const traced = withTraces(meanGoal(losses, AT, 4), [], set, h);
  expect(traced[0]).toBeGreaterThan(0);
  expect([traced[1], traced[2]]).toEqual([0.3, 0.25]);
  // Two exponents above 1: not convex, so that the curvature is looked at.
  const bent = losses.map(({ fitted, ...loss }) => {
    const theta = Float64Array.from(fitted.theta, (x, i) =>
      ["gamma[d1]", "gamma[d2]"].includes(namesOf(fitted.law)[i]) ? 1.5 : x,
    );
    return { ...loss, fitted: { ...fitted, theta } };
  });
  const best = await optimize(fileOf(bent), { ...AT, samples: 0, constraints: { caps } });
  expect(best.weights["d0"]).toBeGreaterThan(0);
  expect(best.certificate).toMatchObject({ certified: true });
});

describe("domains of which only the presence counts", () => {
  test.each([0, 1e-9, 1e-4])("keep a trace: exponent %d", (gamma) => {
    const losses = withExponent(gamma);
    const goal = meanGoal(losses, AT, 4);
    const set = new Polytope(regionFor(4));
    const start = new Float64Array(4).fill(0.25);
    const { h, value, stationarity } = solveConstrained(goal, [], set, start, { iterations: 2000, tolerance: 1e-11 }); // prettier-ignore
    expect(h[0]).toBeGreaterThan(0);
    expect(h[0]).toBeLessThan(gamma === 1e-4 ? 1e-2 : 1e-5);
    expect(stationarity).toBeLessThan(1e-8);
    // What the solver promises is what the law says there.
    expect(lawValue(goal, h)).toBeCloseTo(value, 6);
    const without = h.with(0, 0).map((x) => x / (1 - h[0]));
    expect(lawValue(goal, without)).toBeGreaterThan(value + 0.01);
  });

  test("and others that are left out stay so", () => {
    const losses = withExponent(0.5);
    const goal = meanGoal(losses, AT, 4);
    const set = new Polytope(regionFor(4));
    const h = Float64Array.of(0.5, 0.5, 0, 0);
    const none = meanGoal(drawLosses("log-linear", 4, 1, 1), AT, 4);
    expect(withTraces(none, [], set, h)).toBe(h);
    expect(withTraces(goal, [], set, h)).not.toBe(h);
    // Where a domain may not be there, it is not.
    const { region } = poseProblem(fileOf(losses), { ...AT, constraints: { fixed: { d2: 0 }, caps: { d3: 0 } } }); // prettier-ignore
    expect([...withTraces(goal, [], new Polytope(region), h)].slice(2)).toEqual([0, 0]);
  });
});

test.each([0, 0.1, 0.5])("a domain that is left out counts as 0: exponent %d", (gamma) => {
  const losses = withExponent(gamma);
  const problem = poseProblem(fileOf(losses), { ...AT, constraints: { fixed: { d0: 0 } } });
  const [polytope] = feasiblePieces(problem.region);
  const { h, value } = solvePiece(problem, polytope, [new Float64Array(4).fill(0.25)], {});
  expect(h[0]).toBe(0);
  expect(value).toBeCloseTo(lawValue(problem.goal, h), 6);
  // The same laws without the domain's term have the same optimum.
  const bare = losses.map((loss) => {
    const names = namesOf(loss.fitted.law);
    const theta = Float64Array.from(loss.fitted.theta, (x, i) =>
      names[i] === "lnC[d0]" ? -60 : x,
    );
    return { ...loss, fitted: { ...loss.fitted, theta } };
  });
  const other = solveConstrained(meanGoal(bare, AT, 4), [], polytope, h, { iterations: 2000, tolerance: 1e-11 }); // prettier-ignore
  for (const [i, share] of other.h.entries()) expect(h[i]).toBeCloseTo(share, 6);
});
