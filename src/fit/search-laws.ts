/**
 * The search of several laws on the same runs, smaller laws before those that contain them; what a
 * fit and a validation begin with.
 */
import type { Runs } from "../data/runs/run-set.ts";
import { type Blocks, whole } from "../random/resampling.ts";
import { CATALOG } from "../laws/catalog/catalog.ts";
import { bind, type BindOptions, type BoundLaw, type Units } from "../laws/bind.ts";
import type { Law } from "../laws/law.ts";
import type { LossScale } from "../laws/parameters/parameter-spec.ts";
import type { FitSettings, Progress } from "../base/fit-options.ts";
import { checkColumns } from "./result/check-data.ts";
import type { Pool } from "./search/pool.ts";
import { poseProblem } from "./search/pose-problem.ts";
import type { Problem, Searcher } from "./search/problem.ts";
import { type Best, searchIterations, searchLaw } from "./search/search.ts";

/** What work is done with. */
export interface Means {
  readonly pool: Pool;
  /** The backend that finishes so many iterations of single fits first. */
  readonly searcherFor: (problem: Problem, iterations: number) => Promise<Searcher>;
}

/**
 * What is done with a law when it has been searched: fits to samples of the runs, so many
 * iterations of single fits.
 */
export interface Refits {
  readonly blocks: Blocks;
  readonly iterations: number;
}

/** One law, searched on all the runs. */
export interface Searched {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** One a target, and so on. */
  readonly scales: readonly LossScale[];
  readonly best: readonly (Best | undefined)[];
  readonly searcher: Searcher;
  readonly seconds: number;
}

/**
 * Requested laws with those they contain, smaller before larger, bound to the runs' domains and
 * centered at their means.
 */
export function bindAll(laws: readonly Law[], runs: Runs, settings: FitSettings): BoundLaw[] {
  // With given starts alone there is none for what a law contains.
  const all = settings.restarts === 0 ? [...new Set(laws)] : withContained(laws);
  return all.map((law) => bindToRuns(law, runs, settings));
}

/** A law over the domains of the runs, in units of their geometric mean size and token count. */
export const bindToRuns = (law: Law, runs: Runs, options: BindOptions): BoundLaw =>
  bind(law, law.uses.weights ? runs.domains : [], options, centers(law, runs));

function withContained(laws: readonly Law[]): Law[] {
  const all = new Set<Law>();
  const visit = (law: Law): void => {
    for (const name of Object.keys(law.contains)) visit(CATALOG.get(name) as Law);
    all.add(law);
  };
  for (const law of laws) visit(law);
  return [...all];
}

/**
 * Searches the laws of `order`, as `bindAll` gives them, one after the other: each starts from the
 * fits of those it contains. Stops between two when the signal fires.
 * @param asked laws for which the user's own starts are meant, and that are refitted
 * @param report told of each law's progress, with its place in the order
 */
export async function* searchAll(
  order: readonly BoundLaw[],
  asked: readonly Law[],
  runs: Runs,
  settings: FitSettings,
  refits: Refits | undefined,
  { pool, searcherFor }: Means,
  signal: AbortSignal | undefined,
  report: (progress: Progress, place: number) => void,
): AsyncGenerator<Searched> {
  const done = new Map<string, Searched>();
  const scales = runs.train.losses.map(lossScale);
  const posed = order.map((law) => {
    const more = asked.includes(law.law) ? refits : undefined;
    const alone = poseProblem(law, runs.train, settings);
    checkColumns(alone.program, alone.packed, runs, law.law.name);
    const problem = more === undefined ? alone : { ...alone, samples: whole(more.blocks) };
    return {
      law,
      problem,
      iterations: searchIterations(scales.length, settings) + (more?.iterations ?? 0),
    };
  });
  const searchers = posed.map(({ problem, iterations }) => searcherFor(problem, iterations));
  // While one law is searched, the kernels of the next compile. What goes wrong here goes wrong
  // again, and is told, where the kernel is needed.
  for (const [n, searcher] of searchers.entries()) {
    searcher.then((found) => found.prepare?.(posed[n].problem)).catch(() => undefined);
  }
  for (const [place, { law, problem }] of posed.entries()) {
    if (signal?.aborted === true) return;
    const started = performance.now();
    const nested = runs.targets.map((_, t) =>
      Object.entries(law.law.contains).flatMap(([name, embed]) => {
        const smaller = done.get(name);
        const point = smaller?.best[t];
        return smaller === undefined || point === undefined
          ? []
          : [law.vector(embed(smaller.law.valuesAt(point.theta)))];
      }),
    );
    const searcher = await searchers[place];
    const given = asked.includes(law.law) ? settings.starts.map((values) => law.point(values)) : [];
    const best = await searchLaw(
      { law, problem, scales, nested, given, settings },
      searcher,
      pool,
      signal,
      (p) => report(p, place),
    );
    const found = {
      law,
      problem,
      scales,
      best,
      searcher,
      seconds: (performance.now() - started) / 1000,
    };
    done.set(law.law.name, found);
    yield found;
  }
}

/**
 * Geometric means: the units in which the logarithms of N, D and other positive inputs are
 * centered.
 */
function centers(law: Law, runs: Runs): Units {
  const mean = (name: string): number => {
    const values = runs.train.inputs[name]?.filter((v) => v > 0) ?? [];
    return values.length === 0
      ? 1
      : Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
  };
  const others = (law.uses.inputs ?? []).filter((input) => input.values !== "any");
  return {
    params: mean("params"),
    tokens: mean("tokens"),
    ...Object.fromEntries(others.map(({ name }) => [name, mean(name)])),
  };
}

/** Range and mean of the losses that are there. */
export function lossScale(losses: Float64Array): LossScale {
  const present = losses.filter((y) => !Number.isNaN(y));
  const [min, max] = [
    present.reduce((a, b) => Math.min(a, b)),
    present.reduce((a, b) => Math.max(a, b)),
  ];
  return { min, max, mean: present.reduce((a, b) => a + b, 0) / present.length };
}
