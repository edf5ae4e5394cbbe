/** What is asked of `optimize`, and its answer, `mixlaw/optimum@1`. */

import type { IntervalKind } from "../../base/fit-options.ts";
import type { ConstraintRequest } from "../constraints/constraint-kinds.ts";
import type { NoWorse } from "../constraints/kinds/no-worse.ts";
import type { Price } from "../constraints/kinds/kind.ts";
import type { Interval } from "../../stats/interval.ts";

export interface OptimizeOptions extends NoWorse {
  /** Parameters N of the run to plan, absolute; needed by laws that use it. */
  readonly params?: number;
  /** Its training tokens D. */
  readonly tokens?: number;
  /** Other inputs that laws read, by name. */
  readonly inputs?: Readonly<Record<string, number>>;
  /**
   * Weights by target (default: all fitted targets alike), or "worst": the largest loss relative to
   * the reference mixture's.
   */
  readonly objective?: "worst" | Readonly<Record<string, number>>;
  /**
   * Which law's fits to use, for all targets or by target; needed where the file has several for a
   * target.
   */
  readonly law?: string | Readonly<Record<string, string>>;
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
  readonly solver?: "gradient" | "mirror";
  /**
   * Monte Carlo mixtures to start from and to check against. Default 2^16, without a GPU 2^14; 0
   * for none.
   */
  readonly samples?: number;
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
  /** Level and kind of the intervals. Default: the fits' level, percentile. */
  readonly level?: number;
  readonly interval?: IntervalKind;
  /**
   * Minimize the mean, or a quantile such as "q95", of the objective over the replicates. Needs
   * fits with a bootstrap.
   */
  readonly robust?: string;
  /** Mixtures to rank by the chance that each is the best of them. Needs fits with a bootstrap. */
  readonly candidates?: readonly {
    readonly name: string;
    readonly weights: Readonly<Record<string, number>>;
  }[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** A constraint that holds with equality, and what a little more room would gain. */
export interface Active extends Price {
  /** Its name, such as "cap web ≤ 40 %". */
  readonly constraint: string;
}

/** A mixture with what the laws say of it. */
export interface Judged {
  readonly weights: Readonly<Record<string, number>>;
  readonly objective: number;
  /** Predicted loss by target. */
  readonly predicted: Readonly<Record<string, number>>;
}

export interface Allocation {
  readonly tokens: number;
  /** Passes over the domain's available tokens; null where they are not known. */
  readonly epochs: number | null;
  /** The highest of 4, 16, 40 that the epochs pass. */
  readonly passes: 4 | 16 | 40 | null;
}

/** How much more another mixture loses than the optimum. */
export interface Gain {
  /** By the fit that the optimum was chosen with: too much, since it was (the winner's curse). */
  readonly estimate: number;
  /** Mean gain of each replicate's optimum by the laws of other replicates. */
  readonly corrected: number;
  readonly interval: readonly [number, number];
}

export interface Candidate {
  readonly name: string;
  readonly objective: number;
  readonly interval: Interval;
  /** Share of the replicates in which it is the best of the candidates. */
  readonly chanceBest: number;
  /** Mean over replicates of its place, 1 for the best. */
  readonly meanRank: number;
}

/** The optimum over the replicates of a bootstrap. */
export interface OptimumInterval {
  readonly replicates: number;
  /** Replicates whose optimum is not certified. They count like the others. */
  readonly uncertified: number;
  readonly level: number;
  readonly interval: IntervalKind;
  /** By domain: interval of the best share. */
  readonly weights: Readonly<Record<string, Interval>>;
  /** By domain: smallest and largest share of any replicate's optimum. */
  readonly extremes: Readonly<Record<string, readonly [number, number]>>;
  /** By domain: share of the replicates whose optimum leaves it out. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Correlation of the best shares of two domains; null where one does not vary. */
  readonly correlation: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  /** Each replicate's optimum, shares in the order of the domains. */
  readonly optima: readonly (readonly number[])[];
  /** Of the chosen mixture. */
  readonly objective: Interval;
  readonly predicted: Readonly<Record<string, Interval>>;
  /**
   * How much worse than each replicate's own optimum the chosen mixture is there: median, and
   * quantile at the level.
   */
  readonly regret: { readonly median: number; readonly quantile: number };
  readonly gain: { readonly reference: Gain; readonly uniform: Gain };
  /** Likeliest first. */
  readonly candidates: readonly Candidate[];
}

export interface Optimum extends Judged {
  readonly schema: "mixlaw/optimum@1";
  readonly version: string;
  readonly at: { readonly params: number | null; readonly tokens: number | null };
  readonly laws: Readonly<Record<string, string>>;
  readonly goal: "worst" | Readonly<Record<string, number>>;
  /**
   * "mean" or a quantile when the objective is that of the replicates; null when it is the fits'
   * own.
   */
  readonly robust: string | null;
  readonly active: readonly Active[];
  readonly reference: Judged;
  readonly uniform: Judged;
  /** Intervals from a bootstrap; null when the fit has none. */
  readonly interval: OptimumInterval | null;
  readonly certificate: {
    /** Largest entry of h − P(h − ∇Lagrangian). */
    readonly stationarity: number;
    /** Largest violation of a constraint. */
    readonly feasibility: number;
    /** Largest |multiplier × slack|. */
    readonly complementarity: number;
    /** All three at most 1e-8, 1e-9 and 1e-8. */
    readonly certified: boolean;
  };
  readonly sharpness: {
    readonly epsilon: number;
    /** By domain: smallest and largest share of a feasible mixture within ε. */
    readonly ranges: Readonly<Record<string, readonly [number, number]>>;
    /** "c4 against commoncrawl": the widest trade in the set; null when it is a point. */
    readonly trade: string | null;
  };
  readonly reach: {
    readonly insideHull: boolean;
    /** Share of the data that would have to move to be a blend of trained mixtures. */
    readonly hullDistance: number;
    readonly nearestDistance: number | null;
  };
  readonly monteCarlo: {
    readonly samples: number;
    readonly feasible: number;
    readonly best: number | null;
  } | null;
  /** By domain; null when no tokens were given. */
  readonly allocation: Readonly<Record<string, Allocation>> | null;
  /**
   * Whole numbers of 1/denominator, by domain, when a lattice was asked for: `weights` are these.
   */
  readonly lattice: {
    readonly denominator: number;
    readonly units: Readonly<Record<string, number>>;
    readonly cost: number;
  } | null;
  readonly warnings: readonly string[];
}
