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

/** A goal, and how many laws are evaluated for its value. */
export type LawGoal = Goal & { readonly laws: number };

/** Σ weight·L_t at (N, D). */
export function meanGoal(losses: readonly TargetLoss[], at: Scale, domains: number): LawGoal {
  const terms: Term[] = losses.map(({ fitted, weight }) => ({ fitted, weight }));
  return { kind: "mean", laws: terms.length, objective: surface(terms, at, domains) };
}

/** max_t L_t(h)/L_t(reference) over the targets with a weight. */
export function worstGoal(
  losses: readonly TargetLoss[],
  at: Scale,
  domains: number,
  reference: Float64Array,
): LawGoal {
  return {
    kind: "worst",
    laws: losses.length,
    parts: losses.map(({ fitted }) => {
      const base = surface([{ fitted, weight: 1 }], at, domains).value(reference);
      return surface([{ fitted, weight: 1 / base }], at, domains);
    }),
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
