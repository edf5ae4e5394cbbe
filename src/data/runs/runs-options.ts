/** The options of `readRuns` and `toRuns`. */
import * as v from "valibot";
import {
  aList,
  anObject,
  aPositive,
  aSwitch,
  aText,
  byName,
  type EntriesOf,
  readOptions,
} from "../../options/option-schema.ts";

import type { TableShape } from "../table/cells.ts";
import { type CountUnits, someUnits } from "../../options/count-units.ts";

/** The columns that are taken for what no option names. */
export const USUAL_COLUMNS = {
  params: "n_params",
  tokens: "n_tokens",
  weights: "h_*",
  targets: "loss_*",
  supply: "u_*",
} as const;

/** Lists of columns that are taken, the first that matches, where the usual ones match none. */
export const OTHER_COLUMNS = {
  weights: ["share_*", "weight_*", "config/h_*"],
  targets: ["*/loss_*", "loss", "*/loss", "*_loss"],
} as const;

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
   * Phases of the runs, in their order in time, and the part of a run's tokens that each has: a
   * number, a column, or "rest". The columns `NAME_*` are a phase's shares, which sum to 1 in each
   * phase.
   *
   * @example { h0: 0.8, h1: "rest" } // columns h0_web, h0_code, h1_web, h1_code
   */
  readonly phases?: Readonly<Record<string, number | string>>;
  /**
   * Whether the weights of each row are divided by their sum: for percent, counts and rounded
   * shares. Without it they must sum to 1 within 1e-3.
   */
  readonly normalize?: boolean;
  /**
   * Columns of the losses, likewise; "loss_*". A target's name is the full column name. "" reads
   * none (points to predict at).
   */
  readonly targets?: string;
  /**
   * Unique tokens that there are of each domain, by its name: one supply for all runs. Laws read it
   * that know of repetition. Default: the columns of `supply`.
   */
  readonly available?: Readonly<Record<string, number>>;
  /** Columns of each domain's unique tokens, where supply differs by run: a glob; "u_*". */
  readonly supply?: string;
  /**
   * What one count of an input stands for: { params: 1e6, tokens: 1e9 } for N in millions and D in
   * billions. Without it N below 1e4 and D below 1e6 are refused; "absolute" takes them as they
   * are.
   */
  readonly units?: CountUnits;
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
  /**
   * Filter of the rows to fit: comparisons of columns, numbers (7B, 12%) and quoted text,
   * arithmetic, `in (…)`, `is missing`, `and`, `or`, `not`: "split == 'train' and n_tokens/n_params
   * >= 20".
   */
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
    readonly weights?: boolean | undefined;
    /** Names of the other inputs that are needed. */
    readonly inputs: readonly string[];
    /** Whether the supply of each domain is needed; undefined: it is read where it is there. */
    readonly supply?: boolean | undefined;
  };
}

/** What was asked of a table, as runs and fit files keep it: columns and rows, in their words. */
export type TableReading = Omit<RunsOptions, "need"> & TableShape;

const aColumn = v.string("it must be the name of a column");
const someColumns = v.string("it must be names of columns and globs, comma-separated");
const aFilter = v.string("it must be a filter such as \"split == 'train'\"");

/** Parts of the tokens by phase. */
export const PHASES = byName(
  v.union([aPositive, v.string()], 'it must be a part of the tokens, a column, or "rest"'),
);

const RUNS = anObject({
  params: v.optional(aColumn),
  tokens: v.optional(aColumn),
  weights: v.optional(someColumns),
  phases: v.optional(PHASES),
  normalize: v.optional(aSwitch),
  targets: v.optional(someColumns),
  available: v.optional(byName(aPositive)),
  supply: v.optional(someColumns),
  units: v.optional(someUnits),
  inputs: v.optional(byName(aColumn)),
  sigma: v.optional(someColumns),
  rowWeights: v.optional(aColumn),
  group: v.optional(aColumn),
  where: v.optional(aFilter),
  test: v.optional(aFilter),
  need: v.optional(
    anObject({
      params: aSwitch,
      tokens: aSwitch,
      weights: v.optional(aSwitch),
      inputs: aList(aText),
      supply: v.optional(aSwitch),
    } satisfies EntriesOf<NonNullable<RunsOptions["need"]>>),
  ),
} satisfies EntriesOf<RunsOptions>);

/** The options checked. Throws InputError naming the option, what it is and what it must be. */
export const runsOptions = (options: RunsOptions): RunsOptions =>
  readOptions("readRuns", RUNS, options);
