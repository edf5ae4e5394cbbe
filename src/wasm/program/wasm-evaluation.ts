/**
 * Normal equations by WebAssembly: the numbers of a fit in its memory, and calls of the functions
 * of program-module.ts. The memory may forget them: then they are put there again.
 */
import type { Tables } from "../../expr/evaluator.ts";
import type { ScaledLoss } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import { wasmMemory } from "../availability.ts";
import { FULL, tellFallback } from "../fallback.ts";
import type { FitEvaluation } from "./fit-evaluation.ts";
import { lanePairs, mostSteps } from "./lane-pairs.ts";
import { HEADER, PAIR } from "./layout.ts";
import { instanceFor, type ProgramInstance } from "./module-of-program.ts";
import { bytesFor, type WorkingMemory, workingMemory } from "./working-memory.ts";

/** The runs of one target. */
export interface FitData {
  readonly tables: Tables;
  /** Runs of group g are start[g] … start[g+1] − 1. */
  readonly start: Int32Array;
  readonly loss: ScaledLoss;
}

/**
 * WebAssembly's evaluation of a fit; undefined where that does not run, or has no room for the fit.
 * One that there is has room for as long as it lives.
 */
export function wasmEvaluation(program: Program, data: FitData): FitEvaluation | undefined {
  const own = wasmMemory();
  const instance = instanceFor(program, data.loss.name);
  if (own === undefined || instance === undefined) return undefined;
  const memory = workingMemory(own);
  if (memory.holds(bytesOf(instance, data))) return new WasmEvaluation(instance, memory, data);
  tellFallback(FULL);
  return undefined;
}

/**
 * The float64 numbers of the parts of a fit in the memory, beside its tables: at most, whatever the
 * weights are. A group has a pair.
 */
function lengthsOf({ state }: ProgramInstance, { start, tables }: FitData): Record<Part, number> {
  const groups = start.length - 1;
  const runs = start[groups];
  const steps = mostSteps(runs, groups);
  return {
    state: state.fixed.length,
    rowWeights: runs,
    pairs: (PAIR.size / 8) * groups,
    mixes: 2 * tables.mix.length,
    steps: (state.step / 8) * steps,
    weights: 2 * steps,
    pulls: 2 * steps,
  };
}

/** Those whose addresses only the header has. */
const PACKED = ["mixes", "steps", "weights", "pulls"] as const;
const PARTS = ["state", "rowWeights", "pairs", ...PACKED] as const;
type Part = (typeof PARTS)[number];

/** Bytes that a fit takes. */
const bytesOf = (instance: ProgramInstance, data: FitData): number => {
  const { mix, run, response } = data.tables;
  const lengths = lengthsOf(instance, data);
  return bytesFor(mix.length, run.length, response.length, ...PARTS.map((part) => lengths[part]));
};

class WasmEvaluation implements FitEvaluation {
  readonly #instance: ProgramInstance;
  readonly #memory: WorkingMemory;
  readonly #data: FitData;
  #weight: Float64Array = new Float64Array();
  #mass = 0;
  /** The generation of the memory in which the numbers are there; −1 where they are not. */
  #generation = -1;
  /** Addresses of the state, of the runs' weights and of the pairs. */
  #places = { state: 0, rowWeights: 0, pairs: 0 };
  /** Whether what is packed is of the weights. */
  #isWeighed = false;
  /** The state's numbers, until the memory grows. */
  #numbers: Float64Array = new Float64Array();
  /** The point whose pulls are there. */
  #pulledAt: Float64Array | undefined;

  constructor(instance: ProgramInstance, memory: WorkingMemory, data: FitData) {
    this.#instance = instance;
    this.#memory = memory;
    this.#data = data;
  }

  get mass(): number {
    return this.#mass;
  }

  weigh(weight: Float64Array): void {
    this.#weight = weight;
    this.#mass = 0;
    for (let i = 0; i < weight.length; i++) this.#mass += weight[i];
    this.#isWeighed = false;
  }

