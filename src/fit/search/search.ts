/**
 * The search for one law, all targets at once: many random starts (and the smaller law's fit), the
 * promising ones further, hops from the best, and the float64 polish of the best distinct ones,
 * which has the last word.
 */
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings, Progress } from "../../base/fit-options.ts";
import {
  byObjective,
  type Candidate,
  distinct,
  type Ended,
  Field,
  type Origin,
} from "./candidates.ts";
import type { Pool } from "./pool.ts";
import { type Problem, type Searcher, type Start, startsAtOnce, type Watch } from "./problem.ts";
import { hopStarts, nestedStarts, randomStarts } from "./starts.ts";

/**
 * Iterations for every start; then only the best go on. On the laws here the ranking after 24
 * iterations is a good guess at the final one.
 */
export const FIRST = 24;
/** Share of the starts that go on, and for how long. */
const KEPT = { share: 0.25, least: 48, iterations: 56 } as const;
const NESTED = 32;
/** Hops a target and round; a target hops until `patience` rounds have not improved it. */
const HOPS = { count: 64, iterations: 40, rounds: 6, patience: 2, gain: 1e-4 } as const;
/**
 * Iterations of single fits that a search of so many targets takes, the polish aside; hops end
 * after three rounds, more or less.
 */
export const searchIterations = (
  targets: number,
  { restarts }: Pick<FitSettings, "restarts">,
): number =>
  targets * (restarts * (FIRST + KEPT.share * KEPT.iterations) + 3 * HOPS.count * HOPS.iterations);
/**
 * Polish of the leaders. After `first` iterations those no more than `same` above one that is done
 * are where it is, or as good as: most leaders come to the same optimum, and the slow ones take
 * most of the time. What an abort left gets `brief` iterations.
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
 * The optima that samples are refitted from: the best, and others that differ as above and are no
 * more than `within` worse.
 */
const OPTIMA = { most: 3, within: 0.05 } as const;
/** A start "reached the best" when its objective is within this of it. */
const REACHED = 1e-3;
/** … or within what float32 makes of an exact fit: residuals of this share of the loss. */
const RESOLUTION = 2 ** -22;

export interface Best {
  readonly theta: Float64Array;
  readonly objective: number;
  /** Scaled gradient norm there; see `gradientNorm`. */
  readonly norm: number;
  /** Distinct optima that were found, best first. */
  readonly optima: readonly Float64Array[];
  readonly origin: Origin;
  readonly starts: number;
  readonly reachedBest: number;
  readonly hops: { readonly starts: number; readonly reachedBest: number };
  readonly ended: Ended;
}

export interface SearchTask {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** One a target. */
  readonly scales: readonly LossScale[];
  /** Smaller laws' fits in this law's coordinates, by target. */
  readonly nested: readonly (readonly Float64Array[])[];
  /** Starts that a user gives, for every target. */
  readonly given: readonly Float64Array[];
  readonly settings: FitSettings;
}

type Lane = Start & { readonly origin: Origin };
type Run = (starts: readonly Lane[], iterations: number, watch: Watch) => Promise<Candidate[]>;

/**
 * The best fit of every target. With an aborted signal: the best so far, polished briefly;
 * undefined for a target that has none.
 */
