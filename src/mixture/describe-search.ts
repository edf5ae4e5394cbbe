/** What is said of how an optimum was found: proof or best of several, and what was not met. */
import { itemAt } from "../base/known.ts";
import { number, percent } from "../base/format-number.ts";
import { option } from "../base/option-text.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { plural } from "../base/wording.ts";
import { lawValue } from "./goal/goal.ts";
import type { Problem } from "./problem/pose-problem.ts";
import type { LocalOptimum, Optimum } from "./request/optimum.ts";
import { drawnIn, type Search } from "./search-mixtures.ts";
import { isCertified } from "./solver/solve.ts";

/** So many local optima are told of. */
const TOLD = 8;

/** How the optimum was found, as data. */
export function searchOf({ domains, goal }: Problem, search: Search): Optimum["search"] {
  const { convexity, pieces, best } = search;
  const here = best.solution.h;
  const optima = pieces
    .flatMap((piece) => piece.optima)
    .map(({ solution: { h }, descents }): LocalOptimum => ({
      weights: Object.fromEntries(domains.map((domain, i) => [domain, itemAt(h, i)])),
      objective: lawValue(goal, h),
      distance: 0.5 * h.reduce((sum, x, i) => sum + Math.abs(x - itemAt(here, i)), 0),
      descents,
    }))
    .toSorted((a, b) => (a.distance === 0 ? -1 : b.distance === 0 ? 1 : a.objective - b.objective));
  return {
    proof: convexity.convex ? "convex" : null,
    reasons: convexity.reasons,
    descents: pieces.reduce((sum, { descents }) => sum + descents, 0),
    found: optima.length,
    optima: optima.slice(0, TOLD),
  };
}

/** What is wrong with the optimum as one, or not known of it. */
export function searchFindings(
  { goal }: Problem,
  search: Search,
  told: Optimum["search"],
): Finding[] {
  const { best, pieces } = search;
  const objective = lawValue(goal, best.solution.h);
  const random = drawnIn(pieces)?.best ?? Infinity;
  return [
    ...(isCertified(best) ? [] : [finding("not-certified", notCertified(search))]),
    ...(random < objective - 1e-9 * Math.abs(objective)
      ? [
          finding(
            "random-mixture-better",
            `a random mixture is better, by ${number(objective - random, 2)}: the solver ended in a local optimum; try more ${option("samples")}`,
          ),
        ]
      : []),
    ...(told.proof === null ? [finding("best-of-local-optima", bestOfSeveral(told))] : []),
  ];
}

function notCertified({ best }: Search): string {
  if (!Number.isFinite(best.solution.value))
    return "the optimum is not certified: its predicted loss is not a finite number";
  if ((best.curvature ?? 0) < 0)
    return "the optimum is not certified: there is a direction along which the loss curves downwards";
  return "the optimum is not certified: its residuals are above their limits";
}

function bestOfSeveral({ descents, found, optima }: Optimum["search"]): string {
  const [best, next] = optima;
  const many = `${descents} ${plural(descents, "descent")}`;
  if (best === undefined || next === undefined)
    return `no proof that no mixture is better: the goal is not known to be convex; all of ${many} that were followed to the end lead here`;
  return `no proof that no mixture is better: it is the best of ${found} local optima, from ${many}; the next best is ${number(next.objective - best.objective, 2)} worse and has ${percent(next.distance)} of the data in other domains`;
}
