/** How sure an optimum is: the same request solved again for every replicate of the bootstrap. */
import { AbortedError, InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { interval, type Interval, quantile } from "../../stats/interval.ts";
import { correlation } from "../../stats/moments.ts";
import { type Goal, lawValue } from "../goal/goal.ts";
import type { Candidate, Gain, OptimizeOptions, OptimumInterval } from "../request/optimum.ts";
import { mixtureFrom } from "../problem/mixture-from.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { type Replicates, replicatesFor } from "./replicates.ts";
import { resolver } from "../solver/resolver.ts";
import { surface } from "../goal/surface.ts";

/**
 * By default: of best shares percentile intervals hold the truth as often as they should, BCa ones
 * a little too rarely (docs/bootstrap.md).
 */
const INTERVAL = "percentile";
/** A share below this is none. */
const NONE = 1e-6;
/** Replicates that judge the optimum of each other one. */
const JUDGES = 16;
/** Others are let in this often. */
const BREATH_MS = 30;

/** What is asked about besides the optimum. */
export interface Asked {
  /** What would be trained: the optimum, on its lattice. */
  readonly chosen: Float64Array;
  readonly candidates: readonly { readonly name: string; readonly h: Float64Array }[];
}

/** One replicate's answers. */
interface Answer {
  readonly h: Float64Array;
  readonly certified: boolean;
  /** The goal by this replicate's laws. */
  readonly value: (h: Float64Array) => number;
  readonly targets: readonly number[];
}

/**
 * Undefined where the fits have no bootstrap. The solves go from the optimum: about a millisecond
 * each at 7 domains and targets. Throws AbortedError when the signal fires.
 */
export async function optimumIntervals(
  file: FitFile,
  options: OptimizeOptions,
  asked: Asked,
  tick: (done: number) => void,
): Promise<OptimumInterval | undefined> {
  // A replicate has one law only: nothing to be robust against.
  const { robust: _, solver: __, ...plain } = options;
  const again = resolver(file, plain);
  const { problem } = again;
  const kept = replicatesFor(file, problem.fits, {
    level: options.level,
    interval: options.interval ?? INTERVAL,
  });
  if (kept === undefined) return undefined;
  const { replicates, jackknife, level, kind } = kept;
  const best = again.solve({});
  const answer = (theta: readonly Float64Array[]): Answer => {
    const { h, certified } = again.solve({ theta, starts: [best.h] });
    const moved = problem.with({ theta });
    return { h, certified, value: valueOf(moved.goal), targets: targetLosses(moved, asked.chosen) };
  };
  const all = [...replicates, ...jackknife];
  const answers: Answer[] = [];
  for (let clock = performance.now(); answers.length < all.length;) {
    answers.push(answer(all[answers.length]));
    if (performance.now() - clock < BREATH_MS) continue;
    tick(answers.length / all.length);
    await new Promise((resolve) => setTimeout(resolve));
    if (options.signal?.aborted === true) throw new AbortedError();
    clock = performance.now();
  }
  return summarize(
    problem,
    asked,
    best.h,
    answers.slice(0, replicates.length),
    answers.slice(replicates.length),
    { level, kind },
  );
}

const valueOf = (goal: Goal) => (h: Float64Array) => lawValue(goal, h);

/** Each target's loss at h. */
const targetLosses = ({ losses, at, domains }: Problem, h: Float64Array): number[] =>
  losses.map(({ fitted }) => surface([{ fitted, weight: 1 }], at, domains.length).law(h));

/**
 * The request's candidates as vectors. Throws InputError for those that are no mixtures, and where
 * there is nothing to rank them by.
 */
export function candidatesOf(
  file: FitFile,
  { fits, domains }: Problem,
  { candidates = [] }: OptimizeOptions,
): Asked["candidates"] {
  if (candidates.length > 0 && replicatesFor(file, fits) === undefined)
    throw new InputError(
      `${option("candidates")} are ranked by replicates, and the fits have no bootstrap: fit again with ${option("bootstrap", 1000)} ${option("group", "COL")}.`,
      { option: "candidates" },
    );
  return candidates.map(({ name, weights }) => ({
    name,
    h: mixtureFrom(domains, weights, "candidates", name),
  }));
}

function summarize(
  problem: Problem,
  { chosen, candidates }: Asked,
  best: Float64Array,
  replicates: readonly Answer[],
  left: readonly Answer[],
  { level, kind }: Pick<Replicates, "level" | "kind">,
): OptimumInterval {
  const { domains, reference, goal, losses } = problem;
  const value = valueOf(goal);
  const uniform = new Float64Array(domains.length).fill(1 / domains.length);
  const ends = (estimate: number, of: (a: Answer) => number): Interval =>
    interval(kind, estimate, replicates.map(of), left.map(of), level);
  const named = <T>(of: (i: number) => T): Record<string, T> =>
    Object.fromEntries(domains.map((d, i) => [d, of(i)]));
  const shares = domains.map((_, i) => Float64Array.from(replicates, ({ h }) => h[i]));
  const point = targetLosses(problem, chosen);
  const regrets = Float64Array.from(replicates, (a) => a.value(chosen) - a.value(a.h)).sort();
  return {
    replicates: replicates.length,
    uncertified: replicates.filter((a) => !a.certified).length,
    level,
    interval: kind,
    weights: named((i) => ends(best[i], ({ h }) => h[i])),
    extremes: named((i) => [Math.min(...shares[i]), Math.max(...shares[i])] as const),
    leftOut: named((i) => shares[i].filter((x) => x < NONE).length / replicates.length),
    correlation: named((i) => named((j) => correlation(shares[i], shares[j]))),
    optima: replicates.map(({ h }) => [...h]),
    objective: ends(value(chosen), (a) => a.value(chosen)),
    predicted: Object.fromEntries(
      losses.map(({ target }, t) => [target, ends(point[t], (a) => a.targets[t])]),
    ),
    regret: { median: quantile(regrets, 0.5), quantile: quantile(regrets, level) },
    gain: {
      reference: gain(value(reference) - value(chosen), reference, replicates, level),
      uniform: gain(value(uniform) - value(chosen), uniform, replicates, level),
    },
    candidates: rank(candidates, value, replicates, ends),
  };
}

/**
 * How much more `other` loses. Fitted and chosen on the same runs, an optimum looks better than it
 * is (the winner's curse): what is honest is the gain of one replicate's optimum by the laws of
 * others, which know other runs. Its mean is the corrected gain, its quantiles the interval.
 */
function gain(
  estimate: number,
  other: Float64Array,
  replicates: readonly Answer[],
  level: number,
): Gain {
  const n = replicates.length;
  const judges = Math.min(JUDGES, n - 1);
  const base = replicates.map((a) => a.value(other));
  const gains: number[] = [];
  for (const [b, { h }] of replicates.entries()) {
    for (let j = 1; j <= judges; j++) {
      const judge = (b + Math.max(1, Math.floor((j * n) / (judges + 1)))) % n;
      gains.push(base[judge] - replicates[judge].value(h));
    }
  }
  const sorted = Float64Array.from(gains).sort();
  const corrected = gains.reduce((a, b) => a + b, 0) / gains.length;
  return {
    estimate,
    corrected,
    interval: [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)],
  };
}

/** Candidates by the chance that each is the best of them. */
function rank(
  candidates: Asked["candidates"],
  value: (h: Float64Array) => number,
  replicates: readonly Answer[],
  ends: (estimate: number, of: (a: Answer) => number) => Interval,
): Candidate[] {
  const wins = candidates.map(() => 0);
  const ranks = candidates.map(() => 0);
  for (const a of replicates) {
    const losses = candidates.map(({ h }) => a.value(h));
    for (const [c, mine] of losses.entries())
      ranks[c] += 1 + losses.filter((other) => other < mine).length;
    wins[losses.indexOf(Math.min(...losses))]++;
  }
  return candidates
    .map(({ name, h }, c) => ({
      name,
      objective: value(h),
      interval: ends(value(h), (a) => a.value(h)),
      chanceBest: wins[c] / replicates.length,
      meanRank: ranks[c] / replicates.length,
    }))
    .toSorted((a, b) => b.chanceBest - a.chanceBest || a.objective - b.objective);
}
