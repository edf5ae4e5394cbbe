/** The options of a fit, their schema and their defaults. */
import * as v from "valibot";
import { DELTA_IN_WORDS, LOSSES, type LossKind } from "../expr/loss.ts";
import { type IntervalKind, INTERVALS } from "../stats/interval.ts";
import type { RecordStore } from "../records/record-store.ts";
import { InputError } from "../base/errors.ts";
import { LIMITS } from "./limits.ts";
import { inWords, namesOf } from "../base/kinds.ts";
import { option } from "../base/option-text.ts";
import { aRidge, type RidgeOption } from "./ridge-option.ts";
import {
  aDuration,
  aList,
  aName,
  anObject,
  anything,
  aNumber,
  aRange,
  aSeed,
  aSwitch,
  aText,
  byName,
  type EntriesOf,
  numberThat,
  oneOf,
  readOptions,
} from "./option-schema.ts";

const RESIDUAL_KINDS = { raw: "predicted - observed", log: "", relative: "" } as const;
/** What a residual is: see `FitOptions.residual`. */
export const RESIDUALS = namesOf(RESIDUAL_KINDS);
export const RESIDUALS_IN_WORDS = inWords(RESIDUAL_KINDS);
/** One of `RESIDUALS`. */
export type ResidualKind = keyof typeof RESIDUAL_KINDS;

/** Which signs the exponents γᴬ, γᴮ may have. */
export const SIGNS = ["positive", "free"] as const;
/** One of `SIGNS`. */
export type Signs = (typeof SIGNS)[number];

const SCHEME_KINDS = {
  multinomial: "groups drawn with replacement",
  bayesian: "Dirichlet weights",
} as const;
/**
 * multinomial: as many blocks of runs as there are, drawn with replacement (Efron 1979). bayesian:
 * independent exponential weights, which is Dirichlet(1) up to a common factor (Rubin 1981), so
 * that no block is ever missing.
 */
export const SCHEMES = namesOf(SCHEME_KINDS);
export const SCHEMES_IN_WORDS = inWords(SCHEME_KINDS);
/** One of `SCHEMES`. */
export type Scheme = keyof typeof SCHEME_KINDS;

/**
 * How far a fit or a validation has come. `fraction` is of the whole, an estimate: it never falls,
 * and is 1 at the end of work that is not stopped.
 */
export interface Progress {
  /** The law that is being fitted. */
  readonly law: string;
  /** What is being done with it. */
  readonly stage:
    | "compile"
    | "search"
    | "refine"
    | "hop"
    | "polish"
    | "bootstrap"
    | "backtest"
    | "profile"
    | "validate";
  /** How much of it is done, from 0 to 1. */
  readonly fraction: number;
  /** Best objective so far, the mean over targets. */
  readonly best?: number;
  /** The starts that this stage follows, of all targets together. */
  readonly starts?: {
    /** How many there are. */
    readonly count: number;
    /** The share of the stage that is done, from 0 to 1. */
    readonly done: number;
  };
}

/**
 * What a user says of single parameters, by reported name: "alpha", "gamma[web]", or "gamma" for
 * all domains.
 */
export interface Restrictions {
  /** Values at which parameters are held, in their own units. */
  readonly fix: Readonly<Record<string, number>>;
  /** The first follows the second; "gamma": "gamma" is one γ for all domains. */
  readonly tie: Readonly<Record<string, string>>;
  /** An end that is null is open. */
  readonly bounds: Readonly<Record<string, readonly [number | null, number | null]>>;
  /** Where random starts are drawn. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  /** Starts given one by one; what has no range takes its typical size from them. */
  readonly starts: readonly Readonly<Record<string, number>>[];
}

