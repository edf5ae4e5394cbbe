/** The best mixture without the limits to what was trained. */
import { withoutTrainedLimits } from "../constraints/region.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { Solution } from "./augmented-lagrangian.ts";
import type { Way } from "./descents.ts";
import { CERTIFIED, ended, feasiblePieces, worthFinishing } from "./solve.ts";
import type { Tasker } from "./solver-tasks.ts";
import { startsFor } from "./starts.ts";

/** Without the limits the best mixture may be nearly all of one domain: corners are among these. */
const STARTS = 6;

/**
 * The best mixture that descents reach without those limits, from the optimum with them, from the
 * reference, from the uniform mixture, and from the best corners and edges; h itself where they
 * reach none. Rejects with AbortedError when the request's signal fires.
 * @param h the optimum
 */
export async function liftedOptimum(
  problem: Problem,
  h: Float64Array,
  tasker: Tasker,
): Promise<Float64Array> {
  const lifted = { ...problem, region: withoutTrainedLimits(problem.region) };
  const found: Solution[] = [];
  for (const [piece, polytope] of feasiblePieces(lifted.region).entries()) {
    const descend = (way: Way, starts: readonly Float64Array[]): Promise<Solution[]> =>
      tasker.all(
        "descend",
        starts.map((start) => ({ piece, isLifted: true, way, h: start })),
      );
    const starts = startsFor(lifted, polytope, { known: [h], random: [], count: STARTS });
    const rough = await descend("loosely", starts);
    const fine = await descend("toTheEnd", worthFinishing(rough).map((end) => end.h)); // prettier-ignore
    found.push(...fine.map((end) => ended(lifted, polytope, end)));
  }
  const [best] = found
    .filter(({ violation }) => violation <= CERTIFIED.feasibility)
    .toSorted((a, b) => a.value - b.value);
  return best?.h ?? h;
}
