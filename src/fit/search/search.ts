/**
 * The search for one law, all targets at once: many random starts (and the smaller law's fit), the
 * promising ones further, hops from the best, and the float64 polish of the best distinct ones,
 * which has the last word.
 */
import type { FitSettings, Progress } from "../../options/fit-options.ts";
import { hopBasins, hopIterations } from "./basin-hops.ts";
import { type Basins, basinsOf } from "./basins.ts";
import { byObjective, byTarget, distinct, type Ended, LEADERS, type Origin } from "./candidates.ts";
import { OPTIMA, type PolishedCandidate, polishLeaders } from "./polish-leaders.ts";
import { asStage, type Pool } from "./pool.ts";
import type { Searcher } from "./problem.ts";
import { FIRST_BATCH_ITERATIONS, screenIterations, screenStarts } from "./screen-starts.ts";
import { SearchState, type SearchTask } from "./search-state.ts";

/** Polished points whose objectives differ by no more than this share are as good as each other. */
const TIED = 1e-10;

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
  /** Other points that the polish ended at, no worse than this one but for rounding. */
  readonly tied: readonly Float64Array[];
  readonly starts: number;
  /** Of those, the random ones. */
  readonly random: number;
  readonly basins: Basins;
  /** How the starts ended. */
  readonly ended: Ended;
  /** The coordinates that were fitted together with other targets; none where it is left out. */
  readonly common?: readonly number[];
}

/** What the search of a target with adaptive restarts usually takes. */
const USUAL = { restarts: 128, hops: 64 } as const;

/**
 * Estimated iterations of all the fits of a search of some targets that does all its starts,
 * without the polish.
 */
export const searchIterations = (
  targets: number,
  { restarts }: Pick<FitSettings, "restarts">,
): number => targets * (screenIterations(restarts) + hopIterations());

/** The same of a search that may stop by itself, or is only to give a larger law its starts. */
export function expectedIterations(
  targets: number,
  { restarts, adaptiveRestarts }: Pick<FitSettings, "restarts" | "adaptiveRestarts">,
  isForStarts = false,
): number {
  if (isForStarts) return targets * FIRST_BATCH_ITERATIONS;
  return adaptiveRestarts && restarts > USUAL.restarts
    ? targets * (screenIterations(USUAL.restarts) + hopIterations(USUAL.hops))
    : searchIterations(targets, { restarts });
}

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
  const search = new SearchState(task, searcher, pool, signal, report);
  report({ law: task.law.law.name, stage: "compile", fraction: 0 });
  const release = searcher.hold?.(task.problem);
  try {
    await asStage(pool, "screen", () => screenStarts(search));
    search.shownBest = search.meanBest();
    if (task.settings.restarts > 0 && task.isForStarts !== true)
      await asStage(pool, "hops", () => hopBasins(search));
    search.shownBest = search.meanBest();
  } finally {
    release?.();
  }
  const polished = await asStage(pool, "polish", () => polishLeaders(search, pool));
  const own = byTarget(polished, task.scales.length);
  return own.map((candidates, target) => bestOf(search, candidates, target));
}

/** The best of a target's polished candidates, and how often the search came to it. */
function bestOf(
  { task, screened, hopped }: SearchState,
  polished: readonly PolishedCandidate[],
  target: number,
): Best | undefined {
  const ranked = polished
    .filter((candidate) => Number.isFinite(candidate.objective))
    .sort(byObjective);
  const [winner] = ranked;
  if (winner === undefined) return undefined;
  const optima = distinct(ranked, { ...LEADERS, best: 1 }).filter(
    ({ objective }) => objective <= winner.objective * (1 + OPTIMA.within),
  );
  const tied = ranked
    .slice(1)
    .filter(
      ({ ending, objective }) =>
        ending === "converged" && objective <= winner.objective * (1 + TIED),
    );
  const [starts, hops] = [screened[target], hopped[target]];
  const [ends, kept] = [
    [...starts.ends, ...hops.ends],
    [...starts.kept, ...hops.kept],
  ];
  return {
    ...winner,
    optima: optima.slice(0, OPTIMA.most).map(({ theta }) => theta),
    tied: tied.map(({ theta }) => theta),
    starts: starts.size,
    random: starts.random,
    basins: basinsOf(ends, kept, winner, task.law, task.scales[target]),
    ended: starts.ended,
  };
}
