/** The first stage of a search: many starts a little way, then the promising ones further. */
import { byObjective, byTarget, type Candidate, dropped, type Origin } from "./candidates.ts";
import { batchEnds } from "../../stats/unseen.ts";
import type { Watch } from "../../base/watch.ts";
import { agree, hardlyUnseen } from "./basins.ts";
import { affordable } from "./choose-backend.ts";
import { startsAtOnce } from "./problem.ts";
import {
  type OriginatedStart,
  type SearchState,
  type SearchTask,
  STAGE_ENDS,
} from "./search-state.ts";
import { nestedStarts } from "../starts/starts.ts";

/**
 * Iterations for every start; then only the best go on. On the laws here the ranking after 24
 * iterations is a good guess at the final one.
 */
export const FIRST_ITERATIONS = 24;
/** Share of the starts that go on, and for how long. */
const KEPT = { share: 0.25, least: 48, iterations: 56 } as const;
/** Random starts of the first batch where restarts are adaptive: all of them are followed. */
export const FIRST_BATCH = 32;
/**
 * What random starts may take of one thread where restarts are adaptive, in seconds: those of the
 * first batch, and all of them. There are at least so many.
 */
const PRICE = { first: 15, all: 30, least: 8 } as const;
/** Starts around a smaller law's fit. */
const NESTED = 32;
/** The part of the stage's progress that the first iterations are. */
const FIRST_PART = 0.35 / 0.55;

/** Iterations of single fits that the screening of one target's starts takes. */
export const screenIterations = (restarts: number): number =>
  restarts * (FIRST_ITERATIONS + KEPT.share * KEPT.iterations);

/** The same of a search that is only to give a larger law its starts. */
export const FIRST_BATCH_ITERATIONS = FIRST_BATCH * (FIRST_ITERATIONS + KEPT.iterations);

/** Random starts `first` … `first` + `count` − 1 of a target. */
interface Part {
  readonly target: number;
  readonly first: number;
  readonly count: number;
  /** How many of them go on at least. */
  readonly least: number;
}

/** Parts that are searched at once; `from`, `to`: the share of all that they are. */
interface Batch {
  readonly parts: readonly Part[];
  readonly from: number;
  readonly to: number;
}

/** Fills `search.screened`: all random starts at once, or batch by batch until a target is done. */
export async function screenStarts(search: SearchState): Promise<void> {
  const { targets, settings, isForStarts = false } = search.task;
  const all = settings.adaptiveRestarts ? adaptiveEnds(search.task) : [settings.restarts];
  const ends = isForStarts ? all.slice(0, 1) : all;
  let going = targets;
  for (const [round, end] of ends.entries()) {
    if (going.length === 0 || (search.isStopped && round > 0)) return;
    const first = round === 0 ? 0 : ends[round - 1];
    const [from, to] = [round / ends.length, (round + 1) / ends.length];
    await screen(search, { targets: going, first, count: end - first, from, to });
    going = going.filter((target) => !isSeen(search, target));
  }
}

/** The numbers of starts after which an adaptive search looks whether it has seen enough. */
function adaptiveEnds({ problem, targets, settings }: SearchTask): number[] {
  const [followed, mean] = [FIRST_ITERATIONS + KEPT.iterations, screenIterations(1)];
  const count = (iterations: number, seconds: number, usual: number): number =>
    affordable(problem, targets.length, { iterations, seconds, usual, least: PRICE.least });
  const first = count(followed, PRICE.first, FIRST_BATCH);
  return batchEnds(first, Math.max(first, count(mean, PRICE.all, settings.restarts)));
}

/** Whether the starts of a target agree, and hardly leave an optimum to be found. */
function isSeen({ screened, task: { scales } }: SearchState, target: number): boolean {
  const { ends, least } = screened[target];
  const scale = scales[target];
  return Number.isFinite(least) && agree(ends, least, scale) && hardlyUnseen(ends, least, scale);
}

/**
 * Random starts `first` … `first` + `count` − 1 of some targets, and the progress that they are.
 */
