/** What is asked of `optimize`. */
import { namesOf } from "../../base/kinds.ts";
import type { IntervalOf } from "../../fit/inference/bands.ts";
import type { RecordStore } from "../../records/record-store.ts";
import type { IntervalKind } from "../../stats/interval.ts";
import type { ConstraintRequest } from "../constraints/constraint-kinds.ts";
import type { NoWorse } from "../constraints/kinds/no-worse.ts";
import type { TrainedShares } from "../constraints/kinds/trained-shares.ts";

/**
 * What is minimized: weights by target, or "worst", the largest loss relative to the reference
 * mixture's.
 */
export type Objective = "worst" | Readonly<Record<string, number>>;

/**
 * N and D of the limit of a path: so large that A/N^α and B/D^β are gone for every exponent a fit
 * can have, and still finite in logarithms.
 */
export const FAR = 1e300;

/** How a mixture can be searched for, each with what it is or knows. */
export const SOLVERS = { gradient: "projected", mirror: "floors and caps only" } as const;
/**
 * "gradient" (projected), or "mirror" (mirror descent as in the paper, for floors and caps only).
 */
export type SolverName = keyof typeof SOLVERS;
export const SOLVER_NAMES = namesOf(SOLVERS);

/** What is asked of `optimize`. What is left out has the default that is named. */
export interface OptimizeOptions extends NoWorse, TrainedShares {
  /** Parameters N of the run to plan, absolute; needed by laws that use it. */
  readonly params?: number;
  /** Its training tokens D. */
  readonly tokens?: number;
  /**
   * "absolute" takes N below 1e4 and D below 1e6 as they are. Without it they are refused, unless
   * the runs were as small.
   */
  readonly units?: "absolute";
  /** Other inputs that laws read, by name. */
  readonly inputs?: Readonly<Record<string, number>>;
  /** Default: the mean of all fitted targets. */
  readonly objective?: Objective;
  /**
   * Which law's fits to use, for all targets or by target; needed where the file has several for a
   * target. "average" is of all laws that depend on the mixture, weighted by their back-tests.
   */
  readonly law?: string | Readonly<Record<string, string>>;
  /**
   * What part of the tokens each phase has, by its name, where the runs have phases; they sum to 1.
   * Default: that of the runs, where all had the same.
   */
  readonly phases?: Readonly<Record<string, number>>;
  /** What mixtures are allowed. Default: all. */
  readonly constraints?: ConstraintRequest;
  /**
   * The mixture to compare with, and the center of `trust`, `worst` and `noWorse`. Default:
   * uniform.
   */
  readonly reference?: Readonly<Record<string, number>>;
  /**
   * Projected gradient (default), or mirror descent as in the paper, which takes floors and caps
   * only.
   */
  readonly solver?: SolverName;
  /**
   * Monte Carlo mixtures to start from and to check against. Default 2^16, without a GPU 2^14, and
   * of more than 64 domains fewer, from 128 on 2^12; 0 for none.
   */
  readonly samples?: number;
  /** Seed of the random mixtures. Default 1. */
  readonly seed?: number;
  /**
   * The near-optimal set is within this of the best objective; 0 leaves the set out. Default: what
   * the bootstrap cannot tell from the best (`interval.regret.quantile`), or 0.05 % of the
   * objective without one.
   */
  readonly epsilon?: number;
  /**
   * Whether the request is solved again for every replicate of the fits' bootstrap. Default true
   * where they have one.
   */
  readonly intervals?: boolean;
  /** What the intervals of predicted losses are of. Default "run". */
  readonly intervalOf?: IntervalOf;
  /** Confidence level of the intervals. Default: that of the fits. */
  readonly level?: number;
  /** Kind of the intervals. Default "percentile". */
  readonly interval?: IntervalKind;
  /**
   * Minimize the mean, or a quantile such as "q95", of the objective over the replicates. Needs
   * fits with a bootstrap.
   */
  readonly robust?: string;
  /**
   * Mixtures to rank: by the chance that each is the best of them, or, without a bootstrap, by the
   * objective. Names differ.
   */
  readonly candidates?: readonly {
    /** How the answer calls it. */
    readonly name: string;
    /** Shares by domain; a domain that is left out has none. */
    readonly weights: Readonly<Record<string, number>>;
  }[];
  /** Stops: `optimize` then rejects with AbortedError. */
  readonly signal?: AbortSignal;
  /** Where optima and those of replicates are kept: see `openRecords`. They change no optimum. */
  readonly records?: RecordStore;
  /**
   * Seconds, or a time such as "10m", after which `optimize` ends with what was found by then: the
   * optimum without what was not done, with a finding that says what is missing. Rejects with
   * DeadlineError where there is nothing.
   */
  readonly deadline?: number | string;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What can be written down of a request: all of it that determines the answer. */
export type OptimizeRequest = Omit<
  OptimizeOptions,
  "signal" | "records" | "deadline" | "onProgress"
>;
