/** The best mixture without the limits to what was trained. */
import { withoutTrainedLimits } from "../constraints/region.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { Solution } from "./augmented-lagrangian.ts";
import { CERTIFIED, feasiblePieces, solvingPiece } from "./solve.ts";
import { startsFor } from "./starts.ts";

/** Without the limits the best mixture may be nearly all of one domain: corners are among these. */
const STARTS = 6;

/**
 * The best mixture that descents reach without those limits, from the optimum with them, from the
 * reference, from the uniform mixture, and from the best corners and edges; h itself where they
 * reach none. Yields between descents.
 * @param h the optimum
 */
export function* liftedOptimum(
  problem: Problem,
  h: Float64Array,
  options: OptimizeOptions,
): Generator<undefined, Float64Array> {
  const lifted = { ...problem, region: withoutTrainedLimits(problem.region) };
  const found: Solution[] = [];
  for (const polytope of feasiblePieces(lifted.region)) {
    const starts = startsFor(lifted, polytope, { known: [h], random: [], count: STARTS });
    found.push(yield* solvingPiece(lifted, polytope, starts, options));
  }
  const [best] = found
    .filter(({ violation }) => violation <= CERTIFIED.feasibility)
    .toSorted((a, b) => a.value - b.value);
  return best?.h ?? h;
}
