/** What the limits of shares to 1.5 × the largest one trained cost, where they bind. */
import type { FitFile } from "../fit/result/fit-file.ts";
import {
  isTrainedLimit,
  largestTrained,
  TRAINED_FACTOR,
} from "./constraints/kinds/trained-shares.ts";
import { byDomain, judgeOf } from "./judge.ts";
import type { Problem } from "./problem/pose-problem.ts";
import type { Active, Optimum } from "./request/optimum.ts";
import { liftedOptimum } from "./solver/lifted-limits.ts";
import type { Tasker } from "./solver/solver-tasks.ts";

/**
 * The limits, and the best mixture that descents reach without them. Null where none holds.
 * @param h the optimum
 * @param active the constraints that hold with equality and cost something
 */
export async function trainedLimitOf(
  { data }: FitFile,
  problem: Problem,
  { h, active }: { readonly h: Float64Array; readonly active: readonly Active[] },
  tasker: Tasker,
): Promise<Optimum["trainedLimit"]> {
  const { domains, space, region } = problem;
  const largest = largestTrained(data.mixtures.map(({ weights }) => weights), space); // prettier-ignore
  if (largest === undefined || !region.limits.some(({ name }) => isTrainedLimit(name))) return null;
  const binds = active.some(({ constraint }) => isTrainedLimit(constraint));
  const lifted = binds ? await liftedOptimum(problem, h, tasker) : undefined;
  return {
    factor: TRAINED_FACTOR,
    largest: byDomain(domains, largest),
    lifted: lifted === undefined ? null : judgeOf(problem)(lifted),
  };
}
