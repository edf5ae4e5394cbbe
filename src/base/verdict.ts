/** Verdicts: what may be said of a fit or an optimum, decided once, with the reasons as data. */
import type { Claim } from "./claims.ts";

/** One thing that was found. */
export interface Finding {
  /** Which claim it is: a row of docs/claims.md. */
  readonly code: Claim;
  /** For people. Options are named as the library names them. */
  readonly sentence: string;
  /** The parameters, domains, targets that it is about, where it is about some. */
  readonly about?: readonly string[];
}

/** A status and the findings that it follows from. */
export interface Verdict<Status extends string> {
  /** What it comes to. */
  readonly status: Status;
  /** What it follows from, in the order in which it is printed. */
  readonly findings: readonly Finding[];
}

/** @example finding("not-converged", "the polish did not converge") */
export const finding = (code: Claim, sentence: string, about?: readonly string[]): Finding => ({
  code,
  sentence,
  ...(about === undefined ? {} : { about }),
});

/** The sentences of a verdict. */
export const sentencesOf = ({ findings }: Verdict<string>): string[] =>
  findings.map(({ sentence }) => sentence);
