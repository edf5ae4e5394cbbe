/**
 * The search for one law, all targets at once: many random starts (and the smaller law's fit), the promising ones further, hops from the best,
 * and the float64 polish of the best distinct ones, which has the last word.
 */
import type { BoundLaw, LossScale } from "../laws/define.ts";
import type { FitSettings, Progress } from "../options.ts";
import type { Pool } from "./pool.ts";
import type { Ending, Found, Problem, Searcher, Start, Watch } from "./problem.ts";
import { hopStarts, nestedStarts, randomStarts } from "./starts.ts";

/** Iterations for every start; then only the best go on. On the laws here the ranking after 48 iterations is a good guess at the final one. */
const FIRST = 24;
/** Share of the starts that go on, and for how long. */
const KEPT = { share: 0.25, least: 48, iterations: 56 } as const;
const NESTED = 32;
/** Hops a target and round; a target hops until `patience` rounds have not improved it. */
const HOPS = { count: 64, from: 6, iterations: 40, rounds: 6, patience: 2, gain: 1e-4 } as const;
/** Candidates a target to polish: the best few whatever they are, and more that differ by `apart` in objective. */
const POLISH = { best: 3, total: 6, apart: 3e-4, iterations: 3000, brief: 100, tolerance: 1e-13, gradient: 1e-9 } as const;
/** The optima that samples are refitted from: the best, and others that differ as above and are no more than `within` worse. */
const OPTIMA = { most: 3, within: 0.05 } as const;
/** A start "reached the best" when its objective is within this of it. */
const REACHED = 1e-3;
/** … or within what float32 makes of an exact fit: residuals of this share of the loss. */
const RESOLUTION = 2 ** -22;

type Origin = "random" | "given" | "nested" | "hop";

interface Candidate {
  readonly target: number;
  readonly origin: Origin;
  readonly theta: Float64Array;
  readonly objective: number;
  readonly ending: Ending | "dropped";
}

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
  readonly ended: Readonly<Record<Exclude<Ending, "interrupted"> | "dropped", number>>;
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

/** Not Math.min(...): a million candidates are too many arguments. */
const least = (of: readonly { objective: number }[]): number => of.reduce((low, c) => Math.min(low, c.objective), Infinity);
const byObjective = (a: { objective: number }, b: { objective: number }): number => a.objective - b.objective;

/** The best fit of every target. With an aborted signal: the best so far, polished briefly; undefined for a target that has none. */
export async function searchLaw(
  task: SearchTask,
  searcher: Searcher,
  pool: Pool,
  signal: AbortSignal | undefined,
  report: (p: Progress) => void,
): Promise<(Best | undefined)[]> {
  const { law, problem, scales, settings } = task;
  const targets = scales.map((_, t) => t);
  const stage = (name: Progress["stage"], from: number, to: number, best?: () => number | undefined): Watch => ({
    signal,
    tick: (done) => {
      const mean = best?.();
      report({ law: law.law.name, stage: name, fraction: from + done * (to - from), ...(mean === undefined ? {} : { best: mean }) });
    },
  });
  const run = async (starts: readonly (Start & { origin: Origin })[], iterations: number, watch: Watch): Promise<Candidate[]> =>
    (await searcher.search(problem, starts, iterations, watch)).map((found: Found, i) => ({
      ...found,
      target: starts[i].target,
      origin: starts[i].origin,
    }));

  const starts = targets.flatMap((target) => [
    ...randomStarts(law, scales[target], settings.seed, settings.restarts).map((theta) => ({ target, theta, origin: "random" as const })),
    ...task.given.map((theta) => ({ target, theta, origin: "given" as const })),
    ...task.nested[target].flatMap((point) =>
      nestedStarts(law, scales[target], settings.seed, point, NESTED).map((theta) => ({ target, theta, origin: "nested" as const })),
    ),
  ]);
  report({ law: law.law.name, stage: "compile", fraction: 0 });
  let candidates = await run(starts, FIRST, stage("search", 0, 0.35));
  const best = (): number => targets.reduce((sum, t) => sum + least(candidates.filter((c) => c.target === t)), 0) / targets.length;
  candidates = await refine(candidates, settings, targets, (going) => run(going, KEPT.iterations, stage("refine", 0.35, 0.55)));
  let reference = best();
  const hops =
    settings.restarts === 0
      ? []
      : await hop(task, targets, candidates, run, (round) =>
          stage("hop", 0.55 + (0.3 * round) / HOPS.rounds, 0.55 + (0.3 * (round + 1)) / HOPS.rounds, () => reference),
        );
  reference = best();

  // Nested points are polished as they are: the larger law then cannot end above the smaller. Given ones are too: the steps of the search suit laws in good charts.
  const polish = targets.flatMap((target) => [
    ...distinct([...candidates, ...hops].filter((c) => c.target === target)),
    ...task.nested[target].map((theta): Candidate => ({ target, theta, origin: "nested", objective: Infinity, ending: "limit" })),
    ...task.given.map((theta): Candidate => ({ target, theta, origin: "given", objective: Infinity, ending: "limit" })),
  ]);
  const options = {
    iterations: POLISH.iterations,
    tolerance: POLISH.tolerance,
    gradient: POLISH.gradient,
    newton: true,
    exact: settings.loss === "squared",
  };
  const ends = await pool.run(
    problem,
    polish,
    options,
    stage("polish", 0.85, 1, () => reference),
  );
  // What an abort left is polished briefly: what the search found is kept.
  const left = [...polish.keys()].filter((i) => ends[i].ending === "interrupted");
  const brief = await pool.run(problem, left.map((i) => polish[i]), { ...options, iterations: POLISH.brief }, { signal: undefined, tick: () => undefined }); // prettier-ignore
  for (const [n, i] of left.entries()) ends[i] = brief[n];
  const polished = ends.map((found, i) => ({ ...found, origin: polish[i].origin, target: polish[i].target }));
  return targets.map((target) => {
    const ranked = polished.filter((c) => c.target === target && Number.isFinite(c.objective)).sort(byObjective);
    const [winner] = ranked;
    if (winner === undefined) return undefined;
    const optima = distinct(ranked, 1).filter((c) => c.objective <= winner.objective * (1 + OPTIMA.within));
    const mine = candidates.filter((c) => c.target === target);
    const hopped = hops.filter((c) => c.target === target);
    const near = winner.objective * (1 + REACHED) + (RESOLUTION * scales[target].max) ** 2 / 2;
    const reached = (of: readonly Candidate[]): number => of.filter((c) => c.objective <= near).length;
    const count = (ending: Candidate["ending"]): number => mine.filter((c) => c.ending === ending).length;
    return {
      ...winner,
      optima: optima.slice(0, OPTIMA.most).map((c) => c.theta),
      starts: mine.length,
      reachedBest: reached(mine),
      hops: { starts: hopped.length, reachedBest: reached(hopped) },
      ended: {
        converged: count("converged"),
        stalled: count("stalled"),
        limit: count("limit"),
        dropped: count("dropped"),
        nonfinite: count("nonfinite"),
      },
    };
  });
}

