/**
 * What a search keeps of its candidates. There may be a million: only the best few keep their
 * coordinates.
 */
import type { Ending } from "../../solve/iterate.ts";
import type { StartEnd } from "./problem.ts";

/**
 * Candidates worth more work: the best few whatever they are, and more that differ by `apart` in
 * objective.
 */
export const LEADERS = { best: 3, total: 6, apart: 3e-4 } as const;

/** Where a candidate comes from. */
export type Origin = "random" | "given" | "nested" | "hop";

/** What became of a start, in the competition of one target. */
export interface Candidate {
  readonly target: number;
  readonly origin: Origin;
  readonly theta: Float64Array;
  readonly objective: number;
  /** Damping that its search ended with; a candidate that was not searched has none. */
  readonly lambda?: number | undefined;
  readonly ending: StartEnd["ending"] | "dropped";
}

/** How a start that was followed ended. */
export interface End {
  readonly objective: number;
  readonly origin: Origin;
}

/** A candidate that nobody goes on with, where it is. */
export const dropped = ({ target, origin, theta, objective, lambda }: Candidate): Candidate => ({
  target,
  origin,
  theta,
  objective,
  lambda,
  ending: "dropped",
});

/** Whether a start was followed to an end that says something. */
export const isFollowed = ({ ending, objective }: Candidate): boolean =>
  ending !== "dropped" && ending !== "interrupted" && Number.isFinite(objective);

/** How many starts ended how. */
export type Ended = Readonly<Record<Exclude<Ending, "interrupted"> | "dropped", number>>;

export const byObjective = (a: { objective: number }, b: { objective: number }): number =>
  a.objective - b.objective;

/** Starts are in one basin when they end within this share of its least objective. */
export const SAME_BASIN = 1e-3;
/** Candidates that are kept with their coordinates: one of each of so many basins. */
const KEPT = { best: 1, total: 32, apart: SAME_BASIN } as const;

/** Candidates of each of so many targets. */
export function byTarget<C extends { readonly target: number }>(
  candidates: readonly C[],
  targets: number,
): C[][] {
  const groups = Array.from({ length: targets }, (): C[] => []);
  for (const candidate of candidates) groups[candidate.target].push(candidate);
  return groups;
}

/** The best few, and more that differ in objective, best first. */
export function distinct<C extends { readonly objective: number }>(
  candidates: readonly C[],
  { best, total, apart }: { best: number; total: number; apart: number } = LEADERS,
): C[] {
  const chosen: C[] = [];
  for (const c of candidates.filter((x) => Number.isFinite(x.objective)).sort(byObjective)) {
    const last = chosen.at(-1);
    if (last === undefined || chosen.length < best || c.objective > last.objective * (1 + apart))
      chosen.push(c);
    if (chosen.length === total) break;
  }
  return chosen;
}

/** One target's candidates. */
export class Field {
  /** The distinct best, best first. */
  leaders: readonly Candidate[] = [];
  /** The best of each basin, best first, of those that were followed to their end. */
  kept: readonly Candidate[] = [];
  readonly ended: Record<keyof Ended, number> = {
    converged: 0,
    stalled: 0,
    limit: 0,
    dropped: 0,
    nonfinite: 0,
  };
  /** How those ended that were followed. */
  readonly ends: End[] = [];
  /** The same of those whose iterations were enough: they came to an end of their own. */
  readonly settled: End[] = [];
  /** How many there are. */
  size = 0;
  /** How many of them are random starts. */
  random = 0;

  add(candidates: readonly Candidate[]): void {
    this.size += candidates.length;
    this.random += candidates.filter(({ origin }) => origin === "random").length;
    for (const { ending } of candidates) if (ending !== "interrupted") this.ended[ending]++;
    const followed = candidates.filter(isFollowed);
    for (const { objective, origin, ending } of followed) {
      const end = { objective, origin };
      this.ends.push(end);
      if (ending !== "limit") this.settled.push(end);
    }
    this.leaders = distinct([...this.leaders, ...candidates]);
    this.kept = distinct([...this.kept, ...followed], KEPT);
  }

  /** The lowest objective; Infinity without candidates. */
  get least(): number {
    return this.leaders[0]?.objective ?? Infinity;
  }
}
