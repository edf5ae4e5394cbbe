/** A case's fit as the search sees it: what kernels are measured on and what peers are given. */
import type { Runs } from "../src/data/runs/run-set.ts";
import type { Problem, Start } from "../src/fit/search/problem.ts";
import { randomStarts } from "../src/fit/search/starts.ts";
import { bind, type BoundLaw, type Law, type LossScale } from "../src/laws/law.ts";
import { corner, residualProgram } from "../src/laws/objective.ts";
import { type FitOptions, fitSettings } from "../src/base/fit-options.ts";
import { pack } from "../src/solve/pack-tables.ts";

export interface Posed {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly scales: readonly LossScale[];
  readonly residual: "raw" | "log" | "relative";
}

const geometric = (values: Float64Array | undefined): number =>
  values === undefined
    ? 1
    : Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);

let problems = 1e6; // apart from the engine's own

export function pose(law: Law, runs: Runs, options: FitOptions): Posed {
  const settings = fitSettings(options);
  const units = {
    params: geometric(runs.train.inputs["params"]),
    tokens: geometric(runs.train.inputs["tokens"]),
  };
  const bound = bind(law, law.uses.weights ? runs.domains : [], { signs: settings.signs }, units);
  const program = residualProgram(bound, settings.residual);
  const packed = pack(program, runs.train, runs.domains.length, runs.train.losses);
  const box = { lower: bound.lower, upper: bound.upper };
  const scales = runs.train.losses.map((losses) => {
    const present = [...losses].filter((y) => !Number.isNaN(y));
    return {
      min: Math.min(...present),
      max: Math.max(...present),
      mean: present.reduce((a, b) => a + b, 0) / present.length,
    };
  });
  return {
    law: bound,
    scales,
    residual: settings.residual,
    problem: { id: problems++, title: law.name, program, packed, delta: corner(settings), box },
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
