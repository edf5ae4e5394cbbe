/** What the view of residuals shows. */

/** Rows that lie near each other in a variable. */
export interface ResidualBin {
  /** The variable: least, median and largest value of the rows. */
  readonly from: number;
  readonly at: number;
  readonly to: number;
  /** How many residuals, of all targets. */
  readonly count: number;
  /** Of these: a tenth lies below the first, half below the second, a tenth above the third. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** The median of each target; null where it has none there. */
  readonly medians: readonly (number | null)[];
}

/** What residuals are plotted against. */
export interface ResidualVariable {
  /** "N", "D", a domain, or another input. */
  readonly name: string;
  /** count: a positive number, shown by its logarithm. share: a part of 1. */
  readonly kind: "count" | "share" | "other";
  readonly train: readonly ResidualBin[];
  readonly test: readonly ResidualBin[];
  /** Fitted rows with residuals that are far out: the variable, and the residual. */
  readonly outliers: { readonly x: Float64Array; readonly y: Float64Array };
}

/** How far medians of fifths of the rows lie apart, by target. */
export interface ResidualTrend {
  readonly name: string;
  /** Largest less smallest, in standard deviations; null where the variable does not vary. */
  readonly spread: readonly (number | null)[];
  /** What the noise of as many independent rows makes of it, on average. */
  readonly chance: number;
}

export interface ResidualsData {
  readonly targets: readonly string[];
  /** What a residual is: "predicted − observed". */
  readonly residual: string;
  /** The standard deviation of residuals in their own unit, of one target; null of several. */
  readonly sd: number | null;
  /** Those with the largest trends. */
  readonly variables: readonly ResidualVariable[];
  /** Of all variables. */
  readonly trends: readonly ResidualTrend[];
}
