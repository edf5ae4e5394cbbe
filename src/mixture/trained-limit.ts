/** What the limits of shares to 1.5 × the largest one trained cost, where they bind. */
import type { FitFile } from "../fit/result/fit-file.ts";
import {
  isTrainedLimit,
  largestTrained,
  TRAINED_FACTOR,
} from "./constraints/kinds/trained-shares.ts";
import { withoutTrainedLimits } from "./constraints/region.ts";
import { byDomain, judgeOf } from "./judge.ts";
import type { Problem } from "./problem/pose-problem.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import type { Active, Optimum } from "./request/optimum.ts";
import { CERTIFIED, feasiblePieces, solvePiece } from "./solver/solve.ts";

/**
 * The limits, and the best mixture that descents reach without them. Null where none holds.
 * @param h the optimum
 * @param active the constraints that hold with equality and cost something
 */
export function trainedLimitOf(
  { data }: FitFile,
  problem: Problem,
  options: OptimizeOptions,
  h: Float64Array,
  active: readonly Active[],
): Optimum["trainedLimit"] {
  const { domains, space, region } = problem;
  const largest = largestTrained(data.mixtures.map(({ weights }) => weights), space); // prettier-ignore
  if (largest === undefined || !region.limits.some(({ name }) => isTrainedLimit(name))) return null;
  const binds = active.some(({ constraint }) => isTrainedLimit(constraint));
  return {
    factor: TRAINED_FACTOR,
    largest: byDomain(domains, largest),
    lifted: binds ? judgeOf(problem)(liftedOptimum(problem, options, h)) : null,
  };
}

/** From the optimum, the reference and the uniform mixture. */
function liftedOptimum(problem: Problem, options: OptimizeOptions, h: Float64Array): Float64Array {
  const lifted = { ...problem, region: withoutTrainedLimits(problem.region) };
  const isUniform = problem.reference.every((share, i) => share === problem.uniform[i]);
  const starts = [h, problem.reference, ...(isUniform ? [] : [problem.uniform])];
  const [best] = feasiblePieces(lifted.region)
    .map((polytope) => solvePiece(lifted, polytope, starts, options))
    .filter(({ violation }) => violation <= CERTIFIED.feasibility)
    .toSorted((a, b) => a.value - b.value);
  return best?.h ?? h;
}
