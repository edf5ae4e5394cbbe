/** The fit file, `mixlaw/fit@2`: everything later commands need, in full float64 precision. */
import type { Finding, Verdict } from "../../base/verdict.ts";
import type { DroppedRows } from "../../data/runs/run-set.ts";
import type { TableReading } from "../../data/runs/runs-options.ts";
import type { BlockKind } from "../../data/runs/shared-errors.ts";
import type { Deviations } from "./deviations.ts";
import type { RidgeOfFit } from "./ridge-of-fit.ts";
import type { LawDefinition } from "../../laws/law.ts";
import type { Frame } from "../../laws/parameters/frame.ts";
import type { FittedForm } from "../../laws/fitted-form.ts";
import type { Reported } from "../../laws/parameters/parameters.ts";
import type { Units } from "../../laws/bind.ts";
import type { Phases } from "../../options/phases.ts";
import type { CountUnits } from "../../options/count-units.ts";
import type { FitSettings, Scheme } from "../../options/fit-options.ts";
import type { Basin, Basins } from "../search/basins.ts";
import type { Backtests, ChosenLaw } from "./backtests.ts";
import type { FitStatus } from "./fit-verdict.ts";
import type { KeptRows } from "./kept-rows.ts";
import type { IntervalKind } from "../../stats/interval.ts";
import type { Interval } from "../../stats/interval.ts";

/** How well predictions meet observations on a set of rows. */
export interface Score {
  /** Number of rows that are scored. */
  readonly rows: number;
  /** Mean of |predicted − observed|/|observed|, in percent; null where an observation is 0. */
  readonly mrePercent: number | null;
  /** 1 − SS_residual/SS_total; null when the observations do not vary. */
  readonly r2: number | null;
  /** Mean absolute error, in the units of the loss column. */
  readonly mae: number;
  /** Spearman's rank correlation; null when either side does not vary. */
  readonly spearman: number | null;
}

/** Fits that are as good as the best one but for rounding, at other parameters. */
export interface Plateau {
  /** How many of them were found, the best fit included. There may be more. */
  readonly points: number;
  /** By reported parameter that they differ in: its least and its largest value among them. */
  readonly parameters: Readonly<Record<string, readonly [number, number]>>;
}

/** How the search for a fit went. Files of earlier versions lack some of it. */
export interface Search {
  /** Starts from which the fit was searched, hops not counted. */
  readonly starts: number;
  /** The random starts among them. */
  readonly restarts?: {
    /** How many were asked for; "auto" for as many as it takes. */
    readonly asked: number | "auto";
    /** How many were done. */
    readonly done: number;
  };
  /**
   * Rows of the sample that starts and hops were searched on; what is said of them is on it. Not
   * there where they were searched on all rows. The fit itself is of all rows.
   */
  readonly sampledRows?: number;
  /**
   * Starts that were followed to their end. The others were dropped on the way, since they looked
   * poor, or had no finite objective: they say nothing.
   */
  readonly followed?: number;
  /** Of those, the ones whose objective ended within 0.1 % of the best. */
  readonly reachedBest: number;
  /** The optima that starts and hops ended in, best first: the 12 best. */
  readonly basins?: readonly Basin[];
  /**
   * The objective that each start ended with, of those that were followed, best first: of the 1024
   * best. Float64, little-endian, in base64. Hops are not among them.
   */
  readonly objectives?: string;
  /** How many more optima there are, and the starts and hops that ended in them. */
  readonly otherBasins?: Basins["others"];
  /**
   * The estimated chance that one more random start, followed to its end, would end in an optimum
   * that none has; null without random starts. See fit/search/basins.ts.
   */
  readonly unseen?: number | null;
  /**
   * Parameters that fits of the same objective differ in; not there where the best is one point.
   */
  readonly plateau?: Plateau;
  /** Basin hops from the best starts. */
  readonly hops: {
    /** How many hops. */
    readonly starts: number;
    /** How many of them ended within 0.1 % of the best. */
    readonly reachedBest: number;
  };
  /**
   * "converged" when the certificate's gradient norm is at most 1e-6, or no more than rounding
   * makes of it where residuals are near it.
   */
  readonly status: "converged" | "not-converged" | "interrupted";
  /** How the starts ended. */
  readonly ended: Readonly<
    Record<"converged" | "stalled" | "limit" | "dropped" | "nonfinite", number>
  >;
  /** Where the best fit came from. */
  readonly origin: "random" | "given" | "nested" | "hop";
}

