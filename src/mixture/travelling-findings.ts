/** What bears on an optimum beside how it was found: of its fits, their runs, and other laws. */
import { paced } from "../base/pauses.ts";
import type { Finding } from "../base/verdict.ts";
import { chosenFindings } from "../fit/backtest/choose-law.ts";
import { bearingFindings, sizeFindings } from "../fit/bearing-findings.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { FAR } from "./request/optimize-options.ts";
import { averagedIn, averageFindings } from "./goal/goal.ts";
import { judgeOf } from "./judge.ts";
import { lawOptima, lawOptimaFindings } from "./certainty/law-optima.ts";
import { optimismFindings, otherLawFindings, otherLaws } from "./other-laws.ts";
import type { Problem } from "./problem/pose-problem.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import type { Optimum } from "./request/optimum.ts";
import { leftOutFindings, sharesTold } from "./shares-told.ts";

/** What is said, and the data that it is said of. */
export interface Travelling extends Pick<Optimum, "undetermined" | "otherLaws" | "lawOptima"> {
  readonly findings: readonly Finding[];
}

interface Chosen extends Pick<Optimum, "objective" | "interval"> {
  readonly h: Float64Array;
  /** Whether the best mixtures by other laws, which have to be sought, are left out. */
  readonly isBrief?: boolean;
}

/**
 * Throws AbortedError when the signal fires.
 * @param chosen the mixture that is recommended, with what was found of it
 */
export async function travellingFindings(
  file: FitFile,
  options: OptimizeOptions,
  problem: Problem,
  chosen: Chosen,
): Promise<Travelling> {
  const { h, objective, interval, isBrief = false } = chosen;
  const told = sharesTold(file, problem, h);
  const others = otherLaws(file, problem, options, h);
  const optima = isBrief
    ? []
    : await paced(lawOptima(file, problem, options, others, h), options.signal);
  const uniform = judgeOf(problem)(problem.uniform);
  const isAveraged = averagedIn(problem.losses).average !== undefined;
  const isAsked = (count: number | undefined): boolean => count !== undefined && count < FAR;
  const asked = { params: isAsked(options.params), tokens: isAsked(options.tokens) };
  return {
    undetermined: told.undetermined,
    otherLaws: others,
    ...(optima.length === 0 ? {} : { lawOptima: optima }),
    findings: [
      ...told.findings,
      ...leftOutFindings(problem, h),
      ...(options.law === undefined ? chosenFindings(file) : []),
      ...averageFindings(problem.losses),
      ...bearingFindings(file, problem.fits, "optimum"),
      ...sizeFindings(file, problem.fits, asked),
      ...otherLawFindings(others, { objective, uniform }, isAveraged),
      ...lawOptimaFindings(optima),
      ...optimismFindings({ interval }),
    ],
  };
}
