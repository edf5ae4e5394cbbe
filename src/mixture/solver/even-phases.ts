/**
 * Ties of phases. Laws that read the mean of the phases' shares alone have the same loss however
 * tokens are moved between the phases with the mean held: of all such mixtures that nearest to the
 * same shares in each phase is taken.
 */
import { itemAt } from "../../base/known.ts";
import { addScaled, largestDifference } from "../../convex/vectors.ts";
import { type Limit, rowOf, sharePrice } from "../constraints/kinds/kind.ts";
import { goalValue } from "../goal/goal.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { inPhases, meanShares, sameInPhases, type Space } from "../space/space.ts";
import type { Solution } from "./augmented-lagrangian.ts";
import { Polytope } from "./polytope.ts";

/** Values that differ by this share are rounding's. */
const ROUNDING = 1e-12;

/** Whether there are phases, and no law of the problem reads more than their mean. */
export const readsMeanAlone = ({ space, fits }: Pick<Problem, "space" | "fits">): boolean =>
  space.phases !== undefined &&
  fits.every(({ fitted }) => fitted.law.law.uses.phases === undefined);

/** How far a share in a phase may be from the mean one and be called the same. */
const EVEN = 1e-6;

/** Whether each phase has the same shares. */
export function areEven(space: Space, h: Float64Array): boolean {
  const mean = meanShares(space, h);
  return inPhases(space, h).every((share, i) => Math.abs(share - itemAt(mean, i % mean.length)) <= EVEN); // prettier-ignore
}

/** The solution with the most even phases, of those with the same mean. */
export function withEvenPhases(problem: Problem, polytope: Polytope, solution: Solution): Solution {
  const { phases } = problem.space;
  if (phases === undefined || !readsMeanAlone(problem)) return solution;
  const mean = meanShares(problem.space, solution.h);
  const held = phases.domains.map((domain, i): Limit => ({
    name: `mean ${domain}`,
    coefficients: rowOf({ name: "mean", path: "phases" }, domain, problem),
    min: itemAt(mean, i),
    max: itemAt(mean, i),
    price: sharePrice,
  }));
  const { region } = polytope;
  const among = new Polytope({ ...region, limits: [...region.limits, ...held] });
  const h = among.pointNear(sameInPhases(problem.space, mean));
  if (h === undefined || polytope.violation(h) > ROUNDING) return solution;
  const { curved } = problem.region;
  const least = Math.max(0, solution.violation);
  if (curved.some(({ excess }) => excess.value(h) > least)) return solution;
  const value = goalValue(problem.goal, h);
  if (!(value <= solution.value + ROUNDING * Math.abs(solution.value))) return solution;
  const stationarity = largestDifference(polytope.point(addScaled(h, -1, solution.gradient)), h);
  return { ...solution, h, value, stationarity: Math.max(stationarity, solution.stationarity) };
}