/** What can be checked at the reported optimum, in float64. */
export interface Certificate {
  /**
   * Distance from stationarity over the coordinates not held at a bound, 0 at a stationary point,
   * free of units; see `gradientNorm` in solve/stationarity.ts. Null where a derivative is no
   * number.
   */
  readonly gradientNorm: number | null;
  /**
   * Condition number of JᵀJ with columns scaled to length 1, over the same coordinates; null when
   * it is infinite.
   */
  readonly conditionNumber: number | null;
  /** Eigenvalues of that scaled JᵀJ, largest first. */
  readonly spectrum: readonly number[];
  /**
   * Reported parameters that the runs do not determine at their noise ("A", "C[web]"): see
   * fit/inference/identify.ts for the criterion. Predictions are not affected.
   */
  readonly notIdentified: readonly string[];
  /** Directions of the coordinates that are not determined, the worst first. */
  readonly directions: readonly LostDirection[];
  /** Coordinates that ended at a bound of their range. */
  readonly atBound: readonly string[];
}

/** A direction along which the law can move without the runs noticing. */
export interface LostDirection {
  /** Coordinates with more than 2 % of it, and their share (q², of 1). */
  readonly coordinates: Readonly<Record<string, number>>;
  /** Of the scaled JᵀJ; 0 for a coordinate that changes no prediction. */
  readonly eigenvalue: number;
  /**
   * How far one standard error along it moves the coordinate it moves most, in units of what would
   * make that coordinate determined; null when infinite.
   */
  readonly standardError: number | null;
  /** "E against A/N^α: your sizes span too little (N from 20M to 25M)". */
  readonly sentence: string;
}

/** Profile likelihood of one reported parameter; see fit/profile/profile.ts. */
export interface Profile {
  /** Confidence level, 0.95. */
  readonly level: number;
  /**
   * An end that is null is open: the objective never rises to the threshold there. (Where a warning
   * says that the walk did not come to its end, it is not known.) A bound that belongs to the
   * parameter's meaning (E = 0) is an end.
   */
  readonly interval: readonly [number | null, number | null];
  /** The objective of a better fit that profiling came across; null normally. */
  readonly better: number | null;
  /** Values of the parameter with the mean objective of the best fit at each, in order. */
  readonly points: readonly (readonly [number, number])[];
}

/** Intervals of the parameters, and the replicates for those of predictions and mixtures. */
export interface Bootstrap {
  /** How many replicates there are. */
  readonly replicates: number;
  /**
   * Refits, of the jackknife too, whose polish ended before it converged. They count like the
   * others.
   */
  readonly unconverged: number;
  /** Replicates whose best fit lies in another basin than that of all the runs. */
  readonly otherBasin: number;
  /** The column whose values were resampled; null when rows were. */
  readonly group: string | null;
  /** How many of them there are. */
  readonly blocks: number;
  /** Which rows are a block. Files written before blocks without a group column lack it. */
  readonly blockKind?: BlockKind;
  /** How blocks were resampled. */
  readonly resampling: Scheme;
  /** Confidence level of the intervals. */
  readonly level: number;
  /** Kind of the intervals. */
  readonly interval: IntervalKind;
  /**
   * Relative decrease of the objective in 5 float64 iterations at which a replicate has converged:
   * 0.005/runs; one standard error raises it by about 1/runs.
   */
  readonly tolerance: number;
  /** An interval for each of the fit's `parameters`; an end that is null is infinite. */
  readonly parameters: Readonly<Record<string, Interval | Readonly<Record<string, Interval>>>>;
  /** Standard deviations over the replicates; null where a replicate has no finite value. */
  readonly standardErrors: Reported;
  /**
   * replicates × coordinates, in the order of the fit's `coordinates`: float64, little-endian,
   * base64.
   */
  readonly coordinates: string;
  /**
   * The same with each block left out (groups of blocks where there are more than 400), for BCa
   * intervals; empty for percentile ones.
   */
  readonly jackknife: string;
}

