/**
 * What the page asks of its worker, which has the table, the fit file and the engine. All of it is
 * plain data.
 */
import type { Backend } from "../../fit/backends.ts";
import type { LossKind } from "../../expr/loss.ts";
import type { Progress, ResidualKind, Signs } from "../../options/fit-options.ts";
import type { Optimum } from "../../mixture/request/optimum.ts";
import type { ReportBody } from "../../report/app/show-report.ts";
import type { Section } from "../../views/catalog.ts";

/** What a column of the table is for; "input:unique_tokens" is a law's other input. */
export type Role =
  | "ignored"
  | "params"
  | "tokens"
  | "share"
  | "target"
  | "split"
  | "group"
  | "rowWeight"
  | `input:${string}`;

/** A column as the page shows it. */
export interface ColumnView {
  readonly name: string;
  /** The role that it seems to have. */
  readonly guess: Role;
  /** What is in it: "30 distinct numbers, 2e7 to 1e9". */
  readonly content: string;
  /** Cells that are missing. */
  readonly missing: number;
  /** The filters that it suggests as a column of splits; empty for none. */
  readonly where: string;
  readonly test: string;
}

/** A table as the page shows it. */
export interface TableView {
  readonly kind: "table";
  readonly source: string;
  readonly rows: number;
  readonly columns: readonly ColumnView[];
  /** The first rows, as texts. */
  readonly preview: readonly (readonly string[])[];
  /** Roles of other inputs that laws have, and what they are. */
  readonly inputs: readonly (readonly [Role, string])[];
}

/** What a count stands for: 1 for absolute ones, "absolute" where they are that though small. */
export type CountUnit = number | "absolute";

/** What is fitted to what, as the page's controls say. */
export interface Choice {
  /** In the order of the columns. */
  readonly roles: readonly Role[];
  readonly units: { readonly params: CountUnit; readonly tokens: CountUnit };
  /** Filters of rows; empty for none. */
  readonly where: string;
  readonly test: string;
}

/** How laws are fitted. */
export interface FitChoice {
  readonly laws: readonly string[];
  /** Random starts a target; "auto" stops early. */
  readonly restarts: number | "auto";
  readonly loss: LossKind;
  /** Undefined: what suits the losses. */
  readonly delta: number | undefined;
  readonly residual: ResidualKind;
  readonly signs: Signs;
  readonly seed: number;
  /** Replicates; 0 for none. */
  readonly bootstrap: number;
  readonly backend: Backend;
}

/** A law that can be chosen. */
export interface LawView {
  readonly name: string;
  readonly equation: string;
  readonly about: string;
  /** What the table lacks for it; empty where it suits. */
  readonly lacks: string;
  /** Whether it is chosen unless the visitor says otherwise. */
  readonly isUsual: boolean;
}

/** Something that cannot be used, and where. */
export interface Problem {
  readonly message: string;
  readonly column?: string;
  /** The library's name of the option. */
  readonly option?: string;
}

/** What the roles make of the table. */
export interface CheckedView {
  readonly problem?: Problem;
  /** Rows to fit and held out. */
  readonly train: number;
  readonly test: number;
  readonly domains: readonly string[];
  readonly targets: readonly string[];
  /** What happened to rows and cells. */
  readonly notes: readonly string[];
  readonly laws: readonly LawView[];
}

/** A fit as the page shows it, besides its report. */
export interface FitView {
  readonly kind: "fit";
  readonly source: string;
  readonly laws: readonly string[];
  readonly targets: readonly string[];
  readonly domains: readonly string[];
  /** Errors and agreement, by target and law. */
  readonly scores: readonly ScoreView[];
  /** Laws that failed, and warnings. */
  readonly findings: readonly string[];
  /** Where it was computed, and how long it took. */
  readonly backend: string;
  readonly isInterrupted: boolean;
  /** Bootstrap replicates; 0 for none. */
  readonly replicates: number;
  /** Whether it can be optimized: a law of it has a mixture. */
  readonly hasMixture: boolean;
  /** The law that an optimum uses unless the visitor says otherwise. */
  readonly usualLaw: string;
  /** The largest trained sizes; null for what no law uses. */
  readonly largest: { readonly params: number | null; readonly tokens: number | null };
  /** Whether the table is still there, so that it can be fitted again. */
  readonly hasTable: boolean;
}

export interface ScoreView {
  readonly target: string;
  readonly law: string;
  /** Mean relative errors in percent; null without such rows. */
  readonly train: number | null;
  readonly test: number | null;
  readonly objective: number;
  /** "128 of 132 starts". */
  readonly agreed: string;
}

/** What is asked of an optimum. */
export interface OptimumChoice {
  readonly law: string;
  readonly params: number | null;
  readonly tokens: number | null;
  /** Weights by target in the order of the fit's; undefined for the worst target. */
  readonly weights: readonly number[] | undefined;
  /** In the order of the domains; 0 and 1 where there are none. */
  readonly floors: readonly number[];
  readonly caps: readonly number[];
  /** Whether shares may go beyond the trained ones. */
  readonly isBeyond: boolean;
}

/** What an active constraint costs. */
export interface PriceView {
  /** "cap web ≤ 40 %". */
  readonly constraint: string;
  /** Which slider it is of; undefined for a constraint without one. */
  readonly slider: { readonly kind: "floor" | "cap"; readonly domain: number } | undefined;
  /** "one more percent gains 0.0021". */
  readonly words: string;
}

/**
 * What the report would show. What is as it was when it was sent last is null, so that the page
 * need not draw it again.
 */
export interface ReportChange {
  readonly chapters: readonly {
    readonly title: string;
    readonly sections: readonly (Section | null)[];
  }[];
  readonly sliders: NonNullable<ReportBody["sliders"]> | null | undefined;
}

export interface OptimumView {
  readonly optimum: Optimum;
  readonly prices: readonly PriceView[];
  readonly report: ReportChange;
}

/** Progress of any work of the worker. */
export interface WorkProgress extends Partial<Progress> {
  /** How much is done, from 0 to 1. */
  readonly fraction: number;
}

/** What the engine runs on. */
export interface Machine {
  readonly adapter: string | undefined;
  /** Workers for float64. */
  readonly threads: number;
}

/** How a caller follows and stops a call. */
export interface Following {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: WorkProgress) => void;
}

/** The worker, as the page calls it. It rejects with a `Refusal` where the input is wrong. */
export interface Workshop {
  machine(): Promise<Machine>;
  /** A file by its bytes: a table, or a fit file. */
  open(name: string, bytes: ArrayBuffer): Promise<TableView | FitView>;
  check(choice: Choice): Promise<CheckedView>;
  fit(choice: Choice, how: FitChoice, following: Following): Promise<FitView>;
  /** What the report shows of the fit, and of the last optimum, if there is one. */
  views(): Promise<ReportChange>;
  optimize(choice: OptimumChoice, following: Following): Promise<OptimumView>;
  /** Files to save, as texts. */
  fitFile(): Promise<string>;
  optimumFile(): Promise<string>;
  report(): Promise<string>;
}

export type MethodName = keyof Workshop;
