/**
 * The types that search backends share: the problem of fitting a law to packed runs, starts, and
 * the ends that starts come to.
 */
import type { Finding } from "../../base/verdict.ts";
import type { Watch } from "../../base/watch.ts";
import { type Samples, sampleWeights } from "../../random/resampling.ts";
import type { ScaledLoss } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import type { Ending } from "../../solve/iterate.ts";
import type { Box } from "../../solve/damped-step.ts";
import { evaluationOfFew, NormalEquations } from "../../solve/normal-equations.ts";
import type { Packed } from "../../solve/pack-tables.ts";
import type { FitEvaluation } from "../../wasm/program/fit-evaluation.ts";
import { type Penalties, penaltyOf } from "../../solve/penalty/ridge.ts";

/**
 * One law and its targets on one set of runs; `poseProblem` makes it. Plain data: it goes to worker
 * threads as it is. Kernels and evaluators are kept by the identity of the object: a problem with
 * other samples is another object.
 */
export interface Problem {
  /** The law's name, for messages. */
  readonly title: string;
  readonly program: Program;
  readonly packed: Packed;
  /** The loss of each target: one name, each with its δ. */
  readonly losses: readonly ScaledLoss[];
  readonly box: Box;
  /** What is added to the losses; undefined for nothing. */
  readonly penalties?: Penalties | undefined;
  /**
   * The coordinates that these targets have in common: a start then is of all these targets
   * together, in the order of `jointLayout`, and its own target says nothing. For the float64
   * search only.
   */
  readonly joint?: { readonly common: readonly number[]; readonly targets: readonly number[] };
  /** Whether coordinates may be of any size, as those of typed formulas: see `scaledProblem`. */
  readonly anySize?: true;
  /**
   * Weighted copies of the runs, which starts name; without them every start is on the runs as they
   * are.
   */
  readonly samples?: Samples;
}

/** The objective of one target, penalized. */
export const normalEquationsOf = (
  { program, packed, losses, penalties }: Problem,
  target: number,
  evaluation?: FitEvaluation,
): NormalEquations =>
  new NormalEquations(
    program,
    packed,
    target,
    losses[target],
    undefined,
    evaluation,
    penaltyOf(penalties, target),
  );

/** The same for a look at a few points, which no search follows. */
export const examinedEquations = (problem: Problem, target: number): NormalEquations => {
  const { program, packed, losses } = problem;
  return normalEquationsOf(problem, target, evaluationOfFew(program, packed, target, losses[target])); // prettier-ignore
};

/** By the rows' blocks and by the order of packed runs: the block of each of those. */
const places = new WeakMap<Int32Array, WeakMap<Int32Array, Int32Array>>();

function blockOfPacked(blockOf: Int32Array, order: Int32Array): Int32Array {
  const byOrder = places.get(blockOf) ?? new WeakMap<Int32Array, Int32Array>();
  places.set(blockOf, byOrder);
  const known = byOrder.get(order) ?? Int32Array.from(order, (row) => blockOf[row]);
  byOrder.set(order, known);
  return known;
}

/**
 * What each packed run weighs for a start: its own weight in the target times its block's in the
 * sample.
 */
export function runWeights(
  { packed, samples }: Problem,
  { target, sample = 0 }: Start,
): Float64Array {
  const own = packed.weights[target];
  if (samples === undefined) return own;
  const blocks = sampleWeights(samples, sample);
  const blockOf = blockOfPacked(samples.blockOf, packed.order);
  const weights = new Float64Array(own.length);
  for (let at = 0; at < weights.length; at++) weights[at] = own[at] * blocks[blockOf[at]];
  return weights;
}

/**
 * How many starts of a law with `params` coordinates are under way at once. More starts are done in
 * parts, which bounds the memory. Half as many took 160 MiB less memory, and more time for small
 * laws; how many a GPU needs to be busy was not measured.
 */
export const startsAtOnce = (params: number): number =>
  Math.floor(Math.min(2 ** 16, 2 ** 20 / params));

/** Where a search of one target begins. */
export interface Start {
  /** Which of the problem's targets. */
  readonly target: number;
  /** Which of the problem's samples, where it has some. Default 0. */
  readonly sample?: number;
  readonly theta: Float64Array;
  /**
   * Damping that an earlier search of the point ended with, where that is less than a search begins
   * with: no need to go down to it again.
   */
  readonly lambda?: number | undefined;
  /**
   * Whether it is near an optimum, of problems with samples: a search goes on otherwise from there,
   * see `MANNERS` of levenberg-marquardt.ts. Default false.
   */
  readonly near?: boolean;
  /** Coordinates that stay where they start; for the float64 search only. Default none. */
  readonly hold?: readonly number[];
}

/** What became of a start. */
export interface StartEnd {
  readonly theta: Float64Array;
  /** Infinity for "nonfinite" and "interrupted"; never NaN, which would not sort. */
  readonly objective: number;
  readonly ending: Ending;
  /** Damping λ at the end. */
  readonly lambda: number;
}

/** The end of a start of the float64 search. */
export interface Polished extends StartEnd {
  /** Scaled gradient norm at `theta`; see `gradientNorm`. Infinity where there is none. */
  readonly norm: number;
}

/** How the second stage of a search goes on. */
export interface Further {
  /** By target, how many of its best candidates go on, those of them that are unfinished. */
  readonly kept: ReadonlyMap<number, number>;
  readonly iterations: number;
}

/** What became of starts in both stages. */
export interface Screened {
  readonly ends: readonly StartEnd[];
  /** The places of the starts that went on. */
  readonly wentOn: ReadonlySet<number>;
}

/** The search: many starts, moderate accuracy. The float64 and the GPU form pass the same suite. */
export interface Searcher {
  readonly kind: "webgpu" | "cpu";
  /** What the fit file says it ran on. */
  readonly name: string;
  /** What went wrong on the GPU so far, and what was done about it. Default nothing. */
  readonly faults?: readonly Finding[];
  /**
   * Begins what a search of the problem has to wait for, where there is something: compiling its
   * kernel.
   */
  prepare?(problem: Problem): Promise<unknown>;
  /** Seconds that so many iterations of single fits take, roughly; only where it can be said. */
  secondsFor?(problem: Problem, iterations: number): number;
  /**
   * Keeps what a search of the problem puts on a device, for the next one, until the function that
   * it returns is called. Default: each search puts it there, and takes it away.
   */
  hold?(problem: Problem): () => void;
  /** One result a start, in order. Never rejects for a bad start: its ending says so. */
  search(
    problem: Problem,
    starts: readonly Start[],
    iterations: number,
    watch: Watch,
  ): Promise<StartEnd[]>;
  /**
   * Two searches in one, the second of those of each target's best candidates that are unfinished:
   * the same ends as one after the other gives. A target's starts stand together. Only where the
   * searcher can, and undefined where it is better to do one after the other.
   */
  screen?(
    problem: Problem,
    starts: readonly Start[],
    iterations: number,
    further: Further,
    watch: Watch,
  ): Promise<Screened | undefined>;
}