/** One law fitted to one target. */
export interface Fit extends Deviations {
  /** Name of the law. */
  readonly law: string;
  /** Name of the loss column. */
  readonly target: string;
  /** The equation, as its source writes it. */
  readonly formula: string;
  /** Mean objective over the training rows, float64. */
  readonly objective: number;
  /** δ of the loss in this target, where the loss has one; files of version 1 do not say it. */
  readonly delta?: number;
  /** Parameters that all targets of the law have in common; left out where there are none. */
  readonly common?: readonly string[];
  /** What a ridge added; left out where there is none. */
  readonly ridge?: RidgeOfFit;
  /** In the source's own symbols; see `units`. */
  readonly parameters: Reported;
  /** Parameters that were held at a value, by reported name. */
  readonly fixed: Readonly<Record<string, number>>;
  /** Parameters that were made to follow another, by reported name. */
  readonly tied: Readonly<Record<string, string>>;
  /** N and D are divided by these in the formula. */
  readonly units: Units;
  /**
   * The law as it was fitted: predictions can be computed from this and `parameters` alone. Files
   * of version 1 do not have it.
   */
  readonly form?: FittedForm;
  /** The coordinates that were optimized, exactly: predictions are computed from these. */
  readonly coordinates: Readonly<Record<string, number>>;
  /** N and D are divided by these before their logarithm is taken, in terms of `coordinates`. */
  readonly center: Units;
  /** What the data decided of a formula's coordinates; not there for laws of the catalog. */
  readonly frame?: Frame;
  /** On the rows that were fitted. */
  readonly train: Score;
  /** On the rows held out; null where there are none. */
  readonly test: Score | null;
  /** How the search went. */
  readonly search: Search;
  /** What can be checked at the optimum. */
  readonly certificate: Certificate;
  /** By reported parameter, for those asked for. */
  readonly profile?: Readonly<Record<string, Profile>>;
  /** Replicates and intervals; null without a bootstrap. */
  readonly bootstrap: Bootstrap | null;
  /**
   * Covariance of the coordinates, in the order of `coordinates`: the packed lower triangle, (i, j)
   * at i(i+1)/2 + j, as float64 in base64; see fit/backtest/covariance.ts. Absent where the square
   * of a derivative is beyond float64, so that it is not known, and in files of earlier versions.
   */
  readonly covariance?: string;
  /** What refits to the smaller runs said of the larger ones; absent where none were made. */
  readonly backtests?: Backtests;
  /** What may be said of it, with the reasons. */
  readonly verdict: Verdict<FitStatus>;
  /** The sentences of the verdict. */
  readonly warnings: readonly string[];
}

/**
 * A law and a target that it could not be fitted to: no start had a value, or the data refuse it.
 */
export interface FailedFit {
  /** Name of the law. */
  readonly law: string;
  /** Name of the loss column. */
  readonly target: string;
  /** Why. */
  readonly findings: readonly Finding[];
}

/** Ranges of the training runs, so that later commands can say when they extrapolate. */
export interface Extent {
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
}

/**
 * How sizes and token counts of the training runs vary, and whether apart from each other. Null for
 * what the runs do not have.
 */
