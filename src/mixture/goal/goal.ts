/**
 * What a mixture is chosen for: a weighted sum of losses, or the worst of several relative to a
 * reference.
 */
import { type Fitted, type Scale, type Surface, surface, type Term } from "./surface.ts";

export interface TargetLoss {
  readonly target: string;
  readonly law: string;
  readonly fitted: Fitted;
  /** Its share of the objective; weights sum to 1. */
  readonly weight: number;
}

export type Goal =
  | { readonly kind: "mean"; readonly objective: Surface }
  /** max_t parts[t](h): each part is a loss divided by its value at the reference. */
  | { readonly kind: "worst"; readonly parts: readonly Surface[] };

/** A goal with the laws that it is made of. */
export type LawGoal = Goal & {
  /** How many laws are evaluated for its value. */
  readonly laws: number;
  /**
   * The objective is the sum of weight·L of these, and each part of a worst-of goal is one of them;
   * undefined where it is nothing of the kind (a quantile over replicates).
   */
  readonly terms: readonly Term[] | undefined;
};

/** Σ weight·L_t at (N, D). */
export function meanGoal(losses: readonly TargetLoss[], at: Scale, domains: number): LawGoal {
  const terms: Term[] = losses.map(({ fitted, weight }) => ({ fitted, weight }));
  return { kind: "mean", laws: terms.length, objective: surface(terms, at, domains), terms };
}

/** max_t L_t(h)/L_t(reference) over the targets with a weight. */
export function worstGoal(
  losses: readonly TargetLoss[],
  at: Scale,
  domains: number,
  reference: Float64Array,
): LawGoal {
  const terms = losses.map(({ fitted }): Term => {
    const base = surface([{ fitted, weight: 1 }], at, domains).value(reference);
    return { fitted, weight: 1 / base };
  });
  return {
    kind: "worst",
    laws: terms.length,
    parts: terms.map((term) => surface([term], at, domains)),
    terms,
  };
}

/** The goal's value at h. */
export const goalValue = (goal: Goal, h: Float64Array): number =>
  goal.kind === "mean" ? goal.objective.value(h) : Math.max(...goal.parts.map((p) => p.value(h)));

/**
 * The same by the laws themselves, without the tangents below a part per million: what is reported.
 */
export const lawValue = (goal: Goal, h: Float64Array): number =>
  goal.kind === "mean" ? goal.objective.law(h) : Math.max(...goal.parts.map((p) => p.law(h)));
