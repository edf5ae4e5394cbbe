/** How the best N and D grow with training compute: part of what `--flops` answers. */

/** The exponents by the runs alone. */
export interface IsoflopEstimate {
  /** a of N* ∝ C^a: the slope of ln N* over ln C. */
  readonly params: number;
  /** b of D* ∝ C^b, 1 − a. */
  readonly tokens: number;
  /** Of a and of b, by Student's t of the line through the minima. */
  readonly interval: {
    /** Of a. */
    readonly params: readonly [number, number];
    /** Of b. */
    readonly tokens: readonly [number, number];
  };
  /** Groups with a minimum inside, and rows in them. */
  readonly groups: number;
  /** Rows in those groups. */
  readonly rows: number;
  /** Groups that have their minimum at an end of their sizes: they tell nothing of the best N. */
  readonly withoutMinimum: number;
}

/** How the best N and D grow with training compute. */
export interface ScalingExponents {
  /** a of N* ∝ C^a around this compute by the laws; null where they have no best N. */
  readonly params: number | null;
  /** b of D* ∝ C^b, 1 − a. */
  readonly tokens: number | null;
  /** Intervals of a and b; null where neither replicates nor a covariance tell them. */
  readonly interval: {
    /** Of a. */
    readonly params: readonly [number, number];
    /** Of b. */
    readonly tokens: readonly [number, number];
    /** Confidence level. */
    readonly level: number;
    /**
     * Percentiles over the replicates of a bootstrap, or the covariance of the coordinates by the
     * delta method.
     */
    readonly from: "bootstrap" | "covariance";
  } | null;
  /** By the runs alone; null where they do not form isoFLOP groups. */
  readonly isoflop: IsoflopEstimate | null;
}
