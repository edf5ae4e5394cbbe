/** What an optimum file says of the optimum over the replicates of a bootstrap. */
import type { Interval, IntervalKind } from "../../stats/interval.ts";

/** How much more another mixture loses than the optimum. */
export interface Gain {
  /** By the fit that the optimum was chosen with: too much, since it was (the winner's curse). */
  readonly estimate: number;
  /** The estimate less the optimism of a law at its own optimum, `interval.optimism`. */
  readonly corrected: number;
  /** Of the true gain of this mixture, at the level. */
  readonly interval: readonly [number, number];
}

/** A mixture that was asked about, over the replicates. */
export interface Candidate {
  /** How the request calls it. */
  readonly name: string;
  /** Its objective by the fits. */
  readonly objective: number;
  /** Of that objective. */
  readonly interval: Interval;
  /** Share of the replicates in which it is the best of the candidates. */
  readonly chanceBest: number;
  /** Mean over replicates of its place, 1 for the best. */
  readonly meanRank: number;
}

/** The optimum over the replicates of a bootstrap. */
export interface OptimumInterval {
  /** How many there are. */
  readonly replicates: number;
  /**
   * Replicates whose optimum lies in another basin than that which the fits' optimum is in: they
   * are solved from all local optima that are known, and from the best of the mixtures that were
   * tried.
   */
  readonly otherBasin: {
    /** Their share of the replicates. */
    readonly share: number;
    /** Median share of the data that is another domain's there; null where there is none. */
    readonly distance: number | null;
  };
  /** Replicates whose optimum is not certified. They count like the others. */
  readonly uncertified: number;
  /** Confidence level. */
  readonly level: number;
  /** Kind of the intervals. */
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
  /** Of the chosen mixture's objective. */
  readonly objective: Interval;
  /** Of the chosen mixture's predicted losses, by target. */
  readonly predicted: Readonly<Record<string, Interval>>;
  /**
   * How much worse than each replicate's own optimum the chosen mixture is there: median, and
   * quantile at the level.
   */
  readonly regret: {
    /** In half of the replicates it is less. */
    readonly median: number;
    /** In as many as the level says it is less. */
    readonly quantile: number;
  };
  /** How much more other mixtures lose. */
  readonly gain: {
    /** The reference mixture. */
    readonly reference: Gain;
    /** The uniform mixture. */
    readonly uniform: Gain;
  };
  /**
   * The winner's curse, in units of the objective: how much lower the law's loss is at its own
   * optimum than the truth because it was chosen by it, by the replicates, if the law is right.
   */
  readonly optimism: number;
  /** The request's candidates, likeliest first. */
  readonly candidates: readonly Candidate[];
}
