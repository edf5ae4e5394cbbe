/** How N and D grow with compute around an optimum that chose them. */
import { entryOf } from "../base/known.ts";
import { given } from "../base/objects.ts";
import { sentencesOf } from "../base/verdict.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import type { PathRow } from "./at-scale.ts";
import { poseProblem } from "./problem/pose-problem.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import { exponentFindings } from "./scaling/exponent-findings.ts";
import { scalingExponents } from "./scaling/scaling-exponents.ts";

/**
 * The row with the exponents of the best N and D at its mixture, and what is to be said of them.
 * The row as it is for a worst loss, a robust goal, and where it has no N or D.
 *
 * @param row what `optimizeCompute` found by the same options
 * @throws InputError for options that do not match the file.
 * @example withExponents(file, await optimizeCompute(file, solve, {}, 1e21), {}).optimum.exponents
 */
export function withExponents(file: FitFile, row: PathRow, options: OptimizeOptions): PathRow {
  const { params, tokens, optimum } = row;
  const { robust, objective, level, intervals } = options;
  if (robust !== undefined || objective === "worst" || params === null || tokens === null)
    return row;
  // N and D that follow from a compute are what they are.
  const problem = poseProblem(file, { ...options, params, tokens, units: "absolute" });
  const { losses, at, domains } = problem;
  const weights = Float64Array.from(domains, (domain) => entryOf(optimum.weights, domain));
  const point = { flops: 6 * params * tokens, inputs: at.inputs ?? {}, weights };
  const exponents = scalingExponents(file, losses, point, given({ level, intervals }));
  const { status, findings } = optimum.verdict;
  const verdict = { status, findings: [...findings, ...exponentFindings(file, losses, exponents)] };
  return { ...row, optimum: { ...optimum, exponents, verdict, warnings: sentencesOf(verdict) } };
}
