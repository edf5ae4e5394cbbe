/** The fit file's section on residuals and standard errors. */
import type { BlockKind } from "../../data/runs/shared-errors.ts";
import type { Reported } from "../../laws/parameters/parameters.ts";

/** How large residuals are, beside the noise where runs tell it. */
export interface Deviations {
  /** n − p: runs that weigh something less coordinates that are not held at a bound. */
  readonly degreesOfFreedom: number;
  /**
   * √(Σw·r²/(n − p)), weights scaled to a mean of 1; in units of the residual. Null without degrees
   * of freedom.
   */
  readonly residualSd: number | null;
  /**
   * √(Σ(r/σ)²/(n − p)) where standard deviations were given: 1 where they explain all, more where
   * the law misses something.
   */
  readonly overSigma?: number;
  /**
   * Of the reported parameters; null for fixed ones and those whose error is infinite, and without
   * degrees of freedom.
   */
  readonly standardErrors: Reported | null;
  /** How standard errors were made. Files written before there was a choice lack it. */
  readonly errors?: {
    /** Of Student's t: an interval is the value ± t standard errors. */
    readonly degreesOfFreedom: number;
    /**
     * Which rows share their error: those of a label of the group column, those of equal N, shares
     * and other inputs but D, or none.
     */
    readonly blocks: BlockKind;
  };
  /** From several runs of one configuration; null where there are none. */
  readonly noise: Noise | null;
}

/** The noise of runs that were repeated. */
export interface Noise {
  /** Configurations (inputs and shares alike) with two runs or more. */
  readonly configurations: number;
  /** Their runs. */
  readonly runs: number;
  /** Runs less configurations. */
  readonly degreesOfFreedom: number;
  /** Pooled standard deviation within configurations, in units of the residual. */
  readonly sd: number;
  /**
   * Whether residuals are larger than the noise explains: the F test of lack of fit. Null where
   * there are no configurations to spare.
   */
  readonly lackOfFit: {
    /** The F statistic. */
    readonly F: number;
    /** Its p. */
    readonly p: number;
  } | null;
}
