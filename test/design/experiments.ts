/** A known truth whose runs are trained and fitted again: what chosen runs are worth. */
import { type Stream, stream } from "../../src/random/rng.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import type { Fit, FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { bind } from "../../src/laws/bind.ts";
import { initialDesign } from "../../src/design/initial-runs.ts";
import { nextRuns } from "../../src/design/next-runs.ts";
import type { NextOptions } from "../../src/design/next-options.ts";
import { descend } from "../../src/convex/projected-gradient.ts";
import { projectBox } from "../../src/convex/project-box.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { minimize } from "../../src/solve/levenberg-marquardt.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { problemOf } from "../fit/fixture.ts";
import { designedRuns, type PlannedRun } from "./designed-runs.ts";
import { fileOf } from "../mixture/fixture.ts";

const domains = ["web", "code", "papers"];
const law = bind(laws.additive, domains, { signs: "positive" }, { params: 3e8, tokens: 1e10 });
const truth = law.vector({
  E: 1.5,
  lnA: Math.log(0.35),
  alpha: 0.32,
  lnB: Math.log(0.4),
  beta: 0.3,
  lnC: [0.3, 0.1, 0.2],
  gamma: [0.5, 0.4, 0.6],
});
const SD = 0.005;
export const AT = { params: 7e9, tokens: 1.4e11 };

export const runsOf = (rows: readonly PlannedRun[], draws?: Stream, item = 0): Runs =>
  designedRuns(rows, domains, (set) =>
    predictRows(law, truth, set).map(
      (y, i) => y + (draws === undefined ? 0 : SD * draws.normal(item, 2 * i)),
    ),
  );

/** The fit of freshly drawn losses, from the truth: what repeated experiments would give. */
function refit(rows: readonly PlannedRun[], draws: Stream, item: number): Float64Array {
  const problem = problemOf(law, runsOf(rows, draws, item), {
    loss: "squared",
    delta: 1,
    residual: "raw",
  });
  return minimize(
    new NormalEquations(problem.program, problem.packed, 0, problem.losses[0]),
    truth,
    problem.box,
    {
      iterations: 300,
      tolerance: 1e-10,
      gradient: 1e-7,
      newton: false,
      exact: false,
    },
  ).theta;
}

const base = initialDesign({ domains, flops: 1e20, mixtures: 8, runs: 24 });
export const pool: PlannedRun[] = initialDesign({
  domains,
  flops: 8e20,
  mixtures: 40,
  runs: 120,
  seed: 5,
  ratios: [10, 40],
});

/** The first `n` replicates of the base's fit. */
export const replicatesOf = (n: number): Float64Array[] =>
  Array.from({ length: n }, (_, r) => refit(base, stream(1, 9030), r));

export const file = (): FitFile => {
  const made = fileOf([
    { target: "loss", law: "additive", weight: 1, fitted: { law, theta: truth } },
  ]);
  return { ...made, fits: made.fits.map((fit): Fit => ({ ...fit, residualSd: SD })) };
};

/** What is chosen of the pool, by some replicates. */
export const planBy = (replicates: readonly Float64Array[]) => (options: Partial<NextOptions>) =>
  nextRuns(
    file(),
    runsOf(pool),
    { goal: "mixture", ...AT, runs: 10, ...options },
    () => replicates,
  );

export const best = (theta: Float64Array): Float64Array =>
  descend(
    surface([{ fitted: { law, theta }, weight: 1 }], AT, 3),
    (y) => projectBox(y, new Float64Array(3), new Float64Array(3).fill(1)),
    new Float64Array(3).fill(1 / 3),
    { iterations: 3000, tolerance: 1e-9 },
  ).h;
export const loss = (theta: Float64Array): Float64Array =>
  predictRows(law, theta, {
    rows: 1,
    inputs: { params: Float64Array.of(AT.params), tokens: Float64Array.of(AT.tokens) },
    weights: best(truth),
  });

/** Mean square error of a goal over repeated experiments with these runs added. */
export function error(
  goal: (theta: Float64Array) => Float64Array,
  added: readonly PlannedRun[],
  purpose: number,
): number {
  const exact = goal(truth);
  let sum = 0;
  for (let n = 0; n < 80; n++) {
    const found = goal(refit([...base, ...added], stream(2, purpose), n));
    for (const [i, x] of found.entries()) sum += (x - exact[i]) ** 2 / 80;
  }
  return sum;
}

/** Random runs of the pool for the same cost. */
export function random(cost: number, seed: number): PlannedRun[] {
  const draws = stream(seed, 9031);
  let left = cost;
  return [...pool]
    .map((row, i) => ({ row, key: draws.uniform(i, 0) }))
    .sort((a, b) => a.key - b.key)
    .flatMap(({ row }) => {
      const price = 6 * row.params * row.tokens;
      if (price > left * (1 + 1e-9)) return [];
      left -= price;
      return [row];
    });
}
