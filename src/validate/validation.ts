/** What `validate` says, `mixlaw/validation@1`. */
import type { ExpectedError, TestedTarget } from "./backtests.ts";
import type { Finding } from "../base/verdict.ts";
import type { BackendUsed } from "../fit/result/fit-file.ts";
import type { By } from "./folds.ts";

/** How well a law predicts rows that were held out. */
export interface HeldScore {
  /** How many rows. */
  readonly rows: number;
  /** Mean relative error, in percent; null where an observation is 0. */
  readonly mrePercent: number | null;
  /** Root of the mean squared error, in the units of the loss column. */
  readonly rmse: number;
  /** 1 − SS_residual/SS_total; null when the observations do not vary. */
  readonly r2: number | null;
  /** Spearman's rank correlation; null when either side does not vary. */
  readonly spearman: number | null;
  /**
   * How much higher than the best the loss of the mixture is that the law predicts best, among the
   * held-out runs of one fold with the same inputs; the mean over such sets of two mixtures or
   * more. Null where there are none.
   */
  readonly regret: number | null;
}

/** Of two laws: how much larger the mean relative error of one is, in points of percent. */
export interface Difference {
  /** In points of percent. */
  readonly difference: number;
  /** Null where fewer than two clusters were held out. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided p of no difference; null likewise. */
  readonly p: number | null;
}

/** How well a law predicts the largest size from the smaller ones. */
export interface Beyond {
  /** That size, N. */
  readonly params: number;
  /** Mean relative error, in percent, the mean over targets; null where an observation is 0. */
  readonly mrePercent: number | null;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** How much larger the error is than the least of a law there; null for that law. */
  readonly behind: Pick<Difference, "difference" | "interval"> | null;
}

/** What predicts without a law, by the rows held out. */
export interface BaselineScore {
  /**
   * "constant": the mean of the losses fitted. "mean per size": that of the losses at the same N,
   * or the nearest; "mean per token count" where there is no N.
   */
  readonly name: "constant" | "mean per size" | "mean per token count";
  /** Numbers a target. */
  readonly parameters: number;
  /** Means over the targets. */
  readonly mean: HeldScore;
  /** How much larger its mean relative error is than the best law's. */
  readonly behind: Pick<Difference, "difference" | "interval">;
  /** By target. */
  readonly targets: Readonly<Record<string, HeldScore>>;
}

/** Which law to use. */
export interface Conclusion {
  /**
   * The best on the rows held out, or the smallest of those that cannot be told from it; null where
   * a baseline cannot be told from the best, or is better.
   */
  readonly law: string | null;
  /** Laws that the rows held out cannot tell from it. */
  readonly rivals: readonly string[];
  /** What is said of it. */
  readonly findings: readonly Finding[];
}

/** One law, by the rows held out. */
export interface LawScore {
  /** Name of the law. */
  readonly law: string;
  /** Free coordinates a target. */
  readonly parameters: number;
  /** Means over the targets. */
  readonly mean: HeldScore;
  /**
   * How much larger its mean relative error is than the best law's, in points of percent, with an
   * interval; null for the best.
   */
  readonly behind: Pick<Difference, "difference" | "interval"> | null;
  /**
   * AICc, the sum over the targets, of the fits to all the runs; null where rows are too few for
   * it, where they share errors, so that they are no independent runs, and where a fit is exact.
   */
  readonly aicc: number | null;
  /** BIC, likewise. */
  readonly bic: number | null;
  /** By target. */
  readonly targets: Readonly<Record<string, HeldScore>>;
  /**
   * At the largest size, by fits to the smaller ones; null where that was not held out beside the
   * folds: fewer than four sizes, or rows of a further scale are held out already.
   */
  readonly beyond: Beyond | null;
  /** Refits that were still moving at the end. */
  readonly unconverged: number;
  /** Targets whose fit to all the runs did not converge. */
  readonly unfinished: readonly string[];
}

/**
 * A law that contains another: what its additional parameters are worth on rows that it has not
 * seen.
 */
export interface Nested {
  /** The law that is contained. */
  readonly smaller: string;
  /** The law that contains it. */
  readonly larger: string;
  /** How much smaller the larger law's mean relative error is, in points of percent. */
  readonly gain: number;
  /** Of the gain; null where fewer than two clusters were held out. */
  readonly interval: Difference["interval"];
  /** Two-sided, from the bootstrap over clusters. */
  readonly p: Difference["p"];
  /** The same question to the rows that are fitted. */
  readonly fitted: {
    /** 2·ln of the ratio of the likelihoods, the sum over targets; null where a fit is exact. */
    readonly likelihoodRatio: number | null;
    /** The larger law's additional parameters, the sum over targets. */
    readonly parameters: number;
    /** Of the score test with clusters flipped; see validate/nested-laws.ts. */
    readonly p: number;
    /** How many clusters were flipped. */
    readonly clusters: number;
  };
}

/** One point of the learning curve. */
export interface CurvePoint {
  /** How many mixtures were fitted. */
  readonly mixtures: number;
  /**
   * By law: median over repeats of the mean relative error on unseen mixtures, and its quartiles
   * (null where they are infinite); null where the runs are too few for the law. Not means: fitted
   * to few mixtures, a law may go astray on one that is unlike them all.
   */
  readonly laws: Readonly<
    Record<
      string,
      {
        /** The median, in percent. */
        readonly mrePercent: number | null;
        /** Lower and upper quartile, in percent. */
        readonly quartiles: readonly [number | null, number | null];
      } | null
    >
  >;
}

/** What `validate` found, `mixlaw/validation@1`. */
export interface Validation {
  /** Name and version of the format. */
  readonly schema: "mixlaw/validation@1";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /** The table. */
  readonly data: {
    /** How messages name it: its path. */
    readonly source: string;
    /** Hash of its bytes, in hexadecimal. */
    readonly sha256: string;
    /** Rows that were used. */
    readonly rows: number;
    /** Names of the loss columns. */
    readonly targets: readonly string[];
  };
  /** What was held out. */
  readonly by: By;
  /** The column whose values were held out; null where there was none. */
  readonly column: string | null;
  /** "5 folds of 60 values of mixture_id". */
  readonly held: string;
  /** Number of folds. */
  readonly folds: number;
  /**
   * What is resampled for intervals: mixtures, the groups held out, or rows. Few of them make rough
   * intervals.
   */
  readonly clusters: number;
  /** Seed of folds and starts. */
  readonly seed: number;
  /** Confidence level of the intervals. */
  readonly level: number;
  /** Best first. */
  readonly laws: readonly LawScore[];
  /** What they have to be better than. */
  readonly baselines: readonly BaselineScore[];
  /** Which law to use, and whether the rows held out can tell. */
  readonly conclusion: Conclusion;
  /** Laws that could not be validated, and why. */
  readonly failed: readonly {
    /** Name of the law. */
    readonly law: string;
    /** A sentence. */
    readonly why: string;
  }[];
  /** Laws that contain another, for each pair. */
  readonly nested: readonly Nested[];
  /** Back-tests, by law and target; empty where none were made. */
  readonly backtests: readonly TestedTarget[];
  /** The error to expect at the scale that was asked for, by law; null where none was. */
  readonly expected: readonly ExpectedError[] | null;
  /** The learning curve; null where none was asked for. */
  readonly curve: readonly CurvePoint[] | null;
  /** Where refits ran. */
  readonly backend: BackendUsed;
  /** What is missing of a validation that ended at its deadline; a finished one has none. */
  readonly unfinished?: Finding;
  /** Seconds. */
  readonly timing: Readonly<Record<string, number>>;
}
