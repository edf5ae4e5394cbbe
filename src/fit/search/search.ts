/**
 * The search for one law, all targets at once: many random starts (and the smaller law's fit), the
 * promising ones further, hops from the best, and the float64 polish of the best distinct ones,
 * which has the last word.
 */
import type { FitSettings, Progress } from "../../options/fit-options.ts";
import { hopBasins, hopIterations } from "./basin-hops.ts";
import { byObjective, distinct, type Ended, type Origin } from "./candidates.ts";
import { type PolishedCandidate, polishLeaders } from "./polish-leaders.ts";
import type { Pool } from "./pool.ts";
import type { Searcher } from "./problem.ts";
import { screenIterations, screenStarts } from "./screen-starts.ts";
import { SearchState, type SearchTask } from "./search-state.ts";

/**
 * The optima that samples are refitted from: the best, and others that differ and are no more than
 * `within` worse.
 */
const OPTIMA = { most: 3, within: 0.05 } as const;
/** A start "reached the best" when its objective is within this of it. */
const REACHED = 1e-3;
/** … or within what float32 makes of an exact fit: residuals of this share of the loss. */
const RESOLUTION = 2 ** -22;

/** The best fit of one target, and what became of the search for it. */
export interface Best {
  readonly theta: Float64Array;
  readonly objective: number;
  /** Scaled gradient norm there; see `gradientNorm`. */
  readonly norm: number;
  /** Distinct optima that were found, best first. */
  readonly optima: readonly Float64Array[];
  /** Where it comes from. */
  readonly origin: Origin;
  readonly starts: number;
  /** Starts whose objective ended within 0.1 % of the best. */
  readonly reachedBest: number;
  readonly hops: { readonly starts: number; readonly reachedBest: number };
  /** How the starts ended. */
  readonly ended: Ended;
}

/** Estimated iterations of all the fits of a search of some targets, without the polish. */
export const searchIterations = (
  targets: number,
  { restarts }: Pick<FitSettings, "restarts">,
): number => targets * (screenIterations(restarts) + hopIterations);

/**
 * The best fit of every target. With an aborted signal: the best so far, polished briefly;
 * undefined for a target that has none.
 */
export async function searchLaw(
  task: SearchTask,
  searcher: Searcher,
  pool: Pool,
  signal: AbortSignal | undefined,
  report: (progress: Progress) => void,
): Promise<(Best | undefined)[]> {
  const search = new SearchState(task, searcher, signal, report);
  report({ law: task.law.law.name, stage: "compile", fraction: 0 });
  await screenStarts(search);
  search.shownBest = search.meanBest();
  if (task.settings.restarts > 0) await hopBasins(search);
  search.shownBest = search.meanBest();
  const polished = await polishLeaders(search, pool);
  return task.scales.map((_, target) => bestOf(search, polished, target));
}

/** The best of a target's polished candidates, and how often the search came to it. */
function bestOf(
  { task, screened, hopped }: SearchState,
  polished: readonly PolishedCandidate[],
  target: number,
): Best | undefined {
  const ranked = polished
    .filter((candidate) => candidate.target === target && Number.isFinite(candidate.objective))
    .sort(byObjective);
  const [winner] = ranked;
  if (winner === undefined) return undefined;
  const optima = distinct(ranked, 1).filter(
    ({ objective }) => objective <= winner.objective * (1 + OPTIMA.within),
  );
  const near = winner.objective * (1 + REACHED) + (RESOLUTION * task.scales[target].max) ** 2 / 2;
  return {
    ...winner,
    optima: optima.slice(0, OPTIMA.most).map(({ theta }) => theta),
    starts: screened[target].size,
    reachedBest: screened[target].within(near),
    hops: { starts: hopped[target].size, reachedBest: hopped[target].within(near) },
    ended: screened[target].ended,
  };
}
