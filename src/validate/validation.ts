/** What `validate` says, `mixlaw/validation@1`. */
import type { By } from "./folds.ts";

export interface HeldScore {
  readonly rows: number;
  readonly mrePercent: number | null;
  /** Root of the mean squared error, in the units of the loss column. */
  readonly rmse: number;
  readonly r2: number | null;
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
  readonly difference: number;
  /** Null where fewer than two clusters were held out. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided p of no difference; null likewise. */
  readonly p: number | null;
}

export interface LawScore {
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
  /** Sums over the targets, of the fits to all the runs. */
  readonly aicc: number | null;
  readonly bic: number;
  readonly targets: Readonly<Record<string, HeldScore>>;
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
  readonly smaller: string;
  readonly larger: string;
  /** How much smaller the larger law's mean relative error is, in points of percent. */
  readonly gain: number;
  readonly interval: Difference["interval"];
  /** Two-sided, from the bootstrap over clusters. */
  readonly p: Difference["p"];
  /** The same question to the rows that are fitted. */
  readonly fitted: {
    /** 2·ln of the likelihoods' ratio, and the parameters it was had for: sums over targets. */
    readonly likelihoodRatio: number;
    readonly parameters: number;
    /** Of the score test with clusters flipped; see validate/nested-laws.ts. */
    readonly p: number;
    readonly clusters: number;
  };
}

export interface CurvePoint {
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
        readonly mrePercent: number | null;
        readonly quartiles: readonly [number | null, number | null];
      } | null
    >
  >;
}

export interface Validation {
  readonly schema: "mixlaw/validation@1";
  readonly version: string;
  readonly data: {
    readonly source: string;
    readonly sha256: string;
    readonly rows: number;
    readonly targets: readonly string[];
  };
  readonly by: By;
  readonly column: string | null;
  /** "5 folds of 60 values of mixture_id". */
  readonly held: string;
  readonly folds: number;
  /**
   * What is resampled for intervals: mixtures, the groups held out, or rows. Few of them make rough
   * intervals.
   */
  readonly clusters: number;
  readonly seed: number;
  readonly level: number;
  /** Best first. */
  readonly laws: readonly LawScore[];
  /** Laws that could not be validated, and why. */
  readonly failed: readonly { readonly law: string; readonly why: string }[];
  readonly nested: readonly Nested[];
  readonly curve: readonly CurvePoint[] | null;
  readonly backend: { readonly kind: "webgpu" | "cpu"; readonly adapter: string };
  readonly timing: Readonly<Record<string, number>>;
}
