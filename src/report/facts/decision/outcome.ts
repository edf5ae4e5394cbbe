/** What the optimum promises: its losses beside those of the reference and uniform mixtures. */
import { entryOf, ownOf } from "../../../base/known.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { Gain } from "../../../mixture/request/optimum-interval.ts";
import type { OutcomeData } from "../../../views/decision/outcome.ts";
import { goalWords, hasOwnReference, scaleWords } from "../../../words/phrases.ts";

export function outcomeFacts(optimum: Optimum): OutcomeData {
  const { predicted, prediction, reference, uniform, interval, goal } = optimum;
  const compared = hasOwnReference(optimum)
    ? (["reference", "uniform"] as const)
    : (["uniform"] as const);
  return {
    rows: Object.entries(predicted).map(([target, loss]) => ({
      target,
      optimum: loss,
      reference: entryOf(reference.predicted, target),
      uniform: entryOf(uniform.predicted, target),
      interval: ownOf(prediction?.losses, target) ?? null,
    })),
    objective: optimum.objective,
    goal: goalWords(optimum),
    isRatio: goal === "worst",
    scale: scaleWords(optimum.at),
    prediction: prediction && {
      of: prediction.of,
      level: prediction.level,
      isBeyond: prediction.distance > 0,
    },
    gains: compared.map((over) => ({
      over,
      isUniform: over === "uniform" && compared.length === 1,
      objective: optimum[over].objective,
      estimate: optimum[over].objective - optimum.objective,
      corrected: correctedOf(interval?.gain[over]),
    })),
    level: interval?.level ?? null,
  };
}

/** The gain with what it loses because the law chose it. */
const correctedOf = (gain: Gain | undefined): OutcomeData["gains"][number]["corrected"] =>
  gain === undefined
    ? null
    : { value: gain.corrected, low: gain.interval[0], high: gain.interval[1] };
