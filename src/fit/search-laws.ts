/**
 * The search of several laws on the same runs, smaller laws before those that contain them; what a
 * fit and a validation begin with.
 */
import { itemAt } from "../base/known.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { type Blocks, whole } from "../random/resampling.ts";
import type { BoundLaw } from "../laws/bind.ts";
import type { Law } from "../laws/law.ts";
import type { LossScale } from "../laws/parameters/parameter-spec.ts";
import type { FitSettings, Progress } from "../options/fit-options.ts";
import { lossScale } from "./bind-to-runs.ts";
import { checkColumns } from "./result/check-data.ts";
import type { Pool } from "./search/pool.ts";
import { poseProblem } from "./search/pose-problem.ts";
import type { Problem, Searcher } from "./search/problem.ts";
import { type Best, searchIterations, searchLaw } from "./search/search.ts";
import { startSource } from "./starts/start-source.ts";

/** What searches and refits run on. */
export interface Resources {
  readonly pool: Pool;
  /** The backend that is expected to finish first when all fits take about `iterations` iterations. */
  readonly searcherFor: (problem: Problem, iterations: number) => Promise<Searcher>;
}

/** Fits to samples of the runs that follow the search of a law. */
export interface Refits {
  /** Which runs stay together in samples. */
  readonly blocks: Blocks;
  /** Estimated iterations of all these fits together. */
  readonly iterations: number;
}

/** The laws to search, and how. */
export interface SearchRequest {
  /** In the order of `bindAll`: laws after those they contain. */
  readonly order: readonly BoundLaw[];
  /** Laws for which the user's own starts are meant, and that are refitted. */
  readonly asked: readonly Law[];
  readonly runs: Runs;
  readonly settings: FitSettings;
  /** Undefined where nothing is refitted. */
  readonly refits: Refits | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called with each law's progress and its place in the order. */
  readonly report: (progress: Progress, place: number) => void;
}

/** One law, searched on all the runs. */
export interface SearchedLaw {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** One a target, and so on. */
  readonly scales: readonly LossScale[];
  /** Undefined for a target at which nothing was found. */
  readonly best: readonly (Best | undefined)[];
  readonly searcher: Searcher;
  readonly seconds: number;
}

/** A law ready to be searched. */
interface PosedLaw {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly searcher: Promise<Searcher>;
}

/**
 * Searches the laws one after the other: each starts from the fits of those it contains. Stops
 * between two when the signal fires.
 */
export async function* searchAll(
  request: SearchRequest,
  resources: Resources,
): AsyncGenerator<SearchedLaw> {
  const { runs, signal, report } = request;
  const scales = runs.train.losses.map(lossScale);
  const done = new Map<string, SearchedLaw>();
  for (const [place, posed] of poseAll(request, resources).entries()) {
    if (signal?.aborted === true) return;
    const started = performance.now();
    const { law, problem } = posed;
    const searcher = await posed.searcher;
    const source = startSource(law, runs, scales, request.settings);
    const task = { law, problem, scales, source, ...startsOf(request, law, done) };
    const tell = (progress: Progress): void => report(progress, place);
    const best = await searchLaw(
      { ...task, settings: request.settings },
      searcher,
      resources.pool,
      signal,
      tell,
    );
    const seconds = (performance.now() - started) / 1000;
    const searched = { law, problem, scales, best, searcher, seconds };
    done.set(law.law.name, searched);
    yield searched;
  }
}

/** Problems of all laws, each with its searcher. */
function poseAll(request: SearchRequest, { searcherFor }: Resources): PosedLaw[] {
  const { order, asked, runs, settings, refits } = request;
  const problems = order.map((law) => {
    const problem = poseProblem(law, runs.train, settings);
    checkColumns(problem.program, problem.packed, runs, law.law.name);
    const isRefitted = refits !== undefined && asked.includes(law.law);
    return isRefitted ? { ...problem, samples: whole(refits.blocks) } : problem;
  });
  const posed = order.map((law, n) => {
    const more = asked.includes(law.law) ? (refits?.iterations ?? 0) : 0;
    const iterations = searchIterations(runs.targets.length, settings) + more;
    const problem = itemAt(problems, n);
    return { law, problem, searcher: searcherFor(problem, iterations) };
  });
  // The kernels of later laws compile while earlier laws are searched. An error here occurs again
  // where the kernel is needed, and is reported there.
  for (const { problem, searcher } of posed)
    searcher.then((ready) => ready.prepare?.(problem)).catch(() => undefined);
  return posed;
}

/** A law's starts that are not random: fits of laws that it contains, by target, and the user's own. */
function startsOf(
  { asked, runs, settings }: SearchRequest,
  law: BoundLaw,
  done: ReadonlyMap<string, SearchedLaw>,
): { readonly nested: Float64Array[][]; readonly given: Float64Array[] } {
  const nested = runs.targets.map((_, target) =>
    Object.entries(law.law.contains).flatMap(([name, embed]) => {
      const smaller = done.get(name);
      const best = smaller?.best[target];
      return smaller === undefined || best === undefined
        ? []
        : [law.vector(embed(smaller.law.valuesAt(best.theta)))];
    }),
  );
  const given = asked.includes(law.law) ? settings.starts.map((values) => law.point(values)) : [];
  return { nested, given };
}