/** The best quarter of each target's unfinished candidates goes on; the rest are dropped where they are. */
async function refine(
  candidates: readonly Candidate[],
  settings: FitSettings,
  targets: readonly number[],
  run: (going: Candidate[]) => Promise<Candidate[]>,
): Promise<Candidate[]> {
  const keep = Math.max(KEPT.least, Math.ceil(settings.restarts * KEPT.share));
  const going = new Set(
    targets
      .flatMap((t) =>
        candidates
          .filter((c) => c.target === t && c.ending !== "nonfinite")
          .sort(byObjective)
          .slice(0, keep),
      )
      .filter((c) => c.ending === "limit"),
  );
  const order = [...going];
  const after = await run(order);
  const result = new Map(order.map((c, i) => [c, after[i].objective <= c.objective ? after[i] : c]));
  return candidates.map((c) => result.get(c) ?? (c.ending === "limit" ? { ...c, ending: "dropped" } : c));
}

/** Rounds of basin hopping for the targets that still gain by it. */
async function hop(
  { law, scales, settings }: SearchTask,
  targets: readonly number[],
  candidates: readonly Candidate[],
  run: (starts: readonly (Start & { origin: Origin })[], iterations: number, watch: Watch) => Promise<Candidate[]>,
  stage: (round: number) => Watch,
): Promise<Candidate[]> {
  // prettier-ignore
  const all = [...candidates];
  const idle = targets.map(() => 0);
  const leastOf = (t: number): number => least(all.filter((c) => c.target === t));
  for (let round = 0; round < HOPS.rounds && stage(round).signal?.aborted !== true; round++) {
    const going = targets.filter((t) => idle[t] < HOPS.patience && Number.isFinite(leastOf(t)));
    if (going.length === 0) break;
    const before = going.map(leastOf);
    const starts = going.flatMap((target) => {
      const points = distinct(all.filter((c) => c.target === target)).slice(0, HOPS.from);
      return hopStarts(
        law,
        scales[target],
        settings.seed,
        round,
        points.map((c) => c.theta),
        HOPS.count,
      ).map((theta) => ({ target, theta, origin: "hop" as const }));
    });
    all.push(...(await run(starts, HOPS.iterations, stage(round))));
    for (const [i, t] of going.entries()) idle[t] = leastOf(t) < before[i] * (1 - HOPS.gain) ? 0 : idle[t] + 1;
  }
  return all.slice(candidates.length);
}

/** The best few, and more that differ in objective, best first. */
function distinct<C extends { readonly objective: number }>(candidates: readonly C[], few: number = POLISH.best): C[] {
  const chosen: C[] = [];
  for (const c of candidates.filter((x) => Number.isFinite(x.objective)).sort(byObjective)) {
    const last = chosen.at(-1);
    if (last === undefined || chosen.length < few || c.objective > last.objective * (1 + POLISH.apart)) chosen.push(c);
    if (chosen.length === POLISH.total) break;
  }
  return chosen;
}
