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
const LEADERS = { best: 3, total: 6, apart: 3e-4 } as const;

/** Where a candidate comes from. */
export type Origin = "random" | "given" | "nested" | "hop";

/** What became of a start, in the competition of one target. */
export interface Candidate {
  readonly target: number;
  readonly origin: Origin;
  readonly theta: Float64Array;
  readonly objective: number;
  /** Damping that its search ended with; a candidate that was not searched has none. */
  readonly lambda?: number;
  readonly ending: StartEnd["ending"] | "dropped";
}

/** How many starts ended how. */
export type Ended = Readonly<Record<Exclude<Ending, "interrupted"> | "dropped", number>>;

export const byObjective = (a: { objective: number }, b: { objective: number }): number =>
  a.objective - b.objective;

/** The best few, and more that differ in objective, best first. */
export function distinct<C extends { readonly objective: number }>(
  candidates: readonly C[],
  few: number = LEADERS.best,
): C[] {
  const chosen: C[] = [];
  for (const c of candidates.filter((x) => Number.isFinite(x.objective)).sort(byObjective)) {
    const last = chosen.at(-1);
    if (
      last === undefined ||
      chosen.length < few ||
      c.objective > last.objective * (1 + LEADERS.apart)
    )
      chosen.push(c);
    if (chosen.length === LEADERS.total) break;
  }
  return chosen;
}

/** One target's candidates. */
export class Field {
  /** The distinct best, best first. */
  leaders: readonly Candidate[] = [];
  readonly ended: Record<keyof Ended, number> = {
    converged: 0,
    stalled: 0,
    limit: 0,
    dropped: 0,
    nonfinite: 0,
  };
  readonly #objectives: number[] = [];

  add(candidates: readonly Candidate[]): void {
    for (const { objective, ending } of candidates) {
      this.#objectives.push(objective);
      if (ending !== "interrupted") this.ended[ending]++;
    }
    this.leaders = distinct([...this.leaders, ...candidates]);
  }

  get size(): number {
    return this.#objectives.length;
  }

  /** The lowest objective; Infinity without candidates. */
  get least(): number {
    return this.leaders[0]?.objective ?? Infinity;
  }

  /** How many have an objective up to `most`. */
  within(most: number): number {
    return this.#objectives.reduce((n, objective) => n + (objective <= most ? 1 : 0), 0);
  }
}
