/** What `verify` says, `mixlaw/verification@1`. */
import type { Verdict } from "../base/verdict.ts";
import type { BackendUsed } from "../fit/result/fit-file.ts";

/**
 * "identical": every number is the same to the last digit. "same": none differs by more than its
 * tolerance. "differs": some do, or the table is another.
 */
export type VerifyStatus = "identical" | "same" | "differs";

/** A cell of a row that the fit used. */
export type CellValue = number | string | null;

/** A value of the file that did not come out again. */
export interface ValueDifference {
  /** The law whose fit it is of; not there for what is of the whole file. */
  readonly law?: string;
  /** The target of that fit. */
  readonly target?: string;
  /** The key in the fit, or in the file: "objective", "parameters.C.web". */
  readonly key: string;
  /** What the file has; undefined where it has nothing there. */
  readonly recorded: unknown;
  /** What the repeated fit has. */
  readonly repeated: unknown;
  /** The most that they may differ by; null where they must be equal. */
  readonly tolerance: number | null;
  /** Whether it makes the file differ. */
  readonly counts: boolean;
  /** Why it does not count, or why it does where that is not plain. */
  readonly why?:
    | "within its tolerance"
    | "not determined"
    | "the way of the search"
    | "not what the coordinates give";
}

/** A cell that is another in the table than in the rows that the file keeps. */
export interface ChangedCell {
  /** The data row of the table, from 1. */
  readonly row: number;
  /** "N", "D", "share of web", "loss_web". */
  readonly column: string;
  /** As the file keeps it. */
  readonly recorded: CellValue;
  /** As the table has it. */
  readonly found: CellValue;
}

/** How the rows of the table differ from those that the file keeps. */
export interface RowChanges {
  /** Cells that changed: the first 100. */
  readonly cells: readonly ChangedCell[];
  /** How many changed in all. */
  readonly changed: number;
  /** Data rows of the fit that are not in the table any more, by their number then. */
  readonly gone: readonly number[];
  /** Data rows of the table that the fit did not have. */
  readonly added: readonly number[];
  /** Whether rows, domains or targets stand in another order. */
  readonly reordered: boolean;
}

/** What a fit was made on. */
export interface Circumstances {
  /** The version of mixlaw. */
  readonly version: string;
  /** Where it was searched. */
  readonly backend: BackendUsed;
  /** SHA-256 of the table's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** A fit file beside a repetition of its fits. */
export interface Verification {
  /** Name and version of the format. */
  readonly schema: "mixlaw/verification@1";
  /** What it comes to, and what was found. */
  readonly verdict: Verdict<VerifyStatus>;
  /** What the file was made on. */
  readonly recorded: Circumstances;
  /** What it was repeated on. */
  readonly repeated: Circumstances;
  /** How many fits were repeated. */
  readonly fits: number;
  /** How the rows differ; null for a file without rows. */
  readonly rows: RowChanges | null;
  /** Values that differ: those that count first, 1000 at most. */
  readonly differences: readonly ValueDifference[];
  /** Seconds. */
  readonly seconds: number;
}
