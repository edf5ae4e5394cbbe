/**
 * What evaluates a program in float64. Two forms implement it, bit for bit alike: interpreted
 * (interpreter.ts) and compiled to JavaScript (javascript.ts).
 */
import type { Program } from "./program.ts";

/** Columns of data, row-major: table[row·width + column]. */
export interface Tables {
  readonly mix: Float64Array;
  readonly run: Float64Array;
  readonly response: Float64Array;
}

/** What `runs` adds into. */
export interface Sums {
  /** Σ w·ω·d dᵀ over the columns, ω the weight of a run in the matrix; packed lower triangle: (a,b) at a(a+1)/2 + b. */
  readonly S: Float64Array;
  /** Σ w·ψ(r)·d. */
  readonly v: Float64Array;
}

/** One candidate's working memory is `values`, a number a slot. */
export interface Evaluator64 {
  /** Parameters → fit-level slots. */
  fit(values: Float64Array, theta: Float64Array): void;
  /** Group `group`'s columns → mix-level slots. */
  mix(values: Float64Array, tables: Tables, group: number): void;
  /** Run `run`'s columns → run-level slots; returns the program's value. */
  run(values: Float64Array, tables: Tables, run: number): number;
  /**
   * Sums over runs [from, to) of the loss that the evaluator was made for (loss.ts), r being the
   * program's value: returns Σ w·ρ(r) and adds to `sums`. Weights of S are `matrixWeight` of loss.ts:
   * tau = 1 is reweighting, which majorizes; smaller is nearer Newton's matrix. Runs of weight 0 are
   * not read.
   */
  runs(
    values: Float64Array,
    tables: Tables,
    weight: Float64Array,
    from: number,
    to: number,
    delta: number,
    tau: number,
    sums: Sums,
  ): number;
  /**
   * Of a bent program: adds Σ w·ω·r″·d over runs [from, to) to `pulls`, a number a column, with the
   * ω of S. `fit` takes the point and then the direction.
   */
  bends?(
    values: Float64Array,
    tables: Tables,
    weight: Float64Array,
    from: number,
    to: number,
    delta: number,
    tau: number,
    pulls: Float64Array,
  ): void;
  /** What the sums of a group whose slots are in place give the coordinates. */
  spread(values: Float64Array, sums: Sums, gradient: Float64Array, H: Float64Array): void;
  /**
   * Returns Σ w·value over runs [from, to) and adds Σ w·d to `slopes`, a number a column. Runs of
   * weight 0 are not read.
   */
  sum(
    values: Float64Array,
    tables: Tables,
    weight: Float64Array,
    from: number,
    to: number,
    slopes: Float64Array,
  ): number;
}

/** Fresh working memory with the constants in place. */
export function workspace(program: Program): Float64Array {
  return Float64Array.from(program.slots, (slot) => (slot.kind === "const" ? slot.value : 0));
}
