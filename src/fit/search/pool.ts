/**
 * Levenberg–Marquardt in float64 on many starts: the CPU search, and the polish of every search.
 */
import { Pauses } from "../../base/pauses.ts";
import type { Watch } from "../../base/watch.ts";
import { type Budget, finish } from "../../solve/iterate.ts";
import { minimizingExactly } from "../../solve/orthogonal-steps.ts";
import {
  DAMPING,
  type LmOptions,
  type LmProblem,
  type LmResult,
  minimizing,
} from "../../solve/levenberg-marquardt.ts";
import type { Box } from "../../solve/damped-step.ts";
import type { NormalEquations } from "../../solve/normal-equations.ts";
import { jointBox, JointEquations, jointLayout } from "../../solve/joint/joint-equations.ts";
import { Residuals } from "../../solve/residuals.ts";
import { scaledProblem, sizesAt } from "../../solve/scaled-problem.ts";
import type { ShardPlan } from "../../records/shard.ts";
import type { Drawer, Numbers } from "../starts/draws.ts";
import { gradientNorm } from "../../solve/stationarity.ts";
import {
  normalEquationsOf,
  type Polished,
  type Problem,
  runWeights,
  type Searcher,
  type Start,
} from "./problem.ts";
import { count } from "../../base/wording.ts";
import type { Share } from "./shared-work.ts";
import { FirstCalls } from "../../trace/first-calls.ts";
import { type Trace, traced, tracedSync } from "../../trace/trace.ts";

/** Float64 fits from many starts, on one thread or several. */
export interface Pool {
  readonly threads: number;
  /** Which samples, profiles and back-tests this process computes; undefined for all. */
  readonly plan?: ShardPlan | undefined;
  /** Records what is done with it; undefined for nothing. */
  readonly trace?: Trace | undefined;
  /**
   * One result a start, in order. Starts not done when the signal fires come back unchanged as
   * "interrupted".
   */
  run(
    problem: Problem,
    starts: readonly Start[],
    options: LmOptions,
    watch: Watch,
  ): Promise<Polished[]>;
  /**
   * The points of each drawing, in order; of those that were not done when the signal fired, some.
   */
  draw(drawings: readonly Drawing[], watch: Watch): Promise<Float64Array[][]>;
  /**
   * What comes of each item, in order. Only where there are threads beside this one, for items
   * that are worth sending.
   */
  readonly share?: Share | undefined;
  /**
   * Starts its threads, where work for them is certain, so that they are there when it comes. Only
   * where there are threads beside this one.
   */
  readonly hire?: (() => void) | undefined;
  /**
   * A part of its threads, for work that can wait: between batches it lets all other work go first.
   * Only where there are several threads beside this one.
   */
  readonly beside?: Pool | undefined;
  close(): Promise<void>;
}

/** Starts of one target to draw. */
export interface Drawing {
  readonly drawer: Drawer;
  readonly numbers: Numbers;
}

/** Starts that are drawn at once. */
const PIECE = 64;

/** The same in parts of a few starts, each with the place of its drawing in the list. */
export const piecesOf = (drawings: readonly Drawing[]): (Drawing & { readonly place: number })[] =>
  drawings.flatMap(({ drawer, numbers }, place) =>
    Array.from({ length: Math.ceil(numbers.count / PIECE) }, (_, n) => {
      const from = n * PIECE;
      const part = {
        ...numbers,
        first: numbers.first + from,
        count: Math.min(PIECE, numbers.count - from),
        place: (numbers.place ?? 0) + from,
      };
      return { drawer, numbers: part, place };
    }),
  );

/** Does a stage of some work, as a span of the pool's trace. */
export const asStage = <T>(
  { trace }: Pick<Pool, "trace">,
  name: string,
  work: () => Promise<T> | T,
): Promise<T> => traced(trace, { name, kind: "stage" }, work);

/** What searches and refits run on. */
export interface Resources {
  readonly pool: Pool;
  /** The backend that is expected to finish some work on a problem first. */
  readonly searcherFor: (problem: Problem, work: ExpectedWork) => Promise<Searcher>;
}

/** What is to be done with a problem, as far as is known beforehand. */
export interface ExpectedWork {
  /** Iterations of all fits together, roughly. */
  readonly iterations: number;
}

/**
 * Runs starts of one problem; keeps the evaluator of each target. Used in this thread and in
 * workers.
 */
export class Runner {
  readonly #targets = new Map<number, NormalEquations>();
  readonly #trace: Trace | undefined;
  readonly #firstCalls: FirstCalls | undefined;

  constructor(
    readonly problem: Problem,
    trace?: Trace,
  ) {
    this.#trace = trace;
    this.#firstCalls = trace && new FirstCalls(trace);
  }

  run(start: Start, options: LmOptions & Budget): Polished {
    return finish(this.steps(start, options));
  }