export async function searchLaw(
  task: SearchTask,
  searcher: Searcher,
  pool: Pool,
  signal: AbortSignal | undefined,
  report: (p: Progress) => void,
): Promise<(Best | undefined)[]> {
  const { law, problem, scales, settings } = task;
  const targets = scales.map((_, t) => t);
  const stage = (
    name: Progress["stage"],
    from: number,
    to: number,
    best?: () => number | undefined,
  ): Watch => ({
    signal,
    tick: (done) => {
      const mean = best?.();
      report({
        law: law.law.name,
        stage: name,
        fraction: from + done * (to - from),
        ...(mean === undefined ? {} : { best: mean }),
      });
    },
  });
  const run: Run = async (starts, iterations, watch) =>
    (await searcher.search(problem, starts, iterations, watch)).map((found, i) => ({
      ...found,
      target: starts[i].target,
      origin: starts[i].origin,
    }));

  report({ law: law.law.name, stage: "compile", fraction: 0 });
  const fields = targets.map(() => new Field());
  for (const { parts, from, to } of batches(task)) {
    if (signal?.aborted === true && from > 0) break;
    const starts = parts.flatMap((part) => startsOf(task, part));
    const middle = from + (0.35 / 0.55) * (to - from);
    const searched = await run(starts, FIRST, stage("search", 0.55 * from, 0.55 * middle));
    const refined = await refine(searched, parts, (going) =>
      run(going, KEPT.iterations, stage("refine", 0.55 * middle, 0.55 * to)),
    );
    for (const [t, field] of fields.entries()) field.add(refined.filter((c) => c.target === t));
  }
  const hops = targets.map(() => new Field());
  const leaders = (t: number): Candidate[] => distinct([...fields[t].leaders, ...hops[t].leaders]);
  const best = (): number =>
    targets.reduce((sum, t) => sum + Math.min(fields[t].least, hops[t].least), 0) / targets.length;
  let reference = best();
  if (settings.restarts > 0)
    await hop(task, leaders, hops, run, (round) =>
      stage(
        "hop",
        0.55 + (0.3 * round) / HOPS.rounds,
        0.55 + (0.3 * (round + 1)) / HOPS.rounds,
        () => reference,
      ),
    );
  reference = best();

  // Nested points are polished as they are: the larger law then cannot end above the smaller. Given
  // ones are too: the steps of the search suit laws in good charts.
  const polish = targets.flatMap((target) => [
    ...leaders(target),
    ...task.nested[target].map((theta): Candidate => ({
      target,
      theta,
      origin: "nested",
      objective: Infinity,
      ending: "limit",
    })),
    ...task.given.map((theta): Candidate => ({
      target,
      theta,
      origin: "given",
      objective: Infinity,
      ending: "limit",
    })),
  ]);
  const options = {
    iterations: POLISH.iterations,
    tolerance: POLISH.tolerance,
    gradient: POLISH.gradient,
    newton: true,
    exact: settings.loss === "squared",
  };
  const watch = (from: number, to: number): Watch => stage("polish", from, to, () => reference);
  const ends = await pool.run(
    problem,
    polish,
    { ...options, iterations: POLISH.first },
    watch(0.85, 0.95),
  );
  const done = (t: number): number =>
    Math.min(
      ...ends
        .filter(({ ending }, i) => polish[i].target === t && ending === "converged")
        .map((end) => end.objective),
    );
  const least = targets.map(done);
  const slow = [...polish.keys()].filter((i) => {
    const [{ ending, objective }, lowest] = [ends[i], least[polish[i].target]];
    return ending === "limit" && !(objective >= lowest && objective <= lowest * (1 + POLISH.same));
  });
  const later = await pool.run(problem, slow.map((i) => ({ ...polish[i], ...ends[i] })), options, watch(0.95, 1)); // prettier-ignore
  for (const [n, i] of slow.entries()) if (later[n].ending !== "interrupted") ends[i] = later[n];
  // What an abort left is polished briefly: what the search found is kept.
  const left = [...polish.keys()].filter((i) => ends[i].ending === "interrupted");
  const brief = await pool.run(problem, left.map((i) => polish[i]), { ...options, iterations: POLISH.brief }, { signal: undefined, tick: () => undefined }); // prettier-ignore
  for (const [n, i] of left.entries()) ends[i] = brief[n];
  const polished = ends.map((found, i) => ({
    ...found,
    origin: polish[i].origin,
    target: polish[i].target,
  }));
  return targets.map((target) => {
    const ranked = polished
      .filter((c) => c.target === target && Number.isFinite(c.objective))
      .sort(byObjective);
    const [winner] = ranked;
    if (winner === undefined) return undefined;
    const optima = distinct(ranked, 1).filter(
      (c) => c.objective <= winner.objective * (1 + OPTIMA.within),
    );
    const near = winner.objective * (1 + REACHED) + (RESOLUTION * scales[target].max) ** 2 / 2;
    return {
      ...winner,
      optima: optima.slice(0, OPTIMA.most).map((c) => c.theta),
      starts: fields[target].size,
      reachedBest: fields[target].within(near),
      hops: { starts: hops[target].size, reachedBest: hops[target].within(near) },
      ended: fields[target].ended,
    };
  });
}

