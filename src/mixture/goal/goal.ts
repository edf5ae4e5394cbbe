/**
 * What a mixture is chosen for: a weighted sum of losses, or the worst of several relative to a
 * reference.
 */
import { firstOf, itemAt } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { AVERAGE, averageWords } from "../../fit/backtest/average-laws.ts";
import { type Fitted, type Scale, type Surface, surface, type Term } from "./surface.ts";

export interface TargetLoss {
  readonly target: string;
  readonly law: string;
  readonly fitted: Fitted;
  /** Its share of the objective; weights sum to 1. */
  readonly weight: number;
  /**
   * The law's part of the average that predicts the target: those of a target sum to 1. Undefined
   * where one law predicts it.
   */
  readonly part?: number | undefined;
}

/** A target's loss: of one law, or of several in their parts. */
export interface PredictedTarget {
  readonly target: string;
  /** The law's name, or "average". */
  readonly law: string;
  /** The target's share of the objective. */
  readonly weight: number;
  /** Their weights sum to 1. */
  readonly terms: readonly Term[];
}

/** Losses by target, in the order in which targets come first. */
export function byTarget(losses: readonly TargetLoss[]): PredictedTarget[] {
  const targets = [...new Set(losses.map(({ target }) => target))];
  return targets.map((target): PredictedTarget => {
    const own = losses.filter((loss) => loss.target === target);
    return {
      target,
      law: own.every(({ part }) => part === undefined) ? firstOf(own).law : AVERAGE,
      weight: own.reduce((sum, { weight }) => sum + weight, 0),
      terms: own.map(({ fitted, part = 1 }) => ({ fitted, weight: part })),
    };
  });
}

/** The losses of a problem, over how many domains, and where. */
interface Posed {
  readonly losses: readonly TargetLoss[];
  readonly domains: readonly string[];
  readonly at: Scale;
}

/** A function of a mixture. */
export type OfMixture = (h: Float64Array) => number;

/** Each target's predicted loss as a function of the mixture, at the problem's scale or another. */
export const targetLosses = (
  { losses, domains, at }: Posed,
  scale: Scale = at,
): { readonly target: string; readonly loss: OfMixture }[] =>
  byTarget(losses).map(({ target, terms }) => ({
    target,
    loss: surface(terms, scale, domains.length).law,
  }));

/** By target, the name of the law that predicts it, or "average". */
export const lawsByTarget = (losses: readonly TargetLoss[]): Record<string, string> =>
  byNames(byTarget(losses).map(({ target, law }) => [target, law]));

/** The parts of the laws of an average, by name; of losses that single laws predict, nothing. */
export function averagedIn(losses: readonly TargetLoss[]): {
  readonly average?: Readonly<Record<string, number>>;
} {
  const parts = losses.flatMap(({ law, part }) => (part === undefined ? [] : [[law, part] as const])); // prettier-ignore
  return parts.length === 0 ? {} : { average: byNames(parts) };
}

/** Which laws an average is of, and how it weighs them. */
export function averageFindings(losses: readonly TargetLoss[]): Finding[] {
  const { average } = averagedIn(losses);
  if (average === undefined) return [];
  const words = averageWords(new Map(Object.entries(average)));
  return [finding("laws-averaged", `losses are predicted by an ${words}`, Object.keys(average))];
}

/** The losses with other coordinates of their laws, in the order of the losses. */
export const refitted = (
  losses: readonly TargetLoss[],
  thetas: readonly ArrayLike<number>[],
): TargetLoss[] =>
  losses.map((loss, t) => ({ ...loss, fitted: { ...loss.fitted, theta: itemAt(thetas, t) } }));

/**
 * The losses by one law in place of an average that it is part of; targets that one law predicts
 * stay as they are, and all do where no law is given.
 */
export const byLawAlone = (losses: readonly TargetLoss[], law: string | undefined): TargetLoss[] =>
  losses.flatMap((loss) => {
    if (law === undefined || loss.part === undefined) return [loss];
    return loss.law === law ? [{ ...loss, weight: loss.weight / loss.part, part: 1 }] : [];
  });

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
    parts: byTarget(losses).map(({ terms }) => {
      const base = surface(terms, at, domains).value(reference);
      const relative = terms.map(({ fitted, weight }) => ({ fitted, weight: weight / base }));
      return surface(relative, at, domains);
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
