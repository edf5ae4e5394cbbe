/** What `optimize` answers, `mixlaw/optimum@1`. */
import type { Verdict } from "../../base/verdict.ts";
import type { IntervalOf } from "../../fit/inference/bands.ts";
import type { Interval } from "../../stats/interval.ts";
import type { ScalingExponents } from "./exponents.ts";
import type { Price } from "../constraints/kinds/kind.ts";
import type { Objective, OptimizeRequest } from "./optimize-options.ts";
import type { OptimumInterval } from "./optimum-interval.ts";
import type { OptimumStatus } from "./optimum-verdict.ts";

/** A constraint that holds with equality, and what a little more room would gain. */
export interface Active extends Price {
  /** Its name, such as "cap web ≤ 40 %". */
  readonly constraint: string;
}

/** A mixture with what the laws say of it. */
export interface Judged {
  /** Shares by domain; they sum to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** What is minimized, in nats or in the units of the loss columns. */
  readonly objective: number;
  /** Predicted loss by target. */
  readonly predicted: Readonly<Record<string, number>>;
}

/** The tokens of one domain. */
export interface Allocation {
  /** Its share of D. */
  readonly tokens: number;
  /** Passes over the domain's available tokens; null where they are not known. */
  readonly epochs: number | null;
  /** The highest of 4, 16, 40 that the domain's epochs pass, in all phases together. */
  readonly passes: 4 | 16 | 40 | null;
}

/** An optimum of phases, phase by phase. */
export interface OptimumPhases {
  /** In their order in time. */
  readonly each: readonly {
    /** Its name. */
    readonly name: string;
    /** Its part of the tokens. */
    readonly fraction: number;
    /** Its tokens; null when none were given. */
    readonly tokens: number | null;
    /** Shares by domain, which sum to 1. */
    readonly weights: Readonly<Record<string, number>>;
  }[];
  /** By domain: the mean of the phases' shares, weighted by tokens. */
  readonly mean: Readonly<Record<string, number>>;
  /** By domain: passes over the available tokens in all phases; null where they are not known. */
  readonly epochs: Readonly<Record<string, number | null>>;
  /** The largest Σ|difference| of shares between a phase and the next one; at most 2. */
  readonly change: number;
}

/** What another law of the fit file says of the mixture that was chosen. */
export interface OtherLaw {
  /** Its name. */
  readonly law: string;
  /** What is minimized, by this law. */
  readonly objective: number;
  /** Predicted loss by target. */
  readonly predicted: Readonly<Record<string, number>>;
  /** How much more other mixtures lose by this law. */
  readonly gain: {
    /** The reference mixture. */
    readonly reference: number;
    /** The uniform mixture. */
    readonly uniform: number;
  };
}

/** The mixture that a law would choose, as all laws see it. */
export interface LawOptimum {
  /** The law that the mixture is the best by; "average" is that of all, by their back-tests. */
  readonly law: string;
  /** Shares by domain; of the first, the chosen mixture. */
  readonly weights: Readonly<Record<string, number>>;
  /** Share of the data that is another domain's than in the chosen mixture. */
  readonly distance: number;
  /** By law: the objective of this mixture. */
  readonly objectives: Readonly<Record<string, number>>;
}

/** A constraint that a mixture breaks. */
export interface Violation {
  /** Its name, such as "cap web ≤ 40 %". */
  readonly constraint: string;
  /**
   * By how much, in what it bounds: 0.1 for 50 % where it allows 40 %. Of a ratio, the share that
   * the upper side has too much, or too little; of `noWorse`, a part of the largest loss allowed.
   */
  readonly by: number;
}

/** A candidate with what the laws say of it. */
export interface AskedMixture extends Judged {
  /** How the request calls it. */
  readonly name: string;
  /** The request's constraints that it breaks; empty where it is allowed. */
  readonly violated: readonly Violation[];
  /** Of its objective, from a bootstrap; null without one. */
  readonly interval: Interval | null;
  /** Share of the replicates where it is the best of the candidates; null without a bootstrap. */
  readonly chanceBest: number | null;
  /** Mean over replicates of its place, 1 for the best; null without a bootstrap. */
  readonly meanRank: number | null;
}

/** A local optimum that descents reached. */
export interface LocalOptimum {
  /** Shares by domain. */
  readonly weights: Readonly<Record<string, number>>;
  /** Its objective. */
  readonly objective: number;
  /** Share of the data that is another domain's than in the optimum; 0 for the optimum itself. */
  readonly distance: number;
  /** How many descents ended there. */
  readonly descents: number;
}

