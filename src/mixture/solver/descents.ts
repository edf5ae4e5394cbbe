/**
 * The local optima of a goal that is not known to be convex: many descents, each end followed until
 * it meets the conditions of first and second order.
 */
import { itemAt } from "../../base/known.ts";
import { addScaled, largestDifference } from "../../convex/vectors.ts";
import { batchEnds, isEnough } from "../../stats/unseen.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { type Curvature, curvatureAt } from "./curvature.ts";
import type { Solution } from "./augmented-lagrangian.ts";
import type { Polytope } from "./polytope.ts";

/** A local optimum, and how many descents ended there. */
export interface LocalOptimum {
  readonly solution: Solution;
  readonly descents: number;
}

export interface Descents {
  /** Local optima, the best first. Those of ends that were not followed further are left out. */
  readonly optima: readonly LocalOptimum[];
  /** All descents. */
  readonly count: number;
  /** Of the Lagrangian at the best one. */
  readonly curvature: Curvature;
}

/** How a descent is made: loosely, or, of ends that are followed, to the end. */
export type Way = "loosely" | "toTheEnd";

/** What a search asks for, which depends on nothing else: it may be done by several threads. */
export interface Descending {
  /** The ends of descents, in the order of the starts. */
  descend(way: Way, starts: readonly Float64Array[]): Promise<Solution[]>;
  /** The best mixtures of less merit than `than` that differ from h in two shares. */
  exchanges(h: Float64Array, than: number, most: number): Promise<Float64Array[]>;
}

/** Ends this close in every share are one: loose ends, and local optima. */
const ALIKE = { loose: 1e-2, end: 1e-3 } as const;
/** So many different loose ends, the best ones, are followed to the end. */
const FOLLOWED = 12;
/** Before the last batch so many tell whether others need to be. */
const SOUNDED = 4;
/** A constraint may be violated by this much: by a loose end, and by a local optimum. */
const FEASIBLE = { loose: 1e-6, end: 1e-9 } as const;
/** A better optimum is better by this share of the goal. */
const BETTER = 1e-12;
/** Turns of leaving the best optimum for a better one, and exchanges that are tried in a turn. */
const LEAVING = { turns: 12, exchanges: 3 } as const;
/** Steps along a direction of negative curvature, as parts of the longest that is feasible. */
const STEPS = [1, 0.1, 1e-2] as const;

/** Descents of the first batch: no fewer are made, unless there are fewer starts. */
const FIRST_BATCH = 24;

/**
 * Descends from the starts, in batches in their order until another would hardly end in an optimum
 * that none has, and from mixtures around the best.
 */
export async function descendFromMany(
  problem: Problem,
  polytope: Polytope,
  starts: readonly Float64Array[],
  by: Descending,
): Promise<Descents> {
  let { optima, count } = await fromStarts(starts, by);
  let curvature = curvatureAt(problem, polytope, optima[0].solution);
  for (let turn = 0; turn < LEAVING.turns; turn++) {
    const { solution } = optima[0];
    const limit = solution.value - BETTER * Math.abs(solution.value);
    const away = [
      ...alongCurvature(polytope, solution.h, curvature),
      ...(await by.exchanges(solution.h, limit, LEAVING.exchanges)),
    ];
    if (away.length === 0) break;
    const further = once(await by.descend("toTheEnd", away));
    count += further.length;
    optima = merged([...optima, ...further], FEASIBLE.end, ALIKE.end);
    if (!(optima[0].solution.value < limit)) break;
    curvature = curvatureAt(problem, polytope, optima[0].solution);
  }
  return { optima, count, curvature };
}

/** Each end as a local optimum that one descent found. */
const once = (ends: readonly Solution[]): LocalOptimum[] =>
  ends.map((solution) => ({ solution, descents: 1 }));

