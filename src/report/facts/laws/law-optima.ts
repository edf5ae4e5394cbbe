/**
 * What the laws of a file say of a decision: each law's prediction for the mixture that was chosen,
 * and each law's own best mixture with what every other law says of it.
 */
import { InputError } from "../../../base/errors.ts";
import { firstOf, ownOf } from "../../../base/known.ts";
import { predictedLosses } from "../../../mixture/certainty/predicted-losses.ts";
import { judgeOf } from "../../../mixture/judge.ts";
import { optimizeBriefly } from "../../../mixture/optimize.ts";
import { poseProblem, type Problem } from "../../../mixture/problem/pose-problem.ts";
import type { OptimizeOptions } from "../../../mixture/request/optimize-options.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { LawOptimaData } from "../../../views/laws/law-optima.ts";
import type { LawPredictionsData } from "../../../views/laws/law-predictions.ts";
import { isLacking, type Lacking, lacking } from "../../../views/kit/view.ts";
import { hasOwnReference } from "../../../words/phrases.ts";
import { type Decision, sharesOf } from "../decision/decision.ts";

/** A law with the problem that it poses. */
interface LawProblem {
  readonly name: string;
  readonly law: NonNullable<OptimizeOptions["law"]>;
  readonly problem: Problem;
}

/** Random mixtures that the search for a law's own optimum starts from. */
const SAMPLES = 1024;

const ONE_LAW = lacking(
  "The fit file has one law that can answer this request, so there is nothing to compare. Fit several: mixlaw fit --law simple,additive,joint.",
);

/** What the decision's law is called: its name, or "chosen" where targets have several. */
const nameOf = ({ laws }: Optimum): string => {
  const names = [...new Set(Object.values(laws))];
  return names.length === 1 ? firstOf(names) : "chosen";
};

/** The laws that can answer the request, the one that chose the mixture first. */
function lawsOf({ file, optimum, request, problem }: Decision): LawProblem[] {
  const own = { name: nameOf(optimum), law: optimum.laws, problem };
  const names = [...new Set(file.fits.map(({ law }) => law))].filter((name) => name !== own.name);
  const others = names.flatMap((name): LawProblem[] => {
    try {
      const posed = poseProblem(file, { ...request, law: name });
      const hasMixture = posed.losses.every(({ fitted }) => fitted.law.law.uses.weights);
      return hasMixture ? [{ name, law: name, problem: posed }] : [];
    } catch (error) {
      // A law that asks for more than the request says, or has no fit of a target, has no say.
      if (error instanceof InputError) return [];
      throw error;
    }
  });
  return [own, ...others];
}

/** Each law's predictions for the mixture that was chosen, at the run that is planned. */
export function lawPredictionsFacts(decision: Decision | Lacking): LawPredictionsData | Lacking {
  if (isLacking(decision)) return decision;
  const { file, request, h } = decision;
  const laws = lawsOf(decision);
  const options = { ...request, intervals: true };
  const each = laws.map(({ name, law, problem }) => {
    const { prediction } = predictedLosses(file, { ...options, law }, problem, h, false);
    const { predicted } = judgeOf(problem)(h);
    const rows = Object.entries(predicted).map(([target, loss]) => ({
      law: name,
      target,
      loss,
      interval: ownOf(prediction?.losses, target) ?? null,
    }));
    return { prediction, rows };
  });
  const [made] = each.flatMap(({ prediction }) => prediction ?? []);
  return {
    laws: laws.map(({ name }) => name),
    rows: each.flatMap(({ rows }) => rows),
    intervals: made === undefined ? null : { of: made.of, level: made.level },
  };
}

/** Every law's own optimum under the same request, judged by every law. */
export async function lawOptimaFacts(
  decision: Decision | Lacking,
): Promise<LawOptimaData | Lacking> {
  if (isLacking(decision)) return decision;
  const { file, optimum, request, isAsked } = decision;
  if (!isAsked)
    return lacking(
      "The optimum file does not say what was asked for, so other laws cannot be asked the same. Choose the mixture again with mixlaw optimize.",
    );
  const laws = lawsOf(decision);
  if (laws.length < 2) return ONE_LAW;
  const { robust: _, candidates: __, ...plain } = request;
  const optima: { law: string; weights: Optimum["weights"]; isProved: boolean }[] = [];
  for (const { name, law } of laws) {
    const options = { ...plain, law, intervals: false, samples: SAMPLES };
    // What was chosen is shown as it was; the others are searched for one after the other.
    const best = name === firstOf(laws).name ? optimum : await optimizeBriefly(file, options);
    optima.push({ law: name, weights: best.weights, isProved: best.verdict.status === "global" });
  }
  const against = hasOwnReference(optimum) ? "reference" : "uniform";
  const judges = laws.map(({ problem }) => {
    const judge = judgeOf(problem);
    const objectiveOf = (weights: Optimum["weights"]): number =>
      judge(sharesOf(problem, weights)).objective;
    return { objectiveOf, base: objectiveOf(optimum[against].weights) };
  });
  return {
    optima,
    against,
    objectives: optima.map(({ weights }) => judges.map(({ objectiveOf }) => objectiveOf(weights))),
    base: judges.map(({ base }) => base),
  };
}
