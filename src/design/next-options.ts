/** What is asked of `nextRuns`, and its answer, `mixlaw/design@1`. */
import type { ConstraintRequest } from "../mixture/constraints/constraint-kinds.ts";

export interface NextOptions {
  /**
   * What to know better: the shares of the best mixture, or the predicted objective at one mixture.
   */
  readonly goal: "mixture" | "loss";
  /** The run that is planned, where the goal is meant. */
  readonly params?: number;
  readonly tokens?: number;
  /** Weights by target; default all alike. */
  readonly objective?: Readonly<Record<string, number>>;
  readonly law?: string;
  readonly constraints?: ConstraintRequest;
  /** The mixture of `goal: "loss"`; default the best one by the fit. */
  readonly mixture?: Readonly<Record<string, number>>;
  /** At most so many. Default 8, or as many as the budget allows where one is given. */
  readonly runs?: number;
  /** … of at most so many FLOPs together. */
  readonly budget?: number;
  /** Cost of each row of the pool; default 6ND. */
  readonly costs?: Float64Array;
  readonly seed?: number;
}

export interface NextRun {
  /** Data row of the pool, from 1. */
  readonly row: number;
  readonly params: number | null;
  readonly tokens: number | null;
  readonly weights: Readonly<Record<string, number>>;
  readonly cost: number;
  /** Cost of this and all before. */
  readonly spent: number;
  /** Standard deviation of each goal once this and all before are trained. */
  readonly deviations: Readonly<Record<string, number>>;
}

/** `mixlaw/design@1`. */
export interface NextRuns {
  readonly schema: "mixlaw/design@1";
  readonly goal: "mixture" | "loss";
  readonly at: { readonly params: number | null; readonly tokens: number | null };
  readonly replicates: number;
  /**
   * What is known: by domain a share of the best mixture, or "objective"; mean over the replicates
   * and standard deviation.
   */
  readonly now: Readonly<Record<string, { readonly mean: number; readonly deviation: number }>>;
  readonly chosen: readonly NextRun[];
  /**
   * Standard deviations with random runs of the pool for the same cost, on average (root mean
   * square over 20 draws of at most 40 runs); null where the pool affords none.
   */
  readonly random: Readonly<Record<string, number>> | null;
}
