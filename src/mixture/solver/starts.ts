/**
 * Where descents start from when a goal may have several local optima: the corners and the middles
 * of the edges of the set, the reference, the uniform mixture, and the best of random mixtures.
 */
import { goalValue } from "../goal/goal.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { Polytope } from "./polytope.ts";

/** The nearest feasible mixture to one this far out along a domain has the most of that domain. */
const FAR = 100;
/** Edges are looked at between the domains that are best alone: at most so many. */
const EDGES_OF = 24;
/** Starts closer than this in every share are one. */
const APART = 0.02;
/** What violating a curved constraint counts, in units of the goal. */
const VIOLATION = 10;

/** The merit of a mixture as a start: the goal, and what it violates. */
export const meritOf =
  ({ goal, region: { curved } }: Problem) =>
  (h: Float64Array): number => {
    const value = goalValue(goal, h);
    const off = curved.reduce((sum, { excess }) => sum + Math.max(0, excess.value(h)), 0);
    return Number.isFinite(value)
      ? value + VIOLATION * off * Math.max(1, Math.abs(value))
      : Infinity;
  };

/** The feasible mixture that has the most of some domains together, as evenly as can be. */
function mostOf(polytope: Polytope, domains: readonly number[]): Float64Array {
  const k = polytope.lower.length;
  const far = new Float64Array(k);
  for (const i of domains) far[i] = FAR;
  return polytope.point(far);
}

/** For each domain the feasible mixture that has the most of it. */
export const cornersOf = (polytope: Polytope): Float64Array[] =>
  Array.from(polytope.lower, (_, i) => mostOf(polytope, [i]));

/**
 * At most `count` starts, of the best merit, no two alike; the reference, the uniform mixture and
 * `known` ones come first, whatever their merit.
 * @param random feasible mixtures
 */
export function startsFor(
  problem: Problem,
  polytope: Polytope,
  {
    known,
    random,
    count,
  }: {
    readonly known: readonly Float64Array[];
    readonly random: readonly Float64Array[];
    readonly count: number;
  },
): Float64Array[] {
  const merit = meritOf(problem);
  const ranked = (mixtures: readonly Float64Array[]): Float64Array[] =>
    mixtures
      .map((h) => ({ h, merit: merit(h) }))
      .toSorted((a, b) => a.merit - b.merit)
      .map(({ h }) => h);
  const corners = cornersOf(polytope)
    .map((h, i) => ({ i, h, merit: merit(h) }))
    .toSorted((a, b) => a.merit - b.merit);
  const best = corners.slice(0, EDGES_OF).map(({ i }) => i);
  const edges = best.flatMap((i, a) => best.slice(a + 1).map((j) => mostOf(polytope, [i, j])));
  const always = [problem.reference, problem.uniform, ...known].map((h) => polytope.point(h));
  const pools = [corners.map(({ h }) => h), ranked(edges), ranked(random)];
  return takeApart([...always, ...inTurn(pools)], count);
}

/** One of each list, turn about. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) =>
    lists.flatMap((list) => list.slice(n, n + 1)),
  ).flat();
}

/** The first `count` that are not alike. */
function takeApart(mixtures: readonly Float64Array[], count: number): Float64Array[] {
  const taken: Float64Array[] = [];
  for (const h of mixtures) {
    if (taken.length >= count) break;
    if (taken.every((other) => h.some((x, i) => Math.abs(x - other[i]) > APART))) taken.push(h);
  }
  return taken;
}
