/** What is asked of `nextRuns`, and its answer, `mixlaw/design@1`. */
import * as v from "valibot";
import { LIMITS } from "../options/limits.ts";
import { inWords, namesOf } from "../base/kinds.ts";
import {
  aNumber,
  anObject,
  aRunSize,
  aSeed,
  aText,
  aWhole,
  byName,
  type EntriesOf,
  oneOf,
  readOptions,
} from "../options/option-schema.ts";
import { asTheyAre } from "../options/count-units.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { ConstraintRequest } from "../mixture/constraints/constraint-kinds.ts";
import { trainedShares, type TrainedShares } from "../mixture/constraints/kinds/trained-shares.ts";
import { CONSTRAINTS } from "../mixture/constraints/read-constraints.ts";
import { someFlops } from "../mixture/request/check-options.ts";

const GOAL_KINDS = {
  mixture: "the best one's shares",
  loss: "",
  points: "the losses at the points",
} as const;
/**
 * What runs are to tell. mixture: the shares of the best mixture. loss: the predicted objective at
 * one mixture. points: the losses at given points, by all laws of the file.
 */
export const GOALS = namesOf(GOAL_KINDS);
export const GOALS_IN_WORDS = inWords(GOAL_KINDS);
/** One of `GOALS`. */
export type Goal = keyof typeof GOAL_KINDS;

/** What is asked of `nextRuns`. */
export interface NextOptions extends TrainedShares {
  /**
   * What to know better: the shares of the best mixture, the predicted objective at one mixture, or
   * the losses at `points`.
   */
  readonly goal: Goal;
  /** The points of `goal: "points"`; they need no losses. */
  readonly points?: Runs;
  /** N of the run that is planned, where the goal is meant. */
  readonly params?: number;
  /** D of the run that is planned. */
  readonly tokens?: number;
  /** "absolute" takes N below 1e4 and D below 1e6 as they are; see `OptimizeOptions.units`. */
  readonly units?: "absolute";
  /** Weights by target; default all alike. */
  readonly objective?: Readonly<Record<string, number>>;
  /** The law to use, where the file has several. */
  readonly law?: string;
  /** What mixtures are allowed. Default: all. */
  readonly constraints?: ConstraintRequest;
  /** The mixture of `goal: "loss"`; default the best one by the fit. */
  readonly mixture?: Readonly<Record<string, number>>;
  /** At most so many. Default 8, or as many as the budget allows where one is given. */
  readonly runs?: number;
  /** At most so many FLOPs together. */
  readonly budget?: number;
  /** Cost of each row of the pool; default 6ND. */
  readonly costs?: Float64Array;
  /** Seed of the random runs that the chosen ones are compared with. Default 1. */
  readonly seed?: number;
}

const NEXT = anObject({
  goal: oneOf(GOALS),
  points: v.optional(v.custom<Runs>((value) => typeof value === "object", "it must be runs")),
  params: v.optional(aRunSize),
  tokens: v.optional(aRunSize),
  units: v.optional(asTheyAre),
  objective: v.optional(byName(aNumber)),
  law: v.optional(aText),
  constraints: v.optional(CONSTRAINTS),
  beyond: v.optional(trainedShares.schema),
  mixture: v.optional(byName(aNumber)),
  runs: v.optional(aWhole(1, LIMITS.designedRuns.most)),
  budget: v.optional(someFlops),
  costs: v.optional(v.instance(Float64Array, "it must be a Float64Array")),
  seed: v.optional(aSeed),
} satisfies EntriesOf<NextOptions>);

/** The options checked. Throws InputError naming the option, what it is and what it must be. */
export const nextOptions = (options: NextOptions): NextOptions =>
  readOptions("nextRuns", NEXT, options);

/** A run of the pool that was chosen. */
export interface NextRun {
  /** Data row of the pool, from 1. */
  readonly row: number;
  /** N; null where the pool has none. */
  readonly params: number | null;
  /** D; null where the pool has none. */
  readonly tokens: number | null;
  /** Shares by domain. */
  readonly weights: Readonly<Record<string, number>>;
  /** Its cost: FLOPs, or as `costs` has it. */
  readonly cost: number;
  /** Cost of this and all before. */
  readonly spent: number;
  /** Standard deviation of each goal once this and all before are trained. */
  readonly deviations: Readonly<Record<string, number>>;
}

/** The runs that would tell most, `mixlaw/design@1`. */
export interface NextRuns {
  /** Name and version of the format. */
  readonly schema: "mixlaw/design@1";
  /** What is to be known better. */
  readonly goal: Goal;
  /** The run that is planned; null where no law asks for it. */
  readonly at: {
    /** N, absolute. */
    readonly params: number | null;
    /** D, absolute. */
    readonly tokens: number | null;
  };
  /** How many replicates the covariances are from, or rows that stand for them. */
  readonly replicates: number;
  /**
   * What is known: by domain a share of the best mixture, or "objective"; mean over the replicates
   * and standard deviation. For points by target: the mean of the predictions, and the root mean
   * square over the points of their standard deviations.
   */
  readonly now: Readonly<
    Record<
      string,
      {
        /** Over the replicates. */
        readonly mean: number;
        /** Standard deviation over the replicates. */
        readonly deviation: number;
      }
    >
  >;
  /** In the order of choice. */
  readonly chosen: readonly NextRun[];
  /**
   * What one run of each size would buy: of each N of the pool the one that tells most, alone.
   */
  readonly bySize: readonly NextRun[];
  /**
   * Standard deviations with random runs of the pool for the same cost, on average (root mean
   * square over 20 draws of at most 40 runs); null where the pool affords none.
   */
  readonly random: Readonly<Record<string, number>> | null;
}
