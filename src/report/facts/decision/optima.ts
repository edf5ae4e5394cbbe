/** Several optima side by side. */
import { ownOf } from "../../../base/known.ts";
import type { OptimaData } from "../../../views/decision/optima.ts";
import { goalWords, lawWords, scaleWords } from "../../../words/phrases.ts";
import type { NamedOptimum } from "../material.ts";

export function optimaFacts(optima: readonly NamedOptimum[]): OptimaData {
  const domains = [...new Set(optima.flatMap(({ optimum }) => Object.keys(optimum.weights)))];
  const largest = (domain: string): number =>
    Math.max(...optima.map(({ optimum }) => ownOf(optimum.weights, domain) ?? 0));
  return {
    domains: domains.toSorted((a, b) => largest(b) - largest(a)),
    optima: optima.map(({ name, optimum }) => ({
      name,
      shares: optimum.weights,
      undetermined: Object.keys(optimum.undetermined),
      scale: scaleWords(optimum.at),
      laws: lawWords(optimum.laws),
      goal: goalWords(optimum),
      objective: optimum.objective,
      gain: optimum.reference.objective - optimum.objective,
      binding: optimum.active.map(({ constraint }) => constraint),
    })),
  };
}