  /** The same, yielding after each iteration; a start that a signal stops comes back unchanged. */
  *steps(start: Start, options: LmOptions & Budget): Generator<unknown, Polished> {
    const { problem } = this;
    if (problem.joint !== undefined) return ended(start, yield* this.#jointly(start, options));
    const { target } = start;
    const normal = this.#targets.get(target) ?? this.#evaluator(target);
    const weights = runWeights(problem, start);
    if (problem.samples !== undefined) normal.weigh(weights);
    const result = options.exact
      ? yield* this.#exactly(start, options, normal, weights)
      : yield* this.#damped(start, options, normal, boxOf(problem, start));
    return ended(start, result);
  }

  /** All targets that have coordinates in common as one fit. */
  #jointly(start: Start, options: LmOptions & Budget): Generator<unknown, LmResult> {
    const { program, joint, samples } = this.problem;
    const { common = [], targets = [] } = joint ?? {};
    const layout = jointLayout(program.params, common, targets.length);
    const each = targets.map((target) => {
      const normal = this.#targets.get(target) ?? this.#evaluator(target);
      if (samples !== undefined) normal.weigh(runWeights(this.problem, { ...start, target }));
      return normal;
    });
    const box = jointBox(layout, this.problem.box);
    return this.#damped(start, options, new JointEquations(layout, each), box);
  }

  #evaluator(target: number): NormalEquations {
    const normal = tracedSync(this.#trace, { name: "formula to code", kind: "warm-up" }, () =>
      normalEquationsOf(this.problem, target),
    );
    this.#targets.set(target, normal);
    this.#firstCalls?.record(normal);
    return normal;
  }

  /** Damped steps, in units of where they begin for a problem whose coordinates have any size. */
  *#damped(
    start: Start,
    given: LmOptions & Budget,
    normal: LmProblem,
    box: Box,
  ): Generator<unknown, LmResult> {
    const { lambda, near } = start;
    const options = { ...given, lambda, near };
    if (this.problem.anySize !== true) return yield* minimizing(normal, start.theta, box, options);
    const scale = sizesAt(start.theta, LEAST_SIZE);
    const inUnits = (x: Float64Array): Float64Array => x.map((value, i) => value / scale[i]);
    const scaledBox = { lower: inUnits(box.lower), upper: inUnits(box.upper) };
    const scaled = scaledProblem(normal, scale);
    const { theta, ...result } = yield* minimizing(
      scaled,
      inUnits(start.theta),
      scaledBox,
      options,
    );
    const inside = (value: number, i: number): number =>
      Math.min(Math.max(value * scale[i], box.lower[i]), box.upper[i]);
    return { ...result, theta: theta.map(inside) };
  }

  /** Least squares to the last digits; `minimizingExactly` has no damping to go on with. */
  *#exactly(
    start: Start,
    budget: Budget,
    normal: NormalEquations,
    weights: Float64Array,
  ): Generator<unknown, Omit<LmResult, "iterations">> {
    const { program, packed } = this.problem;
    const box = boxOf(this.problem, start);
    const residuals = new Residuals(program, packed, start.target, weights, normal.penalty);
    const { theta, status } = yield* minimizingExactly(residuals, start.theta, box, budget);
    const objective = normal.evaluate(theta);
    const { gradient, H } = normal;
    const norm = gradientNorm({ theta, objective, gradient, H }, box);
    return { theta, objective, norm, status, lambda: DAMPING.start };
  }
}

/** The problem's box, with what a start holds as points. */
function boxOf({ box }: Problem, { theta, hold = [] }: Start): Box {
  if (hold.length === 0) return box;
  const [lower, upper] = [box.lower.slice(), box.upper.slice()];
  for (const i of hold) lower[i] = upper[i] = theta[i];
  return { lower, upper };
}

/** What became of a start. */
function ended(start: Start, result: Omit<LmResult, "iterations">): Polished {
  const { status, theta, objective, norm, lambda } = result;
  if (status === "interrupted") return interrupted(start);
  return status === "nonfinite"
    ? { theta, objective: Infinity, ending: status, norm: Infinity, lambda }
    : { theta, objective, ending: status, norm, lambda };
}

/** What becomes of a start that an abort leaves undone. */
export const interrupted = ({ theta }: Start): Polished => ({
  theta,
  objective: Infinity,
  ending: "interrupted",
  norm: Infinity,
  lambda: DAMPING.start,
});

/** Coordinates nearer to 0 have this size, in their own units. */
const LEAST_SIZE = 1e-2;

/** In this thread, letting others in between iterations. For pages, and where there is one core. */
export function inlinePool(trace?: Trace): Pool {
  // Runs of a bootstrap are too short, one by one, to let others in.
  const between = new Pauses();
  return {
    threads: 1,
    async run(problem, starts, options, { signal, tick }) {
      const runner = new Runner(problem, trace);
      const ends: Polished[] = [];
      const pauses = new Pauses();
      for (const start of starts) {
        if (signal?.aborted === true) {
          ends.push(interrupted(start));
          continue;
        }
        const steps = runner.steps(start, { ...options, signal });
        for (;;) {
          const { done, value } = steps.next();
          if (done === true) ends.push(value);
          if (pauses.isDue()) {
            tick(ends.length / starts.length);
            await pauses.take();
          }
          if (done === true) break;
        }
      }
      if (signal?.aborted !== true) tick(1);
      if (between.isDue()) await between.take();
      return ends;
    },
    async draw(drawings, { signal, tick }) {
      const points = drawings.map((): Float64Array[] => []);
      const pieces = piecesOf(drawings);
      for (const [done, { drawer, numbers, place }] of pieces.entries()) {
        if (signal?.aborted === true) break;
        points[place].push(...drawer.draw(numbers));
        if (!between.isDue()) continue;
        tick(done / pieces.length);
        await between.take();
      }
      return points;
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
