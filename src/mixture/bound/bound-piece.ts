/** A bound below which no mixture of a convex piece of the region goes, where the goal has one. */
import { addScaled } from "../../convex/vectors.ts";
import { type Goal, lawValue } from "../goal/goal.ts";
import { type InverseSums, inverseSumsOf } from "../goal/inverse-sums.ts";
import type { Term } from "../goal/surface.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { Solution } from "../solver/augmented-lagrangian.ts";
import { lowerBound, type LowerBound } from "./lower-bound.ts";
import { CERTIFIED, type PieceSolution } from "../solver/solve.ts";

/** A bound this close to the best mixture, as a share of its goal, proves it. */
export const CLOSE = 1e-7;
/** Goals of more laws than this are not bounded: it would take too long. */
const MOST_LAWS = 32;

/**
 * The goal as a sum of inverse sums: of a worst-of goal the parts' mean by their shares in the
 * Lagrangian, which is nowhere above the worst. Undefined where it is none.
 */
function formOf(goal: Goal, { partShares }: Solution): InverseSums | undefined {
  const parts = goal.kind === "mean" ? [goal.objective] : goal.parts;
  const terms: Term[] = [];
  for (const [t, { sum }] of parts.entries()) {
    if (sum === undefined) return undefined;
    const share = partShares[t];
    if (share > 0)
      terms.push(...sum.terms.map(({ fitted, weight }) => ({ fitted, weight: share * weight })));
  }
  const [first] = parts;
  return first?.sum === undefined || terms.length > MOST_LAWS
    ? undefined
    : inverseSumsOf(terms, first.sum.at);
}

/**
 * Undefined where the goal has no such bound.
 * @param piece where it is bounded, with its best mixture
 * @param best the least value known, of any piece
 */
export function boundPiece(
  { goal, region: { curved } }: Problem,
  { polytope, solution }: PieceSolution,
  best: number,
): LowerBound | undefined {
  const form = formOf(goal, solution);
  if (form === undefined) return undefined;
  const { h, gradient } = solution;
  const slopes = new Float64Array(h.length);
  let offset = 0;
  const { multipliers } = polytope.project(addScaled(h, -1, gradient));
  for (const row of polytope.rows) {
    const multiplier = multipliers.get(row) ?? 0;
    if (multiplier === 0) continue;
    for (const i of slopes.keys()) slopes[i] += multiplier * row.coefficients[i];
    offset -= multiplier * (multiplier > 0 ? row.max : row.min);
  }
  const allowed = (x: Float64Array): boolean =>
    Math.max(polytope.violation(x), ...curved.map(({ excess }) => excess.value(x))) <=
      CERTIFIED.feasibility && lawValue(goal, x) < best;
  const { lower, upper } = polytope;
  const bounded = { form, lower, upper, slopes, offset };
  return lowerBound(bounded, h, best, CLOSE * Math.abs(best), allowed);
}
