/** The straight way from the reference to the optimum: the objective and every loss along it. */
import { itemAt } from "../../../base/known.ts";
import { lawValue, type OfMixture, targetLosses } from "../../../mixture/goal/goal.ts";
import { gainOver } from "../../../mixture/certainty/gain.ts";
import { lossBands } from "../../../mixture/certainty/predicted-losses.ts";
import { replicateProblems, replicatesFor } from "../../../mixture/certainty/replicates.ts";
import { nearestTrained } from "../../../mixture/solver/reach.ts";
import type { WayData } from "../../../views/decision/way.ts";
import { isLacking, lacking, type Lacking } from "../../../views/kit/view.ts";
import { hasOwnReference } from "../../../words/phrases.ts";
import { type Decision, excessOf, sharesOf } from "./decision.ts";

/** Steps along the way. */
const STEPS = 12;
/** Nearer than this is the same mixture. */
const SAME = 1e-6;
/** A mixture breaks a constraint by rounding. */
const SLACK = 1e-9;

export function wayFacts(decision: Decision | Lacking): WayData | Lacking {
  if (isLacking(decision)) return decision;
  const { file, optimum, problem, h, isAsked } = decision;
  const from = sharesOf(problem, optimum.reference.weights);
  const distance = 0.5 * h.reduce((sum, x, i) => sum + Math.abs(x - itemAt(from, i)), 0);
  if (distance < SAME)
    return lacking("The optimum is the reference mixture: there is no way between them.");
  const mixtures = Array.from({ length: STEPS + 1 }, (_, n) =>
    h.map((x, i) => itemAt(from, i) + (n / STEPS) * (x - itemAt(from, i))),
  );
  const bands = optimum.prediction === null ? [] : lossBands(file, problem, mixtures, bandOptions(decision)); // prettier-ignore
  const excess = excessOf(problem);
  const trained = file.data.mixtures.map(({ weights }) => weights);
  const nearest = mixtures.map((mixture) => nearestTrained(mixture, trained)?.distance);
  return {
    from: hasOwnReference(optimum) ? "reference" : "uniform",
    distance,
    objective: optimum.robust === null ? objectiveAlong(decision, from, mixtures) : null,
    isRatio: optimum.goal === "worst",
    targets: targetLosses(problem).map(({ target, loss }) => {
      const band = bands.find((each) => each.target === target)?.band;
      return {
        target,
        values: Float64Array.from(mixtures, loss),
        low: band?.low ?? null,
        high: band?.high ?? null,
      };
    }),
    prediction: optimum.prediction && {
      of: optimum.prediction.of,
      level: optimum.prediction.level,
    },
    isForbidden: isAsked ? mixtures.map((mixture) => excess(mixture) > SLACK) : null,
    trained: nearest.every((each) => each !== undefined) ? Float64Array.from(nearest) : null,
  };
}

/** Intervals of the kind that the optimum file has. */
const bandOptions = ({ request, optimum }: Decision): Parameters<typeof lossBands>[3] => ({
  level: optimum.prediction?.level,
  interval: request.interval ?? "percentile",
  intervalOf: optimum.prediction?.of,
});

/**
 * The change of the objective from the reference's. Its interval is that of the gain in the optimum
 * file, at every step: the way of a replicate leads to the replicate's own optimum.
 */
function objectiveAlong(
  { file, optimum, problem, request }: Decision,
  from: Float64Array,
  mixtures: readonly Float64Array[],
): NonNullable<WayData["objective"]> {
  const value: OfMixture = (h) => lawValue(problem.goal, h);
  const start = value(from);
  const values = Float64Array.from(mixtures, (mixture) => value(mixture) - start);
  const { interval } = optimum;
  const stored = interval === null ? undefined : replicatesFor(file, problem.fits, request);
  if (interval === null || stored?.replicates.length !== interval.optima.length)
    return { values, low: null, high: null, level: null };
  const problemBy = replicateProblems(problem, stored.replicates.length);
  const replicates = stored.replicates.map((theta, b) => {
    const { moved, fitted } = problemBy(theta, b);
    const atStart = lawValue(moved.goal, from);
    const own: OfMixture = (h) => (h === from ? atStart : lawValue(moved.goal, h));
    return { end: itemAt(interval.optima, b), value: own, fitted };
  });
  const gains = mixtures.map((mixture, n) => {
    const along = replicates.map(({ end, ...by }) => ({
      h: from.map((x, i) => x + (n / STEPS) * (itemAt(end, i) - x)),
      ...by,
    }));
    return gainOver(from, mixture, value, along, interval.level, 0).interval;
  });
  return {
    values,
    low: Float64Array.from(gains, ([, high]) => -high),
    high: Float64Array.from(gains, ([low]) => -low),
    level: interval.level,
  };
}
