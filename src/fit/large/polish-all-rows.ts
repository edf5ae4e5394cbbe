/**
 * The end of a search of a large table. Starts were searched on a sample of the rows, where they
 * cost little. What the sample found is polished on ever more rows, and at last on all of them, so
 * that every row has its say in what is reported. A random sample of n rows has its optimum about
 * p/n of the objective above that of all rows, a few steps away.
 */
import { portion, type Watch } from "../../base/watch.ts";
import { byObjective, distinct, LEADERS } from "../search/candidates.ts";
import type { Best } from "../search/search.ts";
import type { Pool } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";

/** Rows from which on starts are searched on a sample. */
export const MOST_SEARCHED = 2 ** 15;
/** Rows of the sample: so many, or so many for each coordinate of the law where that is more. */
const SAMPLE = { rows: 2 ** 11, perCoordinate: 64 } as const;
/** Rows of a second sample, and the rows from which on it saves time. */
const MIDDLE = { rows: 2 ** 15, from: 2 ** 17 } as const;
/** Optima that are no more than this share above the best may be the best on more rows. */
const NEAR = 0.01;

/** As searches of all rows are polished; orthogonal steps would need J of all rows. */
const POLISH: LmOptions = {
  iterations: 400,
  tolerance: 1e-13,
  gradient: 1e-8,
  newton: true,
  exact: false,
};

/** How many rows a law with so many coordinates is searched on, and then polished on before all. */
export function sampleSizes(rows: number, coordinates: number): readonly number[] {
  if (rows <= MOST_SEARCHED) return [];
  const first = Math.max(SAMPLE.rows, SAMPLE.perCoordinate * coordinates);
  return rows >= MIDDLE.from && MIDDLE.rows >= 4 * first ? [first, MIDDLE.rows] : [first];
}

/** What a search of a sample found, and the problems to polish it on. */
export interface FoundOnSample {
  /** By target. */
  readonly best: readonly (Best | undefined)[];
  /** Of ever more rows; the last is that of all. */
  readonly problems: readonly Problem[];
  /** Other points that the fit must not end above, by target. */
  readonly besides: readonly (readonly Float64Array[])[];
}

/** The best fits to all rows, by target. A signal leaves those of the sample as they are. */
export async function polishAllRows(
  { best, problems, besides }: FoundOnSample,
  pool: Pool,
  watch: Watch,
): Promise<(Best | undefined)[]> {
  let points = best.flatMap((fit, target): Start[] =>
    [...(fit?.optima ?? []), ...(fit === undefined ? [] : (besides[target] ?? []))].map(
      (theta) => ({ target, theta }),
    ),
  );
  let ends: readonly Polished[] = [];
  const aborted = (): boolean => watch.signal?.aborted === true;
  for (const [n, problem] of problems.entries()) {
    const evaluated = await evaluate(problem, points, pool, watch.signal);
    // On more rows they would be polished further; those of all rows are needed.
    if (aborted()) return [...best];
    const near = points.filter((point, i) => evaluated[i].objective <= nearest(points, evaluated, point.target)); // prettier-ignore
    ends = near.map((point) => evaluated[points.indexOf(point)]);
    points = near;
    const polished = await pool.run(problem, points, POLISH, portion(watch, n, 1, problems.length));
    ends = polished.map((end, i) => (end.ending === "interrupted" ? ends[i] : end));
    points = points.map((point, i) => ({ ...point, theta: ends[i].theta }));
  }
  return best.map((fit, target) => {
    const own = ends.filter((_, i) => points[i].target === target);
    return fit && bestOf(fit, own);
  });
}

/** The objectives at some points; of some of them after an abort. */
const evaluate = (
  problem: Problem,
  points: readonly Start[],
  pool: Pool,
  signal: AbortSignal | undefined,
): Promise<Polished[]> =>
  pool.run(problem, points, { ...POLISH, iterations: 0 }, { signal, tick: () => undefined });

/** The most that the objective of a point may be to be polished. */
function nearest(points: readonly Start[], ends: readonly Polished[], target: number): number {
  const own = ends.filter((_, i) => points[i].target === target);
  return (1 + NEAR) * Math.min(...own.map(({ objective }) => objective));
}

/** The best of a target's ends; what is said of starts is what became of them on the sample. */
function bestOf(found: Best, ends: readonly Polished[]): Best | undefined {
  const ranked = ends.filter(({ objective }) => Number.isFinite(objective)).toSorted(byObjective);
  const [winner] = ranked;
  if (winner === undefined) return undefined;
  const { theta, objective, norm } = winner;
  const optima = distinct(ranked, { ...LEADERS, best: 1 }).map((end) => end.theta);
  return { ...found, theta, objective, norm, optima, tied: [] };
}