/** The best mixture, `mixlaw/optimum@1`. */
export interface Optimum extends Judged {
  /** Name and version of the format. */
  readonly schema: "mixlaw/optimum@1";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /**
   * By domain: shares that the runs do not tell apart, from the least to the largest one allowed.
   * The share in `weights` follows from the law's formula alone.
   */
  readonly undetermined: Readonly<Record<string, readonly [number, number]>>;
  /** The run that is planned; null where no law asks for it. */
  readonly at: {
    /** N, absolute. */
    readonly params: number | null;
    /** D, absolute. */
    readonly tokens: number | null;
  };
  /** The law that predicts each target; "average" of the laws of `average`. */
  readonly laws: Readonly<Record<string, string>>;
  /**
   * By law, its part of the average that predicts targets, by the file's back-tests; they sum to 1.
   * Left out where single laws predict all.
   */
  readonly average?: Readonly<Record<string, number>>;
  /** Weights by target, or "worst". */
  readonly goal: Objective;
  /**
   * What was asked for, without defaults: asked again of the same fit file, `optimize` gives the
   * same optimum. Files of earlier versions lack it.
   */
  readonly request: OptimizeRequest;
  /**
   * "mean" or a quantile when the objective is that of the replicates; null when it is the fits'
   * own.
   */
  readonly robust: string | null;
  /** Constraints that hold with equality, with their prices. */
  readonly active: readonly Active[];
  /**
   * Limits of shares that hold unless `beyond` lifts them; null where none does, or no trained
   * mixtures are known.
   */
  readonly trainedLimit: {
    /** A share is at most this many times the largest one trained. */
    readonly factor: number;
    /** Largest trained share by domain. */
    readonly largest: Readonly<Record<string, number>>;
    /** The best mixture that was found without the limits; null where none of them binds. */
    readonly lifted: Judged | null;
  } | null;
  /** What the file's other laws say of this mixture. */
  readonly otherLaws: readonly OtherLaw[];
  /**
   * By law of the file, the one that chose the mixture first: its own best mixture and what every
   * law says of it. Left out where the file has no other law for all targets.
   */
  readonly lawOptima?: readonly LawOptimum[];
  /** The mixture that the optimum is compared with. */
  readonly reference: Judged;
  /** Equal shares. */
  readonly uniform: Judged;
  /**
   * The request's candidates, likeliest first, or without a bootstrap that with the least objective
   * first; left out where there are none.
   */
  readonly candidates?: readonly AskedMixture[];
  /** Intervals of the predicted losses; null where there are none. */
  readonly prediction: {
    /** What they are of: the loss of a new run, or the law's own value. */
    readonly of: IntervalOf;
    /** Confidence level. */
    readonly level: number;
    /** How far the run lies beyond the fitted ones, in natural logarithms; 0 inside. */
    readonly distance: number;
    /** By target; an end is null where it is infinite. */
    readonly losses: Readonly<Record<string, Interval>>;
  } | null;
  /** Intervals from a bootstrap; null when the fit has none. */
  readonly interval: OptimumInterval | null;
  /** The conditions of an optimum, in float64. */
  readonly certificate: {
    /** Largest entry of h − P(h − ∇Lagrangian). */
    readonly stationarity: number;
    /** Largest violation of a constraint. */
    readonly feasibility: number;
    /** Largest |multiplier × slack|. */
    readonly complementarity: number;
    /**
     * Least curvature of the Lagrangian along directions that keep to the active constraints, where
     * a step of 1 changes shares by themselves; null where convexity is proved.
     */
    readonly curvature: number | null;
    /**
     * The objective is finite, the three residuals are at most 1e-8, 1e-9 and 1e-8, and there is no
     * direction of negative curvature.
     */
    readonly certified: boolean;
  };
  /** How it was found, and what proves that no allowed mixture is better by the laws. */
  readonly search: {
    /**
     * "convex": where goal and constraints are convex, or the goal an increasing function of a
     * convex one, a stationary point is global. "bound": `lowerBound` is reached, to 1e-7 of the
     * objective. null: not proved.
     */
    readonly proof: "convex" | "bound" | null;
    /**
     * No allowed mixture has an objective below this, by branch and bound; null where not bounded.
     */
    readonly lowerBound: number | null;
    /** Why convexity is not proved; empty where it is. */
    readonly reasons: readonly string[];
    /** Descents that were made. */
    readonly descents: number;
    /** Different local optima among those that were followed to the end. */
    readonly found: number;
    /** The best eight of them: the optimum, before it is put on a lattice, the runner-up, … */
    readonly optima: readonly LocalOptimum[];
  };
  /** How sharp the optimum is. */
  readonly sharpness: {
    /** Mixtures within this of the best objective count as near-optimal. */
    readonly epsilon: number;
    /** By domain: smallest and largest share of a feasible mixture within ε. */
    readonly ranges: Readonly<Record<string, readonly [number, number]>>;
    /** "c4 against commoncrawl": the widest trade in the set; null when it is a point. */
    readonly trade: string | null;
  };
  /** How far the optimum is from what was trained. */
  readonly reach: {
    /** Whether it is a blend of trained mixtures. */
    readonly insideHull: boolean;
    /** Share of the data that would have to move to be a blend of trained mixtures. */
    readonly hullDistance: number;
    /**
     * Share of the data that would have to move to be the nearest trained mixture; null where the
     * file has none.
     */
    readonly nearestDistance: number | null;
  };
  /** The random mixtures that were drawn; null where none were. */
  readonly monteCarlo: {
    /** How many. */
    readonly samples: number;
    /** How many of them meet the constraints. */
    readonly feasible: number;
    /** The least objective of those; null where none does. */
    readonly best: number | null;
  } | null;
  /** The mixture of each phase, where the runs have phases: `weights` are then of all tokens. */
  readonly phases?: OptimumPhases | undefined;
  /** By domain; null when no tokens were given. */
  readonly allocation: Readonly<Record<string, Allocation>> | null;
  /**
   * Whole numbers of 1/denominator, by domain, when a lattice was asked for: `weights` are these.
   */
  readonly lattice: {
    /** n, where shares are multiples of 1/n. */
    readonly denominator: number;
    /** By domain. */
    readonly units: Readonly<Record<string, number>>;
    /** How much the rounding costs in the objective. */
    readonly cost: number;
    /** Whether all such mixtures were looked at: then none that is allowed is better. */
    readonly exact: boolean;
  } | null;
  /**
   * How the best N and D grow with compute at this mixture; only where N and D were chosen too, and
   * the goal is a mean of losses by the fits.
   */
  readonly exponents?: ScalingExponents;
  /** What may be said of it, with the reasons. */
  readonly verdict: Verdict<OptimumStatus>;
  /** The sentences of the verdict. */
  readonly warnings: readonly string[];
}
