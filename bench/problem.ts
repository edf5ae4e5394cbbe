/** A case's fit as the search sees it: what kernels are measured on and what peers are given. */
import type { Runs } from "../src/data/runs/run-set.ts";
import { poseProblem } from "../src/fit/search/pose-problem.ts";
import type { Problem, Start } from "../src/fit/search/problem.ts";
import { randomStarts } from "../src/fit/starts/starts.ts";
import { bindToRuns } from "../src/fit/bind-to-runs.ts";
import { lossScale } from "../src/fit/starts/loss-scale.ts";
import type { BoundLaw } from "../src/laws/bind.ts";
import type { Law } from "../src/laws/law.ts";
import type { LossScale } from "../src/laws/parameters/parameter-spec.ts";
import { type FitOptions, fitSettings } from "../src/options/fit-options.ts";

export interface Posed {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly scales: readonly LossScale[];
  readonly residual: "raw" | "log" | "relative";
}

export function pose(law: Law, runs: Runs, options: FitOptions): Posed {
  const settings = fitSettings(options);
  const bound = bindToRuns(law, runs, settings);
  return {
    law: bound,
    scales: runs.train.losses.map(lossScale),
    residual: settings.residual,
    problem: poseProblem(bound, runs.train, settings),
  };
}

/** `count` random starts, shared out evenly over the targets. */
export function startsOf({ law, scales }: Posed, count: number, seed = 1): Start[] {
  const each = Math.ceil(count / scales.length);
  return scales
    .flatMap((scale, target) =>
      randomStarts(law, scale, seed, each).map((theta) => ({ target, theta })),
    )
    .slice(0, count);
}
