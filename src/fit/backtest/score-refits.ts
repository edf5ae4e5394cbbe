/** Refits to prefixes of a ladder scored at the levels above, in whichever thread is free. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { bindRecipe, type LawRecipe } from "../../laws/catalog/law-recipe.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { ResidualKind } from "../../options/fit-options.ts";
import type { Backtest } from "../result/backtests.ts";
import { type Problem, runWeights } from "../search/problem.ts";
import type { SharedWork } from "../search/shared-work.ts";
import { type Ladder, prefixSamples } from "./ladder.ts";
import { levelErrors, noiseAtEdge } from "./level-errors.ts";

/** What the refits of a law have in common beside their problem. */
export interface ScoredRefits {
  readonly train: RunSet;
  readonly ladder: Ladder;
  readonly residual: ResidualKind;
}

/** A target's refit to the first levels of a ladder; the fit to all of them too. */
export interface ScoredRefit {
  readonly target: number;
  /** How many levels. */
  readonly fitted: number;
  /** Of the losses of those levels. */
  readonly scale: LossScale;
  readonly theta: Float64Array;
}

/** What a refit says of the levels above. */
export interface RefitScore {
  readonly list: readonly Backtest[];
  /** Of the fit to all levels: the noise at their upper end; undefined where no run tells it. */
  readonly noise: number | undefined;
}

/** What scores the refits of a law. */
export function scorer(
  law: BoundLaw,
  problem: Problem,
  { train, ladder, residual }: ScoredRefits,
): (refit: ScoredRefit) => RefitScore {
  const known = new Map<number, Problem>();
  const prefixOf = (fitted: number): Problem => {
    const prefix = known.get(fitted) ?? weighed(problem, ladder, fitted);
    known.set(fitted, prefix);
    return prefix;
  };
  return (refit) => {
    const fit = { ...refit, law, problem: prefixOf(refit.fitted), ladder, residual };
    const weights = weightsOf(problem, refit.target);
    return refit.fitted === ladder.levels.length
      ? { list: [], noise: noiseAtEdge(fit, train, weights) }
      : { list: levelErrors(fit, train, weights), noise: undefined };
  };
}

/** The problem with what a prefix leaves out at weight 0. */
function weighed(problem: Problem, ladder: Ladder, fitted: number): Problem {
  const prefix = { ...problem, samples: prefixSamples(ladder, fitted) };
  const weights = problem.packed.weights.map((_, target) =>
    runWeights(prefix, { target, theta: new Float64Array() }),
  );
  return { ...prefix, packed: { ...problem.packed, weights } };
}

/** What each row weighs in a target, by row; 0 where its loss is missing. */
function weightsOf({ packed }: Problem, target: number): Float64Array {
  const byRow = new Float64Array(packed.order.length);
  for (const [at, row] of packed.order.entries()) byRow[row] = packed.weights[target][at];
  return byRow;
}

/** The same as work that threads share; its law as they bind it. */
export const scoringRefits: SharedWork<
  ScoredRefits & { readonly law: LawRecipe },
  ScoredRefit,
  RefitScore
> = {
  name: "score a refit",
  begin: ({ law, ...refits }, problemOf) => scorer(bindRecipe(law), problemOf(), refits),
};
