import { describe, expect, test } from "vitest";
import { poseProblem } from "../../../src/mixture/problem/pose-problem.ts";
import { bestOnLattice } from "../../../src/mixture/lattice/best-on-lattice.ts";
import { lawValue } from "../../../src/mixture/goal/goal.ts";
import { feasiblePieces } from "../../../src/mixture/solver/solve.ts";
import type { OptimizeOptions } from "../../../src/mixture/request/optimize-options.ts";
import { AT, drawLosses, drawMixture, fileOf } from "../fixture.ts";

const k = 4;
const file = fileOf(drawLosses("additive", k, 2, 31));
const near = [drawMixture(k, 1, 1)];

type Constraints = NonNullable<OptimizeOptions["constraints"]>;

function bestFor(constraints: Constraints, n: number) {
  const problem = poseProblem(file, { ...AT, beyond: true, constraints });
  const pieces = feasiblePieces(problem.region).map((polytope) => ({ polytope, near }));
  return { problem, ...bestOnLattice(problem, n, pieces) };
}

/** All numbers of units, the slow way. */
function* all(n: number): Generator<number[]> {
  for (let a = 0; a <= n; a++)
    for (let b = 0; a + b <= n; b++)
      for (let c = 0; a + b + c <= n; c++) yield [a, b, c, n - a - b - c];
}

describe("the best mixture of a lattice", () => {
  test.each<[string, Constraints, (h: number[]) => boolean]>([
    ["free", {}, () => true],
    ["caps and a group", { caps: { d0: 0.37, d1: 0.37, d2: 0.37, d3: 0.37 }, groups: [{ domains: ["d0", "d3"], min: 0.55 }] },
      (h) => h.every((x) => x <= 0.37) && h[0] + h[3] >= 0.55],
    ["left out or much", { atLeastOrZero: { d0: 0.35, d1: 0.35 } },
      ([a, b]) => (a === 0 || a >= 0.35) && (b === 0 || b >= 0.35)],
    ["an L1 ball", { trust: { measure: "l1", radius: 0.4 } },
      (h) => h.reduce((sum, x) => sum + Math.abs(x - 0.25), 0) <= 0.4 + 1e-9],
  ])("is that of all that are allowed: %s", (_, constraints, allowed) => {
    const { problem, h, exact } = bestFor(constraints, 10);
    expect(exact).toBe(true);
    let least = Infinity;
    for (const units of all(10)) {
      const shares = units.map((x) => x / 10);
      if (allowed(shares))
        least = Math.min(least, lawValue(problem.goal, Float64Array.from(shares)));
    }
    expect(lawValue(problem.goal, h)).toBeCloseTo(least, 12);
  }); // prettier-ignore

  test("of more than can be looked at, no exchange of a unit is better", () => {
    const { problem, units, exact } = bestFor({}, 1000);
    expect(exact).toBe(false);
    const at = (counts: Int32Array): number =>
      lawValue(
        problem.goal,
        Float64Array.from(counts, (x) => x / 1000),
      );
    for (const from of units.keys())
      for (const to of units.keys()) {
        if (from === to || units[from] === 0) continue;
        const next = units.slice();
        next[from]--;
        next[to]++;
        expect(at(next)).toBeGreaterThanOrEqual(at(units));
      }
  });

  test("a refusal says whether it is proved", () => {
    expect(() => bestFor({ fixed: { d0: 0.15 } }, 10)).toThrow(
      "no mixture of multiples of 1/10 fulfills the constraints",
    );
  });
});
