/** Random designs, to compare a chosen one with. */
import { stream } from "../random/rng.ts";
import { deviationsAfter, type DesignProblem } from "./bayesian-design.ts";

/** What the draws are for; apart from every other purpose. */
const PURPOSE = 0x64657303;
/** Random designs, and how many runs one has at most. */
const DRAWS = 20;
const MOST_RUNS = 40;
/** Sums of costs round by this. */
const ROUNDING = 1e-9;

/**
 * The goals' standard deviations after random runs of the pool, each taken where it is affordable,
 * in the order of the goals: root mean squares over draws.
 */
export function deviationsAtRandom(problem: DesignProblem, budget: number, seed: number): number[] {
  const draws = stream(seed, PURPOSE);
  const squares = new Float64Array(problem.goals.length / problem.replicates);
  for (let n = 0; n < DRAWS; n++) {
    const keys = problem.costs.map((_, c) => draws.uniform(n, c));
    const order = [...keys.keys()].sort((a, b) => keys[a] - keys[b]);
    const part = restricted(problem, affordable(problem.costs, order, budget));
    for (const [g, deviation] of deviationsAfter(part, [...part.costs.keys()]).entries())
      squares[g] += deviation * deviation;
  }
  return Array.from(squares, (sum) => Math.sqrt(sum / DRAWS));
}

/** Those that the budget has room for, in their order. */
function affordable(costs: Float64Array, order: readonly number[], budget: number): number[] {
  let left = budget;
  const taken: number[] = [];
  for (const candidate of order) {
    if (taken.length === MOST_RUNS) break;
    if (costs[candidate] > left * (1 + ROUNDING)) continue;
    left -= costs[candidate];
    taken.push(candidate);
  }
  return taken;
}

/** The problem with some of its candidates: only their columns are measured. */
function restricted(problem: DesignProblem, candidates: readonly number[]): DesignProblem {
  const { targets, replicates, costs, noise, predictions } = problem;
  const width = costs.length * targets;
  const columns = candidates.flatMap((c) => Array.from({ length: targets }, (_, t) => c * targets + t)); // prettier-ignore
  const measured = new Float64Array(replicates * columns.length);
  for (let r = 0; r < replicates; r++)
    for (const [i, column] of columns.entries())
      measured[r * columns.length + i] = predictions[r * width + column];
  return {
    ...problem,
    predictions: measured,
    noise: Float64Array.from(columns, (column) => noise[column]),
    costs: Float64Array.from(candidates, (c) => costs[c]),
  };
}