export interface Coverage {
  /** Distinct parameter counts. */
  readonly sizes: number | null;
  /** Distinct token counts. */
  readonly tokenCounts: number | null;
  /** Range of D/N. */
  readonly tokensPerParam: Extent | null;
  /**
   * Correlation of ln N and ln D over the rows; null when one of them does not vary. From ±0.95 on
   * a design counts as collinear.
   */
  readonly correlation: number | null;
}

/** A backend that was used. */
export interface BackendUsed {
  /** "webgpu": an adapter. "cpu": float64 in threads. */
  readonly kind: "webgpu" | "cpu";
  /** The adapter, or the threads, in words. */
  readonly adapter: string;
  /**
   * What computed in float64, which all reported numbers come from: they agree to 12 digits and
   * more, and not to the last. Files that have none are JavaScript's.
   */
  readonly float64?: "webassembly" | "javascript";
}

/** A distinct mixture of the training runs. */
export interface TrainedMixture {
  /** Shares, in the order of the domains. */
  readonly weights: readonly number[];
  /** How many runs have it. */
  readonly runs: number;
}

/** The fit file, `mixlaw/fit@2`. Files of version 1 are read with what they have. */
export interface FitFile {
  /** Name and version of the format. */
  readonly schema: "mixlaw/fit@2";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /** What the laws were fitted to. */
  readonly data: {
    /** How messages name the table: its path. */
    readonly source: string;
    /** Hash of the table's bytes, in hexadecimal. */
    readonly sha256: string;
    /** Rows that were fitted. */
    readonly rows: number;
    /** Rows that were held out. */
    readonly testRows: number;
    /** The units of the table's counts, where they were named; all counts here are absolute. */
    readonly units?: CountUnits;
    /** What was asked of the table: columns and filters, where any were named. */
    readonly reading?: TableReading;
    /** Names of the training domains, in the order of all shares; of phases, of their cells. */
    readonly domains: readonly string[];
    /** Phases of the runs: `domains` are then cells, "h0/web", whose shares are of all tokens. */
    readonly phases?: Phases;
    /** Rows that were not used, by reason. */
    readonly dropped: readonly DroppedRows[];
    /** Sentences on what was renormalized, masked, repeated, constant. */
    readonly notes: readonly string[];
    /** Ranges of the training runs. */
    readonly range: {
      /** Of N. */
      readonly params: Extent | null;
      /** Of D. */
      readonly tokens: Extent | null;
      /** Of 6ND; files of earlier versions have none. */
      readonly compute?: Extent | null;
      /** Of other inputs, by name, where there are any. */
      readonly inputs?: Readonly<Record<string, Extent>>;
    };
    /** How sizes and token counts vary. */
    readonly coverage: Coverage;
    /** The distinct training mixtures; of more than 4096 some, with the ends of each share. */
    readonly mixtures: readonly TrainedMixture[];
    /** How many there are; not there where all are listed. */
    readonly distinctMixtures?: number;
  };
  /** The options that determine the fits, with their defaults. */
  readonly settings: FitSettings;
  /**
   * Where the search ran; with "auto", small laws of the same file may have been searched on the
   * CPU beside a GPU named here.
   */
  readonly backend: BackendUsed;
  /** One for each law and target that has parameters; its verdict may be "failed". */
  readonly fits: readonly Fit[];
  /** Laws and targets without parameters; not there where there are none. */
  readonly failed?: readonly FailedFit[];
  /** The law that is used where none is asked for; absent where nothing chose one. */
  readonly chosen?: ChosenLaw;
  /** Laws of these fits that are formulas, by name. */
  readonly definitions?: Readonly<Record<string, LawDefinition>>;
  /** What is missing of a fit that ended at its deadline; a finished one has none. */
  readonly unfinished?: Finding;
  /** Seconds; the only part that differs between two runs of the same command. */
  readonly timing: Readonly<Record<string, number>>;
  /**
   * The rows that were used, columns by name; `rowsOf` reads them. Files of fits that were asked
   * to leave them out (`rows: false`), of more than 100 000 rows, and of earlier versions have
   * none.
   */
  readonly rows?: KeptRows;
}
