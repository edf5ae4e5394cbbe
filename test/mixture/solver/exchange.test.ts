import { describe, expect, test } from "vitest";
import { itemAt } from "../../../src/base/known.ts";
import { poseProblem, type Problem } from "../../../src/mixture/problem/pose-problem.ts";
import type { OptimizeOptions } from "../../../src/mixture/request/optimize-options.ts";
import { bestExchanges, exchanges } from "../../../src/mixture/solver/exchange.ts";
import { rangesOf } from "../../../src/mixture/solver/solver-tasks.ts";
import { feasiblePieces } from "../../../src/mixture/solver/solve.ts";
import { meritOf } from "../../../src/mixture/solver/starts.ts";
import type { Polytope } from "../../../src/mixture/solver/polytope.ts";
import { AT, drawLosses, drawMixture, fileOf } from "../fixture.ts";

const K = 32;

interface Exchanged {
  readonly h: Float64Array;
  readonly merit: number;
}

/** Every exchange of two domains that is better, by the merit of each mixture alone. */
function oneByOne(problem: Problem, set: Polytope, h: Float64Array): Exchanged[] {
  const meritAt = meritOf(problem);
  const than = meritAt(h);
  const better: Exchanged[] = [];
  for (const from of h.keys())
    for (const to of h.keys())
      for (const part of [1, 0.5, 0.1]) {
        const room = h[from] - set.lower[from];
        const most = Math.min(room, set.upper[to] - h[to]);
        if (from === to || !(most > 0)) continue;
        const left = part === 1 && most === room ? set.lower[from] : h[from] - part * most;
        const moved = h.with(from, left).with(to, h[to] + (h[from] - left));
        const merit = meritAt(moved);
        if (merit < than && set.violation(moved) <= 1e-12) better.push({ h: moved, merit });
      }
  return better.toSorted((a, b) => a.merit - b.merit);
}

/** A mixture of a few domains of a set. */
const sparseIn = (set: Polytope): Float64Array =>
  set.point(drawMixture(K, 11, 0).map((x, i) => (i % 4 === 0 ? x : x - 0.05)));

const cases: readonly (readonly [string, string, OptimizeOptions])[] = [
  ["a law whose shares are by themselves", "additive", {}],
  ["one in which all shares meet", "joint", {}],
  ["caps that leave each domain another room", "additive", { constraints: { caps: { d1: 0.03, d5: 0.07, d9: 0.2 }, floors: { d4: 0.01 } } }],
  ["a group", "log-linear", { constraints: { groups: [{ domains: ["d0", "d1", "d2", "d3"], max: 0.3 }] } }],
  ["the worst target", "additive", { objective: "worst" }],
  ["a curved constraint", "additive", { noWorse: { loss_1: 1.001 } }],
]; // prettier-ignore

describe("exchanges between two of many domains", () => {
  test.each(cases)("%s: those that trying each finds, in their order", (_, law, options) => {
    const problem = poseProblem(fileOf(drawLosses(law, K, 2, 3)), { ...AT, ...options });
    const set = itemAt(feasiblePieces(problem.region), 0);
    const h = sparseIn(set);
    const expected = oneByOne(problem, set, h);
    expect(expected.length).toBeGreaterThan(2);
    // Of all that are better than h itself, and of the few that are better than the third of them.
    for (const than of [meritOf(problem)(h), itemAt(expected, 2).merit])
      for (const most of [1, 3, Infinity]) {
        const those = expected.filter(({ merit }) => merit < than).map((one) => one.h);
        const found = rangesOf(h.length, 3).map((from) => exchanges(problem, set, { h, than, most, from })); // prettier-ignore
        expect(bestExchanges(found.flat(), most)).toEqual(those.slice(0, most));
      }
  });
});
