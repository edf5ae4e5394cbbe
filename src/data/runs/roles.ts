/** What columns of a table can be. */
import type { RowFilters } from "../filter/drop-rows.ts";
import type { Column } from "../table/cells.ts";
import type { Pick } from "../table/columns.ts";
import type { Phases } from "../../options/phases.ts";
import type { Precision } from "./precision.ts";

/** A law input and the column it comes from. */
export interface InputRole {
  readonly name: string;
  readonly column: Column;
  /** Counts of parameters and tokens must be above 0. */
  readonly positive: boolean;
  /** What a number of the column stands for: 1e6 where it counts in millions. */
  readonly unit: number;
}

/** A column of losses, and where their standard deviations are. */
export interface TargetRole extends Pick {
  readonly precision: Precision | undefined;
}

/** Phases of the runs: the weights are those of the first one, then those of the next. */
export interface PhaseRoles extends Phases {
  /** Each phase's part of the tokens. */
  readonly fractions: readonly Column[];
}

/** Which column plays which part. */
export interface Roles {
  readonly inputs: readonly InputRole[];
  readonly weights: readonly { readonly domain: string; readonly column: Column }[];
  /** Undefined for runs of one mixture. */
  readonly phases?: PhaseRoles;
  /** Whether each row's weights are divided by their sum. */
  readonly normalize: boolean;
  readonly targets: readonly TargetRole[];
  readonly rowWeights: Column | undefined;
  readonly group: Column | undefined;
  /** The filters that chose the rows. */
  readonly filters: RowFilters;
  readonly notes: readonly string[];
}
