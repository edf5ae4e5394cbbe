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

/** Sums over runs; d are a run's derivatives of the value with respect to the program's columns. */
export interface Sums {
  /**
   * Σ w·ω·d·dᵀ, ω being `matrixWeight` of loss.ts. Packed lower triangle: (a, b) at a(a+1)/2 + b.
   */
  readonly S: Float64Array;
  /** Σ w·ψ(r)·d. */
  readonly v: Float64Array;
}

/**
 * A sum over the runs [from, to) of a program, of its loss with δ `delta`; `tau` is that of
 * `matrixWeight`: 1 for reweighting, less for what is nearer to Newton's matrix. Runs of weight 0
 * are not read.
 */
export type RunSum<To, Result> = (
  values: Float64Array,
  tables: Tables,
  weight: Float64Array,
  from: number,
  to: number,
  delta: number,
  tau: number,
  into: To,
) => Result;

/**
 * A program's code, for one loss. `values` is a candidate's working memory, a number a slot
 * (`workspace`). The levels are computed in order: `fit` once, then `mix` of a group, then the runs
 * of that group, one by one (`run`) or summed.
 */
export interface Evaluator64 {
  /** Parameters → fit-level slots. */
  fit(values: Float64Array, theta: Float64Array): void;
  /** Group `group`'s columns → mix-level slots. */
  mix(values: Float64Array, tables: Tables, group: number): void;
  /** Run `run`'s columns → run-level slots; returns the program's value. */
  run(values: Float64Array, tables: Tables, run: number): number;
  /**
   * Writes the values of runs [from, to) and their derivatives by the program's columns: number c
   * of run `at`, of which the value is the first, to into[c·stride + at].
   */
  list(
    values: Float64Array,
    tables: Tables,
    from: number,
    to: number,
    into: Float64Array,
    stride: number,
  ): void;
  /** With the program's value as the residual r: returns Σ w·ρ(r) and adds to the sums. */
  readonly sumLoss: RunSum<Sums, number>;
  /**
   * Of a bent program, whose `fit` takes the point and then the direction: adds Σ w·ω·r″·d to
   * pulls, a number a column.
   */
  readonly sumBend?: RunSum<Float64Array, void>;
  /**
   * Adds a group's sums to the coordinates' gradient and packed matrix; `mix` was of that group.
   */
  scatter(values: Float64Array, sums: Sums, gradient: Float64Array, H: Float64Array): void;
  /**
   * Returns Σ w·value over runs [from, to) and adds Σ w·d to `slopes`, a number a column. Not of a
   * bent program. Runs of weight 0 are not read.
   */
  sumValue(
    values: Float64Array,
    tables: Tables,
    weight: Float64Array,
    from: number,
    to: number,
    slopes: Float64Array,
  ): number;
}

/** Working memory for an evaluator, with the program's constants in place. */
export function workspace(program: Program): Float64Array {
  return Float64Array.from(program.slots, (slot) => (slot.kind === "const" ? slot.value : 0));
}
