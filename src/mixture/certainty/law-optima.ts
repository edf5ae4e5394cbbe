/** What every law of a fit file says of the mixture that each of them would choose. */
import { gain, loss, percent } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { listed } from "../../base/wording.ts";
import { AVERAGE, isAverage, lawWeights } from "../../fit/backtest/average-laws.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { proveConvex } from "../goal/convexity.ts";
import { lawsByTarget, lawValue } from "../goal/goal.ts";
import { ableFits } from "../problem/choose-fits.ts";
import { poseProblem, type Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { LawOptimum, OtherLaw } from "../request/optimum.ts";
import type { Polytope } from "../solver/polytope.ts";
import { cornersOf } from "../solver/starts.ts";
import { CERTIFIED, feasiblePieces, solvingPiece } from "../solver/solve.ts";

/** Mixtures with less than this share of the data in other domains are the same. */
const APART = 0.01;

/** More corners than this would take longer than the optimum itself. */
const MOST_CORNERS = 24;

/** A law, or the average of several, as a problem of its own. */
interface Judge {
  readonly law: string;
  readonly problem: Problem;
}

/**
 * For the law that chose the mixture, each other law and their average: the best mixture that
 * descents from the chosen one, the reference, the uniform one and the corners reach, and its
 * objective by each of them. What is allowed is the same for all: limits of losses are those that
 * the law which chose sets. Empty where there are no other laws. Yields between descents. Throws
 * AbortedError when the signal fires.
 *
 * @param others what the other laws say of the chosen mixture
 * @param h the chosen mixture
 */
export function* lawOptima(
  file: FitFile,
  problem: Problem,
  asked: OptimizeOptions,
  others: readonly OtherLaw[],
  h: Float64Array,
): Generator<undefined, LawOptimum[]> {
  const own = new Set(Object.values(lawsByTarget(problem.losses)));
  const [chosen] = own;
  if (others.length === 0 || chosen === undefined || own.size > 1) return [];
  const { robust: _, solver: __, candidates: ___, ...options } = asked;
  const judgeBy = (law: string, request: OptimizeOptions): Judge => ({
    law,
    problem: { ...poseProblem(file, request), region: problem.region },
  });
  const single = others.map(({ law }) => judgeBy(law, { ...options, law }));
  // By a robust goal the chosen law has another objective than its own.
  const laws = [judgeBy(chosen, options), ...single];
  const isAveraged = chosen !== AVERAGE && hasAverage(file, laws);
  const average = isAveraged ? [judgeBy(AVERAGE, { ...options, law: AVERAGE })] : [];
  const judges = [...laws, ...average];
  const choices: (Judge & { readonly best: Float64Array })[] = [];
  for (const [n, judge] of judges.entries())
    choices.push({ ...judge, best: n === 0 ? h : yield* bestBy(judge.problem, h, options) });
  // A law may have no loss where another is best; without the law that chose there is no table.
  const able = choices.filter((judge) =>
    choices.every(({ best }) => Number.isFinite(lawValue(judge.problem.goal, best))),
  );
  if (able.length < 2 || able[0]?.law !== chosen) return [];
  return able.map(({ law, problem: posed, best }): LawOptimum => {
    return {
      law,
      weights: byNames(posed.domains.map((domain, i) => [domain, itemAt(best, i)])),
      distance: 0.5 * best.reduce((sum, x, i) => sum + Math.abs(x - itemAt(h, i)), 0),
      objectives: byNames(able.map((judge) => [judge.law, lawValue(judge.problem.goal, best)])),
    };
  });
}

/** The best mixture that is reached; the chosen one where none is better. */
function* bestBy(
  problem: Problem,
  h: Float64Array,
  options: OptimizeOptions,
): Generator<undefined, Float64Array> {
  const starts = [h, problem.reference, problem.uniform];
  const valueOf = (mixture: Float64Array): number => lawValue(problem.goal, mixture);
  let best = h;
  for (const piece of feasiblePieces(problem.region)) {
    const from = [...starts, ...cornersFor(problem, piece)];
    const reached = yield* solvingPiece(problem, piece, from, options);
    if (reached.violation <= CERTIFIED.feasibility && valueOf(reached.h) < valueOf(best))
      best = reached.h;
  }
  return best;
}

/** Where convexity is not proved, and there are few. */
function cornersFor(problem: Problem, polytope: Polytope): readonly Float64Array[] {
  const isFar = problem.domains.length > MOST_CORNERS;
  return isFar || proveConvex(problem).stationaryIsGlobal ? [] : cornersOf(polytope);
}

/** Whether back-tests weigh several laws, all of which are among those that can judge. */
function hasAverage(file: FitFile, judges: readonly Judge[]): boolean {
  const weighed = [...(lawWeights(ableFits(file)) ?? [])].filter(([, weight]) => weight > 0);
  const isAble = (law: string): boolean => judges.some((judge) => judge.law === law);
  return isAverage(file, AVERAGE) && weighed.length > 1 && weighed.every(([law]) => isAble(law));
}

/** What a mixture loses by the law that chose: less than nothing after rounding, or robustly. */
const compared = (lost: number): string =>
  lost < 0 ? `${gain(-lost)} better` : `${gain(lost)} worse`;

/** That other laws would choose otherwise, and what each choice is worth by the other. */
export function lawOptimaFindings(optima: readonly LawOptimum[]): Finding[] {
  const [chosen, ...others] = optima;
  const otherwise = others.filter(({ distance }) => distance > APART);
  if (chosen === undefined || otherwise.length === 0) return [];
  const each = otherwise.map(({ law, distance, objectives }) => {
    const own = (chosen.objectives[law] ?? NaN) - (objectives[law] ?? NaN);
    const lost = (objectives[chosen.law] ?? NaN) - (chosen.objectives[chosen.law] ?? NaN);
    return `${law} ${percent(distance, 2)} (by itself ${gain(own)} better, at ${loss(objectives[law] ?? NaN)}; by ${chosen.law} ${compared(lost)})`;
  });
  return [
    finding(
      "laws-choose-otherwise",
      `the best mixtures by other laws have this share of the data in other domains than this one: ${listed(each)}`,
      otherwise.map(({ law }) => law),
    ),
  ];
}
