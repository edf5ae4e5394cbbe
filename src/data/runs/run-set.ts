/** The types of runs made ready to fit. */

/**
 * Which columns play which part, and which rows are used. Columns are matched by name, never by
 * position.
 */
export interface RunsOptions {
  /** Column of the parameter count N (absolute, > 0); "n_params" when it is there. */
  readonly params?: string;
  /** Column of the token count D (absolute, > 0); "n_tokens" when it is there. */
  readonly tokens?: string;
  /**
   * Columns of the mixture weights: globs or names, comma-separated, `!name` to leave one out;
   * "h_*". A domain's name is what the glob's text before `*` does not cover, or the column's name
   * without "h_".
   */
  readonly weights?: string;
  /**
   * Columns of the losses, likewise; "loss_*". A target's name is the full column name. "" reads
   * none (points to predict at).
   */
  readonly targets?: string;
  /** Other inputs of a law and their columns; a needed input is found under its own name too. */
  readonly inputs?: Readonly<Record<string, string>>;
  /**
   * Column of the losses' standard deviations, or two columns, "lo,hi", with the ends of 95 %
   * intervals; `*` stands for the target's name without "loss_".
   */
  readonly sigma?: string;
  /** Column of weights that rows have in every target's objective, at least 0. */
  readonly rowWeights?: string;
  /** Column of block labels, kept as text for resampling. */
  readonly group?: string;
  /** Filter of the rows to fit; see `parseWhere`. */
  readonly where?: string;
  /** Filter of the rows held out: scored, never fitted. They need not pass `where`. */
  readonly test?: string;
  /**
   * What the laws need: only that is read, and all of it must be there. Without it, whatever is
   * found is read.
   */
  readonly need?: {
    /** Whether N is needed. */
    readonly params: boolean;
    /** Whether D is needed. */
    readonly tokens: boolean;
    /** Whether shares are needed; undefined: they are read where they are there. */
    readonly weights: boolean | undefined;
    /** Names of the other inputs that are needed. */
    readonly inputs: readonly string[];
  };
}

/** Runs packed for computing: float64, one run a row. */
export interface RunSet {
  /** Number of runs. */
  readonly rows: number;
  /** Which data row of the file each one is, from 1 (the header is not counted). */
  readonly rowNumbers: Int32Array;
  /**
   * "params", "tokens" and others by law input name; each has `rows` finite numbers in the file's
   * units.
   */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** rows × domains, row-major; each row is ≥ 0 and sums to 1 up to rounding. */
  readonly weights: Float64Array;
  /** One array of `rows` a target, NaN where the cell is missing. */
  readonly losses: readonly Float64Array[];
  /**
   * Standard deviations of the losses, when columns were named: one array of `rows` a target, NaN
   * where the loss is missing.
   */
  readonly sigmas?: readonly Float64Array[];
  /** Weights of the rows, when a column was named. */
  readonly rowWeights?: Float64Array;
  /** Block labels, when a group column was named. */
  readonly groups?: readonly string[];
}

/** Rows that are not used, and why. */
export interface DroppedRows {
  /**
   * "where" (no filter asks for them), "missing input", "missing weight", or "missing loss" (of
   * every target).
   */
  readonly reason: string;
  /** How many. */
  readonly rows: number;
}

/** A table made ready to fit. */
export interface Runs {
  /** How messages name the table: its path. */
  readonly source: string;
  /** Hash of the table's bytes, in hexadecimal. */
  readonly sha256: string;
  /** Names of the training domains, in the order of `weights`. */
  readonly domains: readonly string[];
  /** Names of the loss columns, in the order of `losses`. */
  readonly targets: readonly string[];
  /** The runs to fit. */
  readonly train: RunSet;
  /** The runs held out; undefined without a `test` filter. */
  readonly test: RunSet | undefined;
  /** The column of the block labels, when one was named. */
  readonly group?: string;
  /** Rows in neither set, by reason. */
  readonly dropped: readonly DroppedRows[];
  /** Sentences for the summary: what was renormalized, masked, repeated, constant. */
  readonly notes: readonly string[];
}
