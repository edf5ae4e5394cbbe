/** The last stage of a search: the leaders in float64, which has the last word. */
import { isLeastSquares } from "../../expr/loss.ts";
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";
import { byObjective, type Candidate, LEADERS } from "./candidates.ts";
import { affordable } from "./choose-backend.ts";
import type { Pool } from "./pool.ts";
import type { Polished } from "./problem.ts";
import { type SearchState, STAGE_ENDS } from "./search-state.ts";

/**
 * Most leaders come to the same optimum, and the slow ones take most of the time. So a leader that
 * is still moving after `first` iterations, but no more than a share of `same` above one that has
 * converged, is left there: it is at that optimum, or as good as there. Leaders that an abort left
 * undone get `brief` iterations.
 */
const POLISH = {
  iterations: 3000,
  first: 60,
  same: 1e-4,
  brief: 100,
  tolerance: 1e-13,
  gradient: 1e-9,
} as const;

/**
 * Polishes to the end that a thread may take so many seconds for, at so many iterations each, and
 * how many there are at least: where they are dear, only the best go on after the first iterations.
 */
const PRICE = { seconds: 120, iterations: 1000, least: 1 } as const;
/**
 * What the first iterations of the leaders may take likewise; where that is cheap, of all. Two at
 * least of a law of 405 coordinates: a single one shows no tie.
 */
const FIRST_PRICE = {
  seconds: 7,
  iterations: POLISH.first,
  usual: LEADERS.total,
  least: 1,
} as const;

/** A polished candidate. */
export interface PolishedCandidate extends Polished {
  readonly target: number;
  readonly origin: Candidate["origin"];
}

/**
 * Polishes all targets' leaders: a little, then those that are worth more, then what an abort left.
 */
export async function polishLeaders(search: SearchState, pool: Pool): Promise<PolishedCandidate[]> {
  const { problem, settings, targets } = search.task;
  const starts = startsOf(search);
  const options: LmOptions = {
    iterations: POLISH.iterations,
    tolerance: POLISH.tolerance,
    gradient: POLISH.gradient,
    newton: true,
    exact: isLeastSquares(settings.loss),
  };
  const first = { ...options, iterations: POLISH.first };
  const watch = search.watch("polish", STAGE_ENDS.hops, STAGE_ENDS.leaders);
  const ends = await pool.run(problem, starts, first, watch);

  const most = affordable(problem, targets.length, { ...PRICE, usual: Infinity });
  const slow = best(unfinished(starts, ends), starts, ends, most);
  const later = await pool.run(
    problem,
    slow.map((i) => ({ ...starts[i], ...ends[i] })),
    options,
    search.watch("polish", STAGE_ENDS.leaders, STAGE_ENDS.all),
  );
  for (const [n, i] of slow.entries()) if (later[n].ending !== "interrupted") ends[i] = later[n];

  // What an abort left is polished briefly: what the search found is kept.
  const left = [...ends.keys()].filter((i) => ends[i].ending === "interrupted");
  const brief = await pool.run(
    problem,
    left.map((i) => starts[i]),
    { ...options, iterations: POLISH.brief },
    { signal: undefined, tick: () => undefined },
  );
  for (const [n, i] of left.entries()) ends[i] = brief[n];
  return ends.map((end, i) => ({ ...end, origin: starts[i].origin, target: starts[i].target }));
}

/**
 * The leaders of every target. Nested points are polished as they are: the larger law then cannot
 * end above the smaller. Given ones are too: the steps of the search suit laws in good charts.
 */
function startsOf(search: SearchState): Candidate[] {
  const { targets, nested, given, problem } = search.task;
  const most = affordable(problem, targets.length, FIRST_PRICE);
  return targets.flatMap((target) => {
    const asItIs =
      (origin: Candidate["origin"]) =>
      (theta: Float64Array): Candidate => ({
        target,
        theta,
        origin,
        objective: Infinity,
        ending: "limit",
      });
    return [
      ...search.leaders(target).slice(0, most),
      ...nested[target].map(asItIs("nested")),
      ...given.map(asItIs("given")),
    ];
  });
}

/** Positions of the candidates that are still moving, and not as good as where one is done. */
function unfinished(starts: readonly Candidate[], ends: readonly Polished[]): number[] {
  const done = new Map<number, number>();
  for (const [i, { ending, objective }] of ends.entries()) {
    const { target } = starts[i];
    if (ending === "converged") done.set(target, Math.min(done.get(target) ?? Infinity, objective));
  }
  return [...ends.keys()].filter((i) => {
    const { ending, objective } = ends[i];
    const lowest = done.get(starts[i].target) ?? Infinity;
    return ending === "limit" && !(objective >= lowest && objective <= lowest * (1 + POLISH.same));
  });
}

/** The best `most` of each target's among some positions, in their order. */
function best(
  positions: readonly number[],
  starts: readonly Candidate[],
  ends: readonly Polished[],
  most: number,
): number[] {
  const chosen = new Map<number, number>();
  return positions
    .toSorted((a, b) => byObjective(ends[a], ends[b]))
    .filter((i) => {
      const { target } = starts[i];
      const rank = chosen.get(target) ?? 0;
      chosen.set(target, rank + 1);
      return rank < most;
    })
    .toSorted((a, b) => a - b);
}
