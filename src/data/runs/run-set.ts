/** Runs made ready to fit. */

import type { Phases } from "../../options/phases.ts";
import type { CountUnits } from "../../options/count-units.ts";
import type { SourceColumns } from "../filter/leave-out.ts";
import type { TableReading } from "./runs-options.ts";

/** Runs packed for computing: float64, one run a row. */
export interface RunSet {
  /** Number of runs. */
  readonly rows: number;
  /** Which data row of the file each one is, from 1 (the header is not counted). */
  readonly rowNumbers: Int32Array;
  /**
   * "params", "tokens" and others by law input name; each has `rows` finite numbers, counts in
   * absolute numbers.
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
  /** Weights of the rows, when a column was named: above 0. */
  readonly rowWeights?: Float64Array;
  /** Block labels, when a group column was named. */
  readonly groups?: readonly string[];
}

/** Rows that are not used, and why. */
export interface DroppedRows {
  /**
   * "where" (no filter asks for them), "zero weight", "missing input", "missing weight", or
   * "missing loss" (of every target).
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
  /** Names of the training domains, in the order of `weights`; of phases, those of the cells. */
  readonly domains: readonly string[];
  /** Phases of the runs: `domains` are then cells, a domain in a phase each. */
  readonly phases?: Phases;
  /** Names of the loss columns, in the order of `losses`. */
  readonly targets: readonly string[];
  /** The runs to fit. */
  readonly train: RunSet;
  /** The runs held out; undefined without a `test` filter. */
  readonly test: RunSet | undefined;
  /** The units of the table's counts, when they were named; `train` and `test` are absolute. */
  readonly units?: CountUnits;
  /** The column of the block labels, when one was named. */
  readonly group?: string;
  /** The columns of the table that inputs and the shares of domains come from, for messages. */
  readonly columns?: SourceColumns;
  /** What was asked of the table: columns and filters; not there where nothing was. */
  readonly reading?: TableReading;
  /** Rows in neither set, by reason. */
  readonly dropped: readonly DroppedRows[];
  /** Sentences for the summary: what was renormalized, masked, repeated, constant. */
  readonly notes: readonly string[];
}
