/** Which targets gain and lose when a domain gets more of the data. */
import { entryOf } from "../../../base/known.ts";
import { lawValue, type OfMixture, targetLosses } from "../../../mixture/goal/goal.ts";
import type { InteractionsData } from "../../../views/decision/interactions.ts";
import { isLacking, type Lacking } from "../../../views/kit/view.ts";
import type { Decision } from "./decision.ts";

/** So much of the data goes to the domain. */
const STEP = 0.01;

/** With `STEP` more of a domain, the others in proportion; null where it has nearly all. */
export function moreOf(h: Float64Array, i: number): Float64Array | null {
  const rest = 1 - (h[i] ?? 0);
  return rest <= STEP ? null : h.map((x, j) => (j === i ? x + STEP : x * (1 - STEP / rest)));
}

export function interactionsFacts(decision: Decision | Lacking): InteractionsData | Lacking {
  if (isLacking(decision)) return decision;
  const { optimum, problem, h } = decision;
  const { domains, goal } = problem;
  const effectsOf = (loss: OfMixture): (number | null)[] => {
    const here = loss(h);
    return domains.map((_, i) => {
      const moved = moreOf(h, i);
      const change = moved === null ? NaN : loss(moved) - here;
      return Number.isFinite(change) ? change : null;
    });
  };
  const losses = targetLosses(problem);
  const isOne = losses.length === 1 && optimum.goal !== "worst";
  return {
    step: STEP,
    domains: domains.map((domain, i) => ({
      domain,
      share: h[i] ?? 0,
      isDetermined: !Object.hasOwn(optimum.undetermined, domain),
    })),
    targets: losses.map(({ target, loss }) => ({
      target,
      effects: effectsOf(loss),
      gain: entryOf(optimum.reference.predicted, target) - entryOf(optimum.predicted, target),
    })),
    objective:
      isOne || optimum.robust !== null
        ? null
        : {
            effects: effectsOf((mixture) => lawValue(goal, mixture)),
            gain: optimum.reference.objective - optimum.objective,
            isRatio: optimum.goal === "worst",
          },
  };
}
