/** What the sliders of a report work on: plain data, as the report's file has it. */
import type { Finding } from "../../base/verdict.ts";
import type { Extent, FitFile } from "../../fit/result/fit-file.ts";
import type { ShareGap } from "../../fit/result/known-shares.ts";
import type { Objective } from "../../mixture/request/optimize-options.ts";

/** A run that could be made. */
export interface Point {
  /** N as "params", D as "tokens", and other inputs of the laws, by name. */
  readonly inputs: Readonly<Record<string, number>>;
  /** In the order of the fit file's domains; they sum to 1. */
  readonly shares: readonly number[];
}

/** A mixture to start from or to compare with. */
export interface NamedMixture {
  readonly name: string;
  readonly shares: readonly number[];
}

/** An input of the laws, as a slider. */
export interface InputRange {
  readonly name: string;
  /** "N", "D", or the input's name. */
  readonly symbol: string;
  /** What it is, for people. */
  readonly meaning: string;
  /** Where the slider ends. */
  readonly range: Extent;
  /** What the runs had; null where the fit file does not say. */
  readonly trained: Extent | null;
  /** Whether the slider moves in ratios. */
  readonly isLog: boolean;
  /** What values may be typed. */
  readonly values: "positive" | "nonnegative" | "any";
}

/** Which law predicts each target, and what is to be known of that. */
export interface LawChoice {
  readonly label: string;
  /** By target. */
  readonly laws: Readonly<Record<string, string>>;
  /** The inputs that these laws read, by name, and whether they read the shares. */
  readonly inputs: readonly string[];
  readonly usesShares: boolean;
  /** What the intervals are, in a sentence. */
  readonly intervals: string;
  /** Of the fits, at whatever point. */
  readonly findings: readonly Finding[];
}

/** What is minimized. */
export interface Goal {
  readonly objective: Objective;
  /** "the mean of loss_web and loss_code". */
  readonly words: string;
  /** The mixture that "worst" is relative to. */
  readonly reference: readonly number[];
}

export interface WhatIf {
  /** The fit file with what predictions need of it. */
  readonly file: FitFile;
  /** The first one is shown first. */
  readonly choices: readonly LawChoice[];
  readonly inputs: readonly InputRange[];
  /** The point that is shown first. */
  readonly start: Point;
  /** Mixtures to start from; the first ones are those that points are compared with. */
  readonly mixtures: readonly NamedMixture[];
  /** How many of the mixtures are compared with. */
  readonly compared: number;
  /** How many of them have a name of their own; the others were trained. */
  readonly named: number;
  readonly goal: Goal;
  /** What the runs' mixtures do not tell. */
  readonly gaps: readonly ShareGap[];
}
