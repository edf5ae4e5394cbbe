/** The second stage of a search: rounds of basin hopping from the best so far. */
import { byTarget, type End, type Field } from "./candidates.ts";
import { hardlyUnseen } from "./basins.ts";
import { affordable } from "./choose-backend.ts";
import { type SearchState, type SearchTask, STAGE_ENDS } from "./search-state.ts";

/** Iterations of a hop, and what of the objective is a gain. */
const HOPS = { iterations: 40, gain: 1e-4 } as const;
/** A target hops until so many hops have not improved it. */
const PATIENCE = 128;
/** Hops of each round. */
const ROUNDS = {
  fixed: [64, 64, 64, 64, 64, 64],
  adaptive: [32, 96, 96, 96, 96],
} as const;
/** What adaptive hops may take of one thread, in seconds, and how many there are at least. */
const PRICE = { seconds: 10, least: 8 } as const;
/** The share of hops that have to have come to an end, for those to speak for all. */
const SETTLED = 0.5;
/** Hops of a target, more or less. */
const USUAL = 192;

/** Iterations of single fits that the hops of one target take. */
export const hopIterations = (hops = USUAL): number => hops * HOPS.iterations;

/** Fills `search.hopped`, as long as the signal does not fire and a target gains by it. */
export async function hopBasins(search: SearchState): Promise<void> {
  const { scales, settings } = search.task;
  const leastOf = (target: number): number => search.leaders(target)[0]?.objective ?? Infinity;
  const idle = scales.map(() => 0);
  const rounds = settings.adaptiveRestarts ? adaptiveRounds(search.task) : ROUNDS.fixed;
  let first = 0;
  for (const [round, count] of rounds.entries()) {
    const going = [...scales.keys()].filter(
      (target) => Number.isFinite(leastOf(target)) && !isDone(search, target, idle[target]),
    );
    if (going.length === 0 || search.isStopped) break;
    const before = going.map(leastOf);
    const numbers = { seed: settings.seed, first, count };
    const wanted = going.map((target) => {
      const from = search.leaders(target).map(({ theta }) => theta);
      return { target, numbers: { ...numbers, from } };
    });
    const watch = watchOf(search, round / rounds.length, (round + 1) / rounds.length);
    const hops = await search.draw(wanted, { signal: search.signal, tick: () => undefined });
    const starts = going.flatMap((target, i) =>
      hops[i].map((theta) => ({ target, theta, origin: "hop" as const })),
    );
    const candidates = await search.run(starts, HOPS.iterations, watch);
    const own = byTarget(candidates, scales.length);
    for (const [i, target] of going.entries()) {
      search.hopped[target].add(own[target]);
      const isBetter = leastOf(target) < before[i] * (1 - HOPS.gain);
      idle[target] = isBetter ? 0 : idle[target] + count;
    }
    first += count;
  }
}

/** Hops of each round of an adaptive search, as many as their price allows. */
function adaptiveRounds({ problem, targets }: SearchTask): readonly number[] {
  const usual = ROUNDS.adaptive.reduce((sum, count) => sum + count, 0);
  const { iterations } = HOPS;
  let left = affordable(problem, targets.length, { iterations, usual, ...PRICE });
  return ROUNDS.adaptive.flatMap((count) => {
    const hops = Math.min(count, left);
    left -= hops;
    return hops > 0 ? [hops] : [];
  });
}

/** Whether a target gains nothing by more hops, `idle` of which have not improved it. */
function isDone(search: SearchState, target: number, idle: number): boolean {
  const { settings, scales } = search.task;
  if (!settings.adaptiveRestarts || idle === 0) return idle >= PATIENCE;
  const ends = [...search.screened[target].ends, ...telling(search.hopped[target])];
  const [best] = search.leaders(target);
  return idle >= PATIENCE || hardlyUnseen(ends, best.objective, scales[target], ["random", "hop"]);
}

/**
 * The ends of hops that tell of optima. A hop that is still on its way when its iterations are
 * spent is at none: on a flat part of the loss, such as that of an exponential that has become a
 * line, each stands elsewhere, as if each had found an optimum of its own. Where most are so, they
 * count all the same: what is left would be few to judge by.
 */
function telling({ ends, settled }: Field): readonly End[] {
  return settled.length >= SETTLED * ends.length ? settled : ends;
}

function watchOf(search: SearchState, from: number, to: number): ReturnType<SearchState["watch"]> {
  const share = (part: number): number =>
    STAGE_ENDS.screen + (STAGE_ENDS.hops - STAGE_ENDS.screen) * part;
  return search.watch("hop", share(from), share(to));
}
