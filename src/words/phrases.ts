/** Numbers and names of an optimum, in words. */
import { entryOf, firstOf } from "../base/known.ts";
import { listed } from "../base/wording.ts";
import { AVERAGE } from "../fit/backtest/average-laws.ts";
import type { Optimum, Violation } from "../mixture/request/optimum.ts";
import { compact, number, significant } from "../base/format-number.ts";

/** A small difference of losses, in a sentence. */
export const small = (x: number): string => number(x, 2);

/** The constraints that a mixture breaks, and by how much; null where it breaks none. */
export const brokenConstraints = (violated: readonly Violation[]): string | null =>
  violated.length === 0
    ? null
    : listed(violated.map(({ constraint, by }) => `${constraint} (by ${significant(by, 3)})`));

/** Tokens a parameter. */
export const perParam = (ratio: number): string => significant(ratio, 3);

/** The objective in words. */
export function goalWords({
  goal,
  predicted,
  robust,
}: Pick<Optimum, "goal" | "predicted" | "robust">): string {
  if (robust !== null) {
    const over = robust === "mean" ? "the mean" : `the ${robust.slice(1)} % quantile`;
    return `${over}, over the bootstrap's replicates, of ${goalWords({ goal, predicted, robust: null })}`;
  }
  if (goal === "worst")
    return `the worst of ${listed(Object.keys(predicted))}, relative to the reference mixture`;
  const weights = Object.entries(goal).filter(([, weight]) => weight !== 0);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  const names = weights.map(([target]) => target);
  if (names.length === 1) return names.join();
  const equal = weights.every(([, weight]) => Math.abs(weight / firstOf(weights)[1] - 1) < 1e-9);
  if (equal) return `the mean of ${listed(names)}`;
  return weights.map(([target, weight]) => `${number(weight / sum, 3)} × ${target}`).join(" + ");
}

/** "additive law", "average of laws", or "joint (loss_a), additive (loss_b)". */
export function lawWords(laws: Optimum["laws"]): string {
  const names = [...new Set(Object.values(laws))];
  const targetsOf = (name: string): string[] =>
    Object.keys(laws).filter((target) => laws[target] === name);
  if (names.length === 1) return names[0] === AVERAGE ? "average of laws" : `${names[0]} law`;
  return names.map((name) => `${name} (${listed(targetsOf(name))})`).join(", ");
}

/** "N 7B, D 150B (21 tokens per parameter)". */
export function scaleWords({ params, tokens }: Optimum["at"]): string {
  const parts = [
    ...(params === null ? [] : [`N ${compact(params)}`]),
    ...(tokens === null ? [] : [`D ${compact(tokens)}`]),
  ];
  if (parts.length === 0) return "";
  const ratio =
    params === null || tokens === null
      ? ""
      : ` (${perParam(tokens / params)} tokens per parameter)`;
  return `at ${parts.join(", ")}${ratio}`;
}

/** Whether the reference is a mixture of its own, and not the uniform one. */
export const hasOwnReference = ({ reference, uniform }: Optimum): boolean =>
  Object.entries(reference.weights).some(
    ([domain, share]) => Math.abs(share - entryOf(uniform.weights, domain)) > 1e-12,
  );