/** Random starts `first` … `first` + `count` − 1 of a target. */
interface Part {
  readonly target: number;
  readonly first: number;
  readonly count: number;
}

/**
 * What is searched at once: all of it where it is little. Otherwise targets after one another, and
 * each in parts of as many starts as the memory is meant for, whatever the number of targets: what
 * a target's starts give does not depend on the others. `from`, `to`: the share of the whole.
 */
function batches({
  law,
  scales,
  settings,
}: SearchTask): { readonly parts: Part[]; readonly from: number; readonly to: number }[] {
  const { restarts } = settings;
  const most = startsAtOnce(law.size);
  const pieces = Array.from(
    { length: Math.max(1, Math.ceil(restarts / most)) },
    (_, n) => n * most,
  );
  const all = [...scales.keys()].flatMap((target) =>
    pieces.map((first) => ({ target, first, count: Math.min(most, restarts - first) })),
  );
  const grouped: Part[][] = [];
  let room = 0;
  for (const part of all) {
    if (grouped.length === 0 || part.count > room) {
      grouped.push([]);
      room = most;
    }
    grouped[grouped.length - 1].push(part);
    room -= part.count;
  }
  return grouped.map((parts, n) => ({
    parts,
    from: n / grouped.length,
    to: (n + 1) / grouped.length,
  }));
}

/** The starts of a part; a target's first part has those that are not random too. */
function startsOf(
  { law, scales, nested, given, settings }: SearchTask,
  { target, first, count }: Part,
): Lane[] {
  const random = randomStarts(law, scales[target], settings.seed, count, first);
  const lane =
    (origin: Origin) =>
    (theta: Float64Array): Lane => ({ target, theta, origin });
  if (first > 0) return random.map(lane("random"));
  const embedded = nested[target].flatMap((point) =>
    nestedStarts(law, scales[target], settings.seed, point, NESTED),
  );
  return [
    ...random.map(lane("random")),
    ...given.map(lane("given")),
    ...embedded.map(lane("nested")),
  ];
}

/**
 * The best quarter of each part's unfinished candidates goes on; the rest are dropped where they
 * are.
 */
async function refine(
  candidates: readonly Candidate[],
  parts: readonly Part[],
  run: (going: Candidate[]) => Promise<Candidate[]>,
): Promise<Candidate[]> {
  const order = parts
    .flatMap(({ target, count }) =>
      candidates
        .filter((c) => c.target === target && c.ending !== "nonfinite")
        .sort(byObjective)
        .slice(0, Math.max(KEPT.least, Math.ceil(count * KEPT.share))),
    )
    .filter((c) => c.ending === "limit");
  const after = await run(order);
  const result = new Map(
    order.map((c, i) => [c, after[i].objective <= c.objective ? after[i] : c]),
  );
  return candidates.map(
    (c) => result.get(c) ?? (c.ending === "limit" ? { ...c, ending: "dropped" } : c),
  );
}

/** Rounds of basin hopping for the targets that still gain by it; adds what it finds to `hops`. */
async function hop(
  { law, scales, settings }: SearchTask,
  leaders: (target: number) => readonly Candidate[],
  hops: readonly Field[],
  run: Run,
  stage: (round: number) => Watch,
): Promise<void> {
  const idle = hops.map(() => 0);
  const leastOf = (t: number): number => leaders(t)[0]?.objective ?? Infinity;
  for (let round = 0; round < HOPS.rounds && stage(round).signal?.aborted !== true; round++) {
    const going = [...hops.keys()].filter(
      (t) => idle[t] < HOPS.patience && Number.isFinite(leastOf(t)),
    );
    if (going.length === 0) break;
    const before = going.map(leastOf);
    const starts = going.flatMap((target) => {
      const points = leaders(target).map((c) => c.theta);
      const moved = hopStarts(law, scales[target], settings.seed, round, points, HOPS.count);
      return moved.map((theta) => ({ target, theta, origin: "hop" as const }));
    });
    const found = await run(starts, HOPS.iterations, stage(round));
    for (const t of going) hops[t].add(found.filter((c) => c.target === t));
    for (const [i, t] of going.entries())
      idle[t] = leastOf(t) < before[i] * (1 - HOPS.gain) ? 0 : idle[t] + 1;
  }
}
