/** The second stage of a search: rounds of basin hopping from the best so far. */
import { byTarget } from "./candidates.ts";
import { type SearchState, STAGE_ENDS } from "./search-state.ts";

/** Hops a target and round; a target hops until `patience` rounds have not improved it. */
const HOPS = { count: 64, iterations: 40, rounds: 6, patience: 2, gain: 1e-4 } as const;
/** Rounds after which hops end, more or less. */
const USUAL_ROUNDS = 3;

/** Iterations of single fits that the hops of one target take. */
export const hopIterations = USUAL_ROUNDS * HOPS.count * HOPS.iterations;

/** Fills `search.hopped`, as long as the signal does not fire and a target gains by it. */
export async function hopBasins(search: SearchState): Promise<void> {
  const { scales, settings, source } = search.task;
  const leastOf = (target: number): number => search.leaders(target)[0]?.objective ?? Infinity;
  const idle = scales.map(() => 0);
  for (let round = 0; round < HOPS.rounds && !search.isStopped; round++) {
    const going = [...scales.keys()].filter(
      (target) => idle[target] < HOPS.patience && Number.isFinite(leastOf(target)),
    );
    if (going.length === 0) break;
    const before = going.map(leastOf);
    const starts = going.flatMap((target) => {
      const points = search.leaders(target).map(({ theta }) => theta);
      const hops = source.hops(target, settings.seed, round, points, HOPS.count);
      return hops.map((theta) => ({ target, theta, origin: "hop" as const }));
    });
    const candidates = await search.run(starts, HOPS.iterations, watchOf(search, round));
    const own = byTarget(candidates, scales.length);
    for (const [i, target] of going.entries()) {
      search.hopped[target].add(own[target]);
      idle[target] = leastOf(target) < before[i] * (1 - HOPS.gain) ? 0 : idle[target] + 1;
    }
  }
}

function watchOf(search: SearchState, round: number): ReturnType<SearchState["watch"]> {
  const share = (rounds: number): number =>
    STAGE_ENDS.screen + ((STAGE_ENDS.hops - STAGE_ENDS.screen) * rounds) / HOPS.rounds;
  return search.watch("hop", share(round), share(round + 1));
}
