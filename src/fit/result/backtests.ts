/** What refits to the smaller runs said of the larger ones, as the fit file has it. */

/** By what some runs are larger than others: N, D, or C = 6ND. */
export type LadderAxis = "params" | "tokens" | "compute";

/** One refit's errors at one level of larger runs. All errors are in units of the residual. */
export interface Backtest {
  /** The largest value of the axis that was fitted. */
  readonly fittedTo: number;
  /** How many levels were fitted. */
  readonly levels: number;
  /** The largest value of the axis of the runs that were predicted. */
  readonly predicted: number;
  /** How many runs were predicted. */
  readonly rows: number;
  /**
   * How far beyond the fitted runs they lie, in natural logarithms: see fit/backtest/distance.ts.
   */
  readonly distance: number;
  /** Mean of predicted − observed. */
  readonly error: number;
  /** Standard deviation of predicted − observed around that mean. */
  readonly scatter: number;
  /** Standard deviation of the residuals of the largest runs that were fitted. */
  readonly noise: number;
  /**
   * Root mean square of the standard errors of the refit's predictions: the part of the error that
   * is not the law's.
   */
  readonly standardError: number;
}

/** A fit's back-tests. */
export interface Backtests {
  /** By what runs are ordered. */
  readonly axis: LadderAxis;
  /** The levels of the runs: the largest value of the axis in each, ascending. */
  readonly levels: readonly number[];
  /**
   * What errors are compared by between targets: the mean size of the losses for raw residuals, 1
   * for logarithmic and relative ones.
   */
  readonly scale: number;
  /** Standard deviation of the residuals of the largest runs, by the fit to all of them. */
  readonly noise: number;
  /** Smaller refits first. */
  readonly list: readonly Backtest[];
}

/** The law that a file of several is used by, where none is asked for. */
export interface ChosenLaw {
  /** Its name. */
  readonly law: string;
  /** What chose it. */
  readonly by: "back-tests" | "validation";
  /** Laws whose errors the comparison cannot tell from the best law's, `law` among them. */
  readonly alike: readonly string[];
  /** By law: root mean square of the errors relative to the losses' size. */
  readonly errors: Readonly<Record<string, number>>;
}
