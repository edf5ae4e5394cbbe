/**
 * Levenberg–Marquardt in float64 on many starts: the CPU search, and the polish of every search.
 */
import { minimizeExactly } from "../../solve/orthogonal-steps.ts";
import {
  DAMPING,
  gradientNorm,
  type LmOptions,
  minimize,
} from "../../solve/levenberg-marquardt.ts";
import { type Box, held } from "../../solve/damped-step.ts";
import { Normal } from "../../solve/normal-equations.ts";
import { Residuals } from "../../solve/residuals.ts";
import {
  type Polished,
  type Problem,
  runWeights,
  type Searcher,
  type Start,
  type Watch,
} from "./problem.ts";
import { count } from "../../base/wording.ts";

export interface Pool {
  readonly threads: number;
  /**
   * One result a start, in order. Starts not begun when the signal fires come back unchanged as
   * "interrupted".
   */
  run(
    problem: Problem,
    starts: readonly Start[],
    options: LmOptions,
    watch: Watch,
  ): Promise<Polished[]>;
  close(): Promise<void>;
}

/**
 * Runs starts of one problem; keeps the evaluator of each target. Used in this thread and in
 * workers.
 */
export class Runner {
  readonly #targets = new Map<number, Normal>();

  constructor(readonly problem: Problem) {}

  run(start: Start, options: LmOptions): Polished {
    const { problem } = this;
    const { target } = start;
    const normal =
      this.#targets.get(target) ??
      new Normal(problem.program, problem.packed, target, problem.loss);
    this.#targets.set(target, normal);
    const weights = runWeights(problem, start);
    if (problem.samples !== undefined) normal.weigh(weights);
    if (options.exact) return this.#exactly(start, options, normal, weights);
    const { status, theta, objective, norm, lambda } = minimize(
      normal,
      start.theta,
      boxOf(problem, start),
      {
        ...options,
        lambda: start.lambda,
      },
    );
    return status === "nonfinite"
      ? { theta, objective: Infinity, ending: status, norm: Infinity, lambda }
      : { theta, objective, ending: status, norm, lambda };
  }

  /** The squared loss to its last digits. */
  #exactly(
    start: Start,
    { iterations }: LmOptions,
    normal: Normal,
    weights: Float64Array,
  ): Polished {
    const { program, packed } = this.problem;
    const { target, theta: from } = start;
    const box = boxOf(this.problem, start);
    const { theta, status } = minimizeExactly(
      new Residuals(program, packed, target, weights),
      from,
      box,
      iterations,
    );
    const lambda = DAMPING.start; // has none
    if (status === "nonfinite")
      return { theta, objective: Infinity, ending: status, norm: Infinity, lambda };
    const objective = normal.evaluate(theta);
    const norm =
      objective === 0
        ? 0
        : gradientNorm(normal.gradient, normal.H, objective, held(theta, normal.gradient, box));
    return { theta, objective, ending: status, norm, lambda };
  }
}

/** The problem's box, with what a start holds as points. */
function boxOf({ box }: Problem, { theta, hold = [] }: Start): Box {
  if (hold.length === 0) return box;
  const [lower, upper] = [box.lower.slice(), box.upper.slice()];
  for (const i of hold) lower[i] = upper[i] = theta[i];
  return { lower, upper };
}

export const interrupted = ({ theta }: Start): Polished => ({
  theta,
  objective: Infinity,
  ending: "interrupted",
  norm: Infinity,
  lambda: DAMPING.start,
});

/** In this thread, letting others in every 30 ms. For pages, and where there is one core. */
export function inlinePool(): Pool {
  return {
    threads: 1,
    async run(problem, starts, options, { signal, tick }) {
      const runner = new Runner(problem);
      const found: Polished[] = [];
      let clock = performance.now();
      for (const start of starts) {
        if (signal?.aborted === true) found.push(interrupted(start));
        else found.push(runner.run(start, options));
        if (performance.now() - clock < 30) continue;
        tick(found.length / starts.length);
        await new Promise((resolve) => setTimeout(resolve));
        clock = performance.now();
      }
      return found;
    },
    close: () => Promise.resolve(),
  };
}

/** Relative decrease that ends a float64 search; the polish goes on from there. */
const TOLERANCE = 1e-6;

/** The search on the CPU. */
export const cpuSearcher = (pool: Pool): Searcher => ({
  kind: "cpu",
  name: `float64, ${count(pool.threads, "thread")}`,
  search: (problem, starts, iterations, watch) =>
    pool.run(
      problem,
      starts,
      { iterations, tolerance: TOLERANCE, gradient: 1e-6, newton: false, exact: false },
      watch,
    ),
});