/** Local optima by batches of starts, as many as it takes, and how many were descended from. */
async function fromStarts(
  starts: readonly Float64Array[],
  by: Descending,
): Promise<{ optima: LocalOptimum[]; count: number }> {
  const loose: LocalOptimum[] = [];
  const followed = new Map<Solution, Solution>();
  let optima: LocalOptimum[] = [];
  /** Where loose ends lead that are followed to the end, each once. */
  const optimaOf = async (ends: readonly LocalOptimum[]): Promise<LocalOptimum[]> => {
    const fresh = ends.map(({ solution }) => solution).filter((end) => !followed.has(end));
    const found = await by.descend("toTheEnd", fresh.map(({ h }) => h)); // prettier-ignore
    for (const [n, end] of found.entries()) followed.set(itemAt(fresh, n), end);
    const known = ends.flatMap(({ solution, descents }): LocalOptimum[] => {
      const end = followed.get(solution);
      return end === undefined ? [] : [{ solution: end, descents }];
    });
    return merged(known, FEASIBLE.end, ALIKE.end);
  };
  for (const batchEnd of batchEnds(FIRST_BATCH, starts.length)) {
    loose.push(...once(await by.descend("loosely", starts.slice(loose.length, batchEnd))));
    const distinct = merged(loose, FEASIBLE.loose, ALIKE.loose).slice(0, FOLLOWED);
    optima = await optimaOf(distinct.slice(0, SOUNDED));
    if (batchEnd < starts.length && isScattered(optima)) continue;
    optima = await optimaOf(distinct);
    if (leavesFew(optima)) break;
  }
  return { optima, count: loose.length };
}

/** Whether the best few loose ends lead to as many optima, each of one descent: there are more. */
const isScattered = (optima: readonly LocalOptimum[]): boolean =>
  optima.length === SOUNDED && optima.every(({ descents }) => descents === 1);

/** Whether another descent would hardly end elsewhere than in these. */
function leavesFew(optima: readonly LocalOptimum[]): boolean {
  const alone = optima.filter(({ descents }) => descents === 1).length;
  return isEnough(alone, optima.reduce((sum, { descents }) => sum + descents, 0)); // prettier-ignore
}

/** Mixtures to both sides of h along directions of negative curvature. */
function alongCurvature(
  polytope: Polytope,
  h: Float64Array,
  { descents }: Curvature,
): Float64Array[] {
  const { lower, upper } = polytope;
  return descents.slice(0, 2).flatMap((d) =>
    [d, d.map((x) => -x)].flatMap((direction) => {
      let most = Infinity;
      for (const [i, x] of direction.entries()) {
        if (x > 0) most = Math.min(most, (upper[i] - h[i]) / x);
        if (x < 0) most = Math.min(most, (lower[i] - h[i]) / x);
      }
      return most > 0 && most < Infinity
        ? STEPS.map((part) => polytope.point(addScaled(h, part * most, direction)))
        : [];
    }),
  );
}

/**
 * Each end once, with its descents, the best first. Ends that violate more than others must go: all
 * stay where none is feasible.
 */
function merged(ends: readonly LocalOptimum[], feasible: number, alike: number): LocalOptimum[] {
  const fulfilled = ends.filter(({ solution }) => solution.violation <= feasible);
  const ranked = (fulfilled.length > 0 ? fulfilled : ends).toSorted((a, b) =>
    inOrder(a.solution, b.solution),
  );
  const each: LocalOptimum[] = [];
  for (const { solution, descents } of ranked) {
    const known = each.findIndex(
      (other) => largestDifference(other.solution.h, solution.h) <= alike,
    );
    if (known < 0) each.push({ solution, descents });
    else each[known] = { ...each[known], descents: each[known].descents + descents };
  }
  return each;
}

/** The lower loss first; of losses that rounding cannot tell apart, the more exact solution. */
export function inOrder(a: Solution, b: Solution): number {
  const rounding = BETTER * Math.abs(a.value);
  return Math.abs(a.value - b.value) <= rounding
    ? a.stationarity - b.stationarity
    : rankOf(a) - rankOf(b);
}

/** A loss that is no number ranks last. */
const rankOf = ({ value }: Solution): number => (Number.isNaN(value) ? Infinity : value);
