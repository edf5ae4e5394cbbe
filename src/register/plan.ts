/** A prediction written down before the runs that it is of are trained, `mixlaw/plan@1`. */
import type { Objective, OptimizeRequest } from "../mixture/request/optimize-options.ts";
import type { TableReading } from "../data/runs/runs-options.ts";
import type { Interval } from "../stats/interval.ts";

/** What one law says of one target's loss in one run. */
export interface RegisteredLoss {
  /** The law's name. */
  readonly law: string;
  /** The name of the loss column. */
  readonly target: string;
  /** The predicted loss. */
  readonly value: number;
  /** Intervals of a new run's loss, one for each of the plan's levels; null for an open end. */
  readonly intervals: readonly Interval[];
}

/** A mixture that may be trained. */
export interface RegisteredMixture {
  /** "optimum", "reference", or as the request calls its candidate. */
  readonly name: string;
  /** Shares by domain; they sum to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** By law and target. */
  readonly predictions: readonly RegisteredLoss[];
}

/** The runs at one N and D. */
export interface RegisteredPoint {
  /** N and D, absolute, and other inputs of the laws; null where the request does not give it. */
  readonly at: {
    /** Parameters N. */
    readonly params: number | null;
    /** Training tokens D. */
    readonly tokens: number | null;
    /** Other inputs by name. */
    readonly inputs: Readonly<Record<string, number>>;
  };
  /** What was asked of `optimize`. */
  readonly request: OptimizeRequest;
  /** By target: the predicted loss of the reference, which the goal "worst" is relative to. */
  readonly reference: Readonly<Record<string, number>>;
  /** The optimum first. */
  readonly mixtures: readonly RegisteredMixture[];
}

/** Mixtures with what each law predicts of them, before they are trained. */
export interface Plan {
  /** Name and version of the format. */
  readonly schema: "mixlaw/plan@1";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /**
   * SHA-256 of all the rest, in hexadecimal: of its JSON without spaces, the keys of each object in
   * the order of their UTF-16 code units. A plan that was changed has another.
   */
  readonly sha256: string;
  /** The fit. */
  readonly fit: {
    /** SHA-256 of what predictions follow from; the same for a repeated fit. */
    readonly sha256: string;
    /** Its seed. */
    readonly seed: number;
  };
  /** The table that was fitted. */
  readonly data: {
    /** How the fit file names it. */
    readonly source: string;
    /** SHA-256 of its bytes. */
    readonly sha256: string;
    /** How many of its runs were fitted. */
    readonly rows: number;
    /** Its columns and their units, where they are not the usual ones. */
    readonly columns: Pick<
      TableReading,
      "params" | "tokens" | "units" | "weights" | "phases" | "normalize" | "inputs"
    >;
  };
  /** The domains of the mixtures. */
  readonly domains: readonly string[];
  /** Weights by target, or "worst". */
  readonly goal: Objective;
  /** By target: the law that the optimum was chosen by. */
  readonly laws: Readonly<Record<string, string>>;
  /** The level that the verdict goes by. */
  readonly level: number;
  /** The levels of the intervals, ascending. */
  readonly levels: readonly number[];
  /** One, or those along a path. */
  readonly points: readonly RegisteredPoint[];
}
