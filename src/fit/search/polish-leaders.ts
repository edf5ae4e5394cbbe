/** The last stage of a search: the leaders in float64, which has the last word. */
import { isLeastSquares } from "../../expr/loss.ts";
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";
import { byObjective, type Candidate, LEADERS } from "./candidates.ts";
import type { Watch } from "../../base/watch.ts";
import { affordable } from "./choose-backend.ts";
import type { Pool } from "./pool.ts";
import type { Polished } from "./problem.ts";
import { type SearchState, STAGE_ENDS } from "./search-state.ts";

/**
 * Most leaders come to the same optimum, and the slow ones take most of the time. So they are
 * polished in rounds, which end after so many iterations in all. What is still moving then is left
 * where it is of no use to go on (`isOfUse`); after `settled` iterations an objective says more of
 * where a leader will end. Leaders that an abort left undone get `brief` iterations.
 */
const POLISH = {
  rounds: [20, 60, 240, 960, 3000],
  settled: 60,
  same: 1e-4,
  brief: 100,
  tolerance: 1e-13,
  gradient: 1e-9,
} as const;

/**
 * Polishes to the end that a thread may take so many seconds for, at so many iterations each, and
 * how many there are at least: where they are dear, only the best go on after `settled` iterations.
 */
const PRICE = { seconds: 120, iterations: 1000, least: 1 } as const;
/**
 * What the leaders' iterations until then may take likewise; where that is cheap, of all. Two at
 * least of a law of 405 coordinates: a single one shows no tie.
 */
const FIRST_PRICE = {
  seconds: 7,
  iterations: POLISH.settled,
  usual: LEADERS.total,
  least: 1,
} as const;

/**
 * The optima that samples are refitted from: the best, and others that differ and are no more than
 * `within` worse.
 */
export const OPTIMA = { most: 3, within: 0.05 } as const;

/** A polished candidate. */
export interface PolishedCandidate extends Polished {
  readonly target: number;
  readonly origin: Candidate["origin"];
}

/** Polishes all targets' leaders: a little, those that are worth more, and what an abort left. */
export async function polishLeaders(search: SearchState, pool: Pool): Promise<PolishedCandidate[]> {
  const { problem, settings, targets } = search.task;
  const starts = startsOf(search);
  const options: Omit<LmOptions, "iterations"> = {
    tolerance: POLISH.tolerance,
    gradient: POLISH.gradient,
    newton: true,
    exact: isLeastSquares(settings.loss),
  };
  const most = affordable(problem, targets.length, { ...PRICE, usual: Infinity });
  const ends: Polished[] = [];
  let moving = [...starts.keys()];
  for (const round of POLISH.rounds.keys()) {
    const from = moving.map((i) => ({ ...starts[i], ...ends[i] }));
    const iterations = roundIterations(round);
    const after = await pool.run(problem, from, { ...options, iterations }, watchOf(search, round));
    for (const [n, i] of moving.entries())
      if (round === 0 || after[n].ending !== "interrupted") ends[i] = after[n];
    const gains = new Map(moving.map((i, n) => [i, from[n].objective - ends[i].objective]));
    moving = unfinished(starts, ends, gains, round);
    if (isSettled(round)) moving = best(moving, starts, ends, most);
  }

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

/** The iterations of a round. */
const roundIterations = (round: number): number =>
  POLISH.rounds[round] - (round === 0 ? 0 : POLISH.rounds[round - 1]);

/** Whether an objective after a round says where a leader will end. */
const isSettled = (round: number): boolean => POLISH.rounds[round] >= POLISH.settled;

/** A round's part of the progress. */
function watchOf(search: SearchState, round: number): Watch {
  const { hops, leaders, all } = STAGE_ENDS;
  if (round === 0) return search.watch("polish", hops, leaders);
  const share = (all - leaders) / (POLISH.rounds.length - 1);
  return search.watch("polish", leaders + (round - 1) * share, leaders + round * share);
}

/**
 * Positions of the candidates that are still moving and of use. `gains`: by position, what the last
 * round took off the objective, of those that were in it.
 */
function unfinished(
  starts: readonly Candidate[],
  ends: readonly Polished[],
  gains: ReadonlyMap<number, number>,
  round: number,
): number[] {
  const done = new Map<number, number>();
  for (const [i, { ending, objective }] of ends.entries()) {
    const { target } = starts[i];
    if (ending === "converged") done.set(target, Math.min(done.get(target) ?? Infinity, objective));
  }
  return [...gains].flatMap(([i, gain]) => {
    const { ending, objective } = ends[i];
    const lowest = done.get(starts[i].target) ?? Infinity;
    return ending === "limit" && isOfUse(objective, lowest, gain, round) ? [i] : [];
  });
}

/**
 * Whether a candidate that is still moving should go on, where another of its target has converged
 * at `lowest`. It need not
 *
 * - where it has settled and is no more than a share of `POLISH.same` above: it is at that optimum;
 * - where at the pace of its last round it would not come within `OPTIMA.within` in all the rounds
 *   that are left. Paces fall as fits settle. An exponential whose rate goes to 0 creeps to a
 *   straight line for thousands of iterations, ever slower, and stays far above.
 */
function isOfUse(objective: number, lowest: number, gain: number, round: number): boolean {
  if (objective < lowest) return true;
  if (objective <= lowest * (1 + POLISH.same)) return !isSettled(round);
  const left = (POLISH.rounds.at(-1) ?? 0) - POLISH.rounds[round];
  const pace = gain / roundIterations(round);
  return !(objective - left * pace > lowest * (1 + OPTIMA.within));
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