/** How laws are fitted. What is left out has the default that is named. */
export interface FitOptions extends Partial<Restrictions> {
  /** Loss of the residual, one of `LOSSES`. Default "huber", the paper's choice. */
  readonly loss?: LossKind;
  /**
   * δ of the loss, such as the corner of the Huber loss, in units of the residual. Default 1e-3; of
   * raw residuals 1e-3 times the median size of a target's losses where that is below 0.1 or above
   * 20.
   */
  readonly delta?: number;
  /**
   * Whether δ follows losses of unusual size, as said there. Default true, and false where `delta`
   * is given.
   */
  readonly scaleDelta?: boolean;
  /**
   * Residual: predicted − observed, the difference of logarithms, or predicted/observed − 1.
   * Default "raw".
   */
  readonly residual?: ResidualKind;
  /**
   * Random starts a target. Without it as many as it takes, at most 512 (`adaptiveRestarts`); none
   * where `starts` are given.
   */
  readonly restarts?: number;
  /**
   * Whether random starts come in batches, and stop for a target where the estimated chance that
   * another one would find an optimum not seen yet is 2 % or less; `restarts` is then the most. So
   * do basin hops. Default true, and false where `restarts` or `starts` are given.
   */
  readonly adaptiveRestarts?: boolean;
  /** Any safe integer; the same seed gives the same fit. Default 1. */
  readonly seed?: number;
  /**
   * Signs of the exponents γᴬ, γᴮ of the joint and full laws. Default "positive", as in the paper.
   */
  readonly signs?: Signs;
  /**
   * λ of a ridge, which adds λ/2·Σq² to the objective: of the parameters that have one value a
   * domain, or by reported name; "auto" takes the λ with the least error in rows held out. See
   * docs/fitting.md for q. Default 0, none.
   */
  readonly ridge?: RidgeOption;
  /**
   * Parameters ("alpha", "C", "C[web]") that all targets of a law have in common: the targets are
   * then one fit, which minimizes the sum of their objectives. Default none.
   */
  readonly common?: readonly string[];
  /**
   * Reported parameters ("alpha", "A", "C[web]", or "C" for all domains) to find 95 %
   * profile-likelihood intervals of.
   */
  readonly profile?: readonly string[];
  /**
   * Bootstrap replicates, for intervals; default 0, none. Runs are resampled by the group column of
   * `readRuns`, one by one without it: checkpoints of one run share their error, and resampled one
   * by one their intervals come out too narrow.
   */
  readonly bootstrap?: number;
  /**
   * multinomial: groups are drawn with replacement (default). bayesian: they get Dirichlet weights.
   */
  readonly resampling?: Scheme;
  /**
   * Whether laws are fitted again to the smaller runs and tested on the larger ones, which is what
   * intervals beyond the fitted runs are made of. Default "auto": where there are three sizes or
   * more and it costs less than the fit.
   */
  readonly backtest?: boolean | "auto";
  /** Confidence level of intervals. Default 0.95. */
  readonly level?: number;
  /** Default "bca". */
  readonly interval?: IntervalKind;
  /**
   * Whether the fit file keeps the rows that were used, which plots of residuals need. They do not
   * change any fit. Default true.
   */
  readonly rows?: boolean;
  /** Stops the fit: it then rejects with AbortedError, which has what was found so far. */
  readonly signal?: AbortSignal;
  /**
   * Where finished pieces of work are kept: a fit that was stopped goes on from them. See
   * `openRecords`. They do not change any fit.
   */
  readonly records?: RecordStore;
  /**
   * Seconds, or a time such as "10m", after which the fit ends with what was found by then; the
   * result then says in `unfinished` what is missing. Rejects with DeadlineError where there is
   * nothing.
   */
  readonly deadline?: number | string;
  /** Told how far the fit has come, several times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The settings that determine a fit, as the fit file records them. */
export type FitSettings = Required<
  Omit<FitOptions, "profile" | "rows" | "signal" | "records" | "deadline" | "onProgress">
>;

/** Random starts, where no starts are given. */
const RESTARTS = { usual: 512, most: LIMITS.startsEach.most } as const;
const RESTARTS_MESSAGE = `it must be a whole number from 1 to ${RESTARTS.most}`;

export const aRestartCount = numberThat(
  (n) => Number.isInteger(n) && n >= 0 && n <= RESTARTS.most,
  RESTARTS_MESSAGE,
  { type: "integer", minimum: 0, maximum: RESTARTS.most },
);
const replicates = numberThat(
  (n) => n === 0 || (Number.isInteger(n) && n >= 2 && n <= LIMITS.replicates.most),
  `it must be a whole number of replicates from 2 to ${LIMITS.replicates.most}, such as 1000`,
);
const aDelta = numberThat(
  (x) => x > 0 && x < Infinity,
  `the ${DELTA_IN_WORDS} must be a positive number`,
);
const openEnd = v.nullable(aNumber);

/** A confidence level. */
export const aLevel = numberThat(
  (x) => x > 0 && x < 1,
  "a confidence level lies between 0 and 1, such as 0.95",
  { exclusiveMinimum: 0, exclusiveMaximum: 1 },
);

/** What each option that determines a fit may be, and its default. Fit files record them. */
export const SETTING_ENTRIES = {
  loss: v.optional(oneOf(LOSSES), "huber"),
  delta: v.optional(aDelta, 1e-3),
  scaleDelta: v.optional(aSwitch),
  residual: v.optional(oneOf(RESIDUALS), "raw"),
  restarts: v.optional(aRestartCount),
  adaptiveRestarts: v.optional(aSwitch),
  seed: v.optional(aSeed, 1),
  signs: v.optional(oneOf(SIGNS), "positive"),
  ridge: v.optional(aRidge, 0),
  common: v.optional(aList(aName, "it must be a list of parameters"), []),
  fix: v.optional(byName(aNumber, aName), {}),
  tie: v.optional(byName(aText, aName), {}),
  bounds: v.optional(
    byName(aRange(openEnd, "it must be [low, high], null for an open end"), aName),
    {},
  ),
  ranges: v.optional(byName(aRange(aNumber), aName), {}),
  starts: v.optional(
    aList(byName(aNumber, aName), "it must be a list of starts: values by parameter"),
    [],
  ),
  bootstrap: v.optional(replicates, 0),
  resampling: v.optional(oneOf(SCHEMES), "multinomial"),
  backtest: v.optional(
    v.union([aSwitch, v.literal("auto")], 'it must be true, false or "auto"'),
    "auto",
  ),
  level: v.optional(aLevel, 0.95),
  interval: v.optional(oneOf(INTERVALS), "bca"),
} satisfies EntriesOf<FitSettings>;

/** What each option of a fit may be. */
export const FIT_ENTRIES = {
  ...SETTING_ENTRIES,
  profile: v.optional(aList(aText, "it must be a list of parameters")),
  rows: v.optional(aSwitch),
  signal: v.optional(anything<AbortSignal>()),
  records: v.optional(anything<RecordStore>()),
  deadline: v.optional(aDuration),
  onProgress: v.optional(anything<(progress: Progress) => void>()),
} satisfies EntriesOf<FitOptions>;

const FIT = v.pipe(
  anObject(FIT_ENTRIES),
  v.forward(
    v.check(({ restarts: n, starts }) => n !== 0 || starts.length > 0, RESTARTS_MESSAGE),
    ["restarts"],
  ),
);
/** Takes what determines the fit from the options, and leaves the others. */
const SETTINGS = v.object(SETTING_ENTRIES);

/**
 * The settings of a fit: the options checked, with their defaults.
 *
 * @throws InputError naming the option that cannot be used.
 */
export function fitSettings(options: FitOptions): FitSettings {
  const checked = readOptions("fit", FIT, options);
  checkOrder("bounds", checked.bounds);
  checkOrder("ranges", checked.ranges);
  const hasStarts = checked.starts.length > 0;
  const adaptiveRestarts =
    checked.adaptiveRestarts ?? (checked.restarts === undefined && !hasStarts);
  const restarts = checked.restarts ?? (hasStarts && !adaptiveRestarts ? 0 : RESTARTS.usual);
  const scaleDelta = checked.scaleDelta ?? options.delta === undefined;
  return { ...v.parse(SETTINGS, checked), scaleDelta, restarts, adaptiveRestarts };
}

export const DEFAULTS: FitSettings = fitSettings({});

/** Throws an InputError for an interval whose ends are not in order; null is an open end. */
function checkOrder(name: "bounds" | "ranges", intervals: Restrictions["bounds"]): void {
  for (const [parameter, [low, high]] of Object.entries(intervals)) {
    if ((low ?? -Infinity) < (high ?? Infinity)) continue;
    const path = `${name}.${parameter}`;
    const interval = option(path, `${low ?? ""}:${high ?? ""}`);
    throw new InputError(
      `${interval}: the first must be below the second; to hold a value use ${option("fix")}.`,
      { option: path },
    );
  }
}
