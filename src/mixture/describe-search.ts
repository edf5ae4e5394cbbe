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
import { CLOSE } from "./bound/bound-piece.ts";
import { isCertified } from "./solver/solve.ts";

/** So many local optima are told of. */
const TOLD = 8;

/** How the optimum was found, as data. */
export function searchOf(problem: Problem, search: Search): Optimum["search"] {
  const { domains, goal } = problem;
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
    proof: proofOf(problem, search),
    lowerBound: search.lowerBound ?? null,
    reasons: convexity.reasons,
    descents: pieces.reduce((sum, { descents }) => sum + descents, 0),
    found: optima.length,
    optima: optima.slice(0, TOLD),
  };
}

/** What proves that no allowed mixture is better. */
function proofOf({ goal }: Problem, search: Search): Optimum["search"]["proof"] {
  const { convexity, lowerBound = -Infinity, best } = search;
  if (convexity.stationaryIsGlobal) return "convex";
  const value = lawValue(goal, best.solution.h);
  // The bound is sought up to CLOSE; what is compared rounds.
  if (!Number.isFinite(value)) return null;
  return value - lowerBound <= 1.01 * CLOSE * Math.abs(value) ? "bound" : null;
}

/** Replicates in another basin: from this share on that is what is to be said of them. */
const FEW = 0.05;

/** The finding that the bootstrap's replicates lead to other basins. */
export function basinFindings(interval: Optimum["interval"]): Finding[] {
  const { share = 0, distance = null } = interval?.otherBasin ?? {};
  if (share <= FEW) return [];
  return [
    finding(
      "replicates-change-basin",
      `in ${percent(share, 2)} of the bootstrap's replicates the best mixture lies in another basin, in the middle case with ${percent(distance ?? 0, 2)} of the data in other domains: the runs do not tell which is best, and intervals of shares run over both`,
    ),
  ];
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
    ...tied(told),
    ...(told.proof === null ? [finding("best-of-local-optima", bestOfSeveral(told))] : []),
  ];
}

/** Other local optima as good as the best, to this share of the objective, and this far away. */
const TIED = { objective: 1e-9, distance: 0.01 } as const;

function tied({ optima }: Optimum["search"]): Finding[] {
  const [best, ...others] = optima;
  if (best === undefined) return [];
  const limit = best.objective + TIED.objective * Math.abs(best.objective);
  const equal = others.filter(
    ({ objective, distance }) => objective <= limit && distance > TIED.distance,
  );
  const [next] = equal;
  if (next === undefined) return [];
  return [
    finding(
      "tied-optima",
      `${equal.length} other local ${equal.length === 1 ? "optimum is" : "optima are"} as good: one has ${percent(next.distance, 2)} of the data in other domains`,
    ),
  ];
}

function notCertified({ best }: Search): string {
  if (!Number.isFinite(best.solution.value))
    return "the optimum is not certified: its predicted loss is not a finite number";
  if ((best.curvature ?? 0) < 0)
    return "the optimum is not certified: there is a direction along which the loss curves downwards";
  return "the optimum is not certified: its residuals are above their limits";
}

function bestOfSeveral({ descents, found, optima, lowerBound }: Optimum["search"]): string {
  const [best, next] = optima;
  const many = `${descents} ${plural(descents, "descent")}`;
  const seen =
    best === undefined || next === undefined
      ? `all of ${many} that were followed to the end lead here`
      : `it is the best of ${found} local optima, from ${many}; the next best is ${number(next.objective - best.objective, 2)} worse and has ${percent(next.distance, 2)} of the data in other domains`;
  const limit =
    best === undefined || lowerBound === null || !Number.isFinite(lowerBound)
      ? ""
      : `; none can be better by more than ${number(best.objective - lowerBound, 2)}`;
  return `no proof that no mixture is better: ${seen}${limit}`;
}