  evaluate(theta: Float64Array, tau: number, gradient: Float64Array, H: Float64Array): number {
    const { exports, state } = this.#instance;
    this.#at(theta);
    const objective = exports.evaluate(this.#places.state, tau);
    const numbers = this.#numbers;
    for (let i = 0, at = state.gradient / 8; i < gradient.length; i++, at++)
      gradient[i] = numbers[at];
    for (let i = 0, at = state.H / 8; i < H.length; i++, at++) H[i] = numbers[at];
    return objective;
  }

  bend(theta: Float64Array, direction: Float64Array, tau: number): Float64Array | undefined {
    const { exports, state } = this.#instance;
    if (exports.bend === undefined) return undefined;
    this.#at(theta);
    this.#numbers.set(direction, state.theta / 8 + theta.length);
    exports.bend(this.#places.state, tau);
    return this.#gradient();
  }

  slopesWith(theta: Float64Array): (point: Float64Array) => Float64Array {
    const { exports } = this.#instance;
    this.#pulledAt = undefined;
    return (point) => {
      if (this.#pulledAt !== theta || !this.#isThere()) {
        this.#at(theta);
        exports.pull(this.#places.state);
        this.#pulledAt = theta;
      }
      this.#at(point);
      exports.slopes(this.#places.state);
      return this.#gradient();
    };
  }

  #gradient(): Float64Array {
    const { state } = this.#instance;
    return this.#numbers.slice(state.gradient / 8, state.H / 8);
  }

  #isThere(): boolean {
    return this.#isWeighed && this.#generation === this.#memory.generation;
  }

  /** Puts the point into the state; and all else, where it is not there. */
  #at(theta: Float64Array): void {
    const { state } = this.#instance;
    const { fixed } = state;
    if (this.#generation !== this.#memory.generation) this.#place();
    if (!this.#isWeighed) this.#list();
    if (this.#numbers.length === 0)
      this.#numbers = this.#memory.numbers(this.#places.state, fixed.length); // it has grown
    this.#numbers.set(theta, state.theta / 8);
  }

  /** Finds places for the fit, and puts there what does not depend on weights. */
  #place(): void {
    const memory = this.#memory;
    const { fixed } = this.#instance.state;
    const { tables, loss } = this.#data;
    const { mix, run, response } = tables;
    memory.reserve(bytesOf(this.#instance, this.#data));
    const [mixAt, runAt, responseAt] = [mix, run, response].map((table) => memory.addressOf(table));
    const lengths = lengthsOf(this.#instance, this.#data);
    const takes = (part: Part): number => memory.take(8 * lengths[part]);
    const [state, rowWeights, pairs] = [takes("state"), takes("rowWeights"), takes("pairs")];
    const numbers = memory.numbers(state, fixed.length);
    numbers.set(fixed);
    const header = memory.words(state, HEADER.size / 4);
    header[HEADER.mix / 4] = mixAt;
    header[HEADER.run / 4] = runAt;
    header[HEADER.response / 4] = responseAt;
    header[HEADER.rowWeights / 4] = rowWeights;
    header[HEADER.pairs / 4] = pairs;
    for (const part of PACKED) header[HEADER[part] / 4] = takes(part);
    numbers[HEADER.delta / 8] = loss.delta;
    this.#places = { state, rowWeights, pairs };
    this.#numbers = numbers;
    this.#generation = memory.generation;
    this.#isWeighed = false;
  }

  /** Pairs the runs that weigh something, and packs what they have. */
  #list(): void {
    const memory = this.#memory;
    const at = this.#places;
    const pairs = lanePairs(this.#data.start, this.#weight);
    memory.words(at.pairs, pairs.length).set(pairs);
    memory.numbers(at.rowWeights, this.#weight.length).set(this.#weight);
    memory.words(at.state, HEADER.size / 4)[HEADER.pairCount / 4] = pairs.length / (PAIR.size / 4);
    memory.numbers(at.state, HEADER.size / 8)[HEADER.mass / 8] = this.#mass;
    this.#instance.exports.pack(at.state);
    this.#isWeighed = true;
    this.#pulledAt = undefined;
  }
}