interface Round {
  readonly targets: readonly number[];
  readonly first: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Screens the starts of a round. Stops between batches when the signal fires, but never before the
 * first.
 */
async function screen(search: SearchState, round: Round): Promise<void> {
  for (const { parts, from, to } of batchesOf(search.task, round)) {
    if (search.isStopped && from > 0) break;
    const middle = from + FIRST_PART * (to - from);
    const [low, between, high] = [from, middle, to].map((share) => STAGE_ENDS.screen * share);
    const starts = await startsOf(search, parts);
    const refined =
      (await screenAtOnce(
        search,
        starts,
        parts,
        search.watch("search", low, high, starts.length),
      )) ??
      (await refine(
        await search.run(
          starts,
          FIRST_ITERATIONS,
          search.watch("search", low, between, starts.length),
        ),
        parts,
        (kept) =>
          search.run(kept, KEPT.iterations, search.watch("refine", between, high, kept.length)),
      ));
    const own = byTarget(refined, search.screened.length);
    for (const { target } of parts) search.screened[target].add(own[target]);
  }
}

/**
 * Parts that are searched at once. A small search is one batch. A large one goes target by target,
 * in parts of as many starts as the memory allows; the results are the same, since those of a
 * target's starts do not depend on other starts.
 */
function batchesOf({ law }: SearchTask, { targets, first, count, from, to }: Round): Batch[] {
  const most = startsAtOnce(law.size);
  const offsets = Array.from({ length: Math.max(1, Math.ceil(count / most)) }, (_, n) => n * most);
  const parts = targets.flatMap((target) =>
    offsets.map((offset): Part => ({
      target,
      first: first + offset,
      count: Math.min(most, count - offset),
      least: Math.max(0, KEPT.least - first),
    })),
  );
  const grouped: Part[][] = [];
  let room = 0;
  for (const part of parts) {
    if (grouped.length === 0 || part.count > room) {
      grouped.push([]);
      room = most;
    }
    grouped[grouped.length - 1].push(part);
    room -= part.count;
  }
  return grouped.map((group, n) => ({
    parts: group,
    from: from + ((to - from) * n) / grouped.length,
    to: from + ((to - from) * (n + 1)) / grouped.length,
  }));
}

/** The starts of some parts; a target's first part has those that are not random too. */
async function startsOf(search: SearchState, parts: readonly Part[]): Promise<OriginatedStart[]> {
  const { seed } = search.task.settings;
  const wanted = parts.map(({ target, first, count }) => ({
    target,
    numbers: { seed, first, count },
  }));
  const random = await search.draw(wanted, { signal: search.signal, tick: () => undefined });
  return parts.flatMap(({ target, first }, n) => {
    const from = random[n].map(startFrom("random", target));
    return first > 0 ? from : [...from, ...knownStarts(search.task, target)];
  });
}

const startFrom =
  (origin: Origin, target: number) =>
  (theta: Float64Array): OriginatedStart => ({ target, theta, origin });

/** The starts of a target that are given, and those near a smaller law's fit. */
function knownStarts(
  { law, scales, nested, given, settings }: SearchTask,
  target: number,
): OriginatedStart[] {
  const embedded = nested[target].flatMap((point) =>
    nestedStarts(law, scales[target], settings.seed, point, NESTED),
  );
  return [...given.map(startFrom("given", target)), ...embedded.map(startFrom("nested", target))];
}

/** How many of a part's candidates go on. */
const keptOf = ({ count, least }: Part): number => Math.max(least, Math.ceil(count * KEPT.share));

/** Both stages where the searcher does them at once; undefined where it does not. */
async function screenAtOnce(
  search: SearchState,
  starts: readonly OriginatedStart[],
  parts: readonly Part[],
  watch: Watch,
): Promise<Candidate[] | undefined> {
  const kept = new Map(parts.map((part) => [part.target, keptOf(part)]));
  if (kept.size < parts.length) return undefined; // a target with several parts
  const further = { kept, iterations: KEPT.iterations };
  const screened = await search.screen(starts, FIRST_ITERATIONS, further, watch);
  return screened?.candidates.map((c, i) =>
    c.ending === "limit" && !screened.wentOn.has(i) ? dropped(c) : c,
  );
}

/**
 * The best quarter of each part's unfinished candidates goes on; the rest are dropped where they
 * are.
 */
async function refine(
  candidates: readonly Candidate[],
  parts: readonly Part[],
  run: (kept: Candidate[]) => Promise<Candidate[]>,
): Promise<Candidate[]> {
  const own = byTarget(candidates, 1 + Math.max(...parts.map(({ target }) => target)));
  const kept = parts
    .flatMap((part) =>
      own[part.target]
        .filter((c) => c.ending !== "nonfinite")
        .sort(byObjective)
        .slice(0, keptOf(part)),
    )
    .filter((c) => c.ending === "limit");
  const after = await run(kept);
  const refined = new Map(
    kept.map((c, i) => [c, after[i].objective <= c.objective ? after[i] : c]),
  );
  return candidates.map((c) => refined.get(c) ?? (c.ending === "limit" ? dropped(c) : c));
}
