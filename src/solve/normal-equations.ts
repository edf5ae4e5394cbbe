/**
 * The normal equations of a fit in float64: the objective of one target, its gradient, the matrix
 * H = JᵀΩJ and second derivatives, from a program's factored Jacobian.
 */
import { type Packed, tablesOf } from "./pack-tables.ts";
import { type Evaluator64, type Tables, workspace } from "../expr/evaluator.ts";
import { evaluator64 } from "../expr/float64.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../expr/loss.ts";
import type { Program } from "../expr/program.ts";

/** The bent program's code and memory; `input` is the point and then the direction. */
interface Bent {
  readonly code: Evaluator64;
  readonly values: Float64Array;
  readonly input: Float64Array;
}

/**
 * Step of the differences in `second`, for coordinates of the order of 1. The error that it leaves,
 * 1e-6 of third derivatives, is below the curvature of the flattest directions.
 */
const DIFFERENCE = 1e-6;

/** The objective of one target, the weighted mean of ρ over its runs, with derivatives in θ. */
export class NormalEquations {
  /** Coordinates of θ. */
  readonly size: number;
  /** As `evaluate` left it. */
  readonly gradient: Float64Array;
  /** As `evaluate` left it: packed lower triangle, (i, j) at i(i+1)/2 + j. */
  readonly H: Float64Array;
  /** Of each packed run. */
  #weight: Float64Array;
  #mass = 0;
  /** 1 for groups in which no run weighs anything. */
  readonly #empty: Uint8Array;
  readonly #values: Float64Array;
  readonly #code: Evaluator64;
  readonly #tables: Tables;
  readonly #S: Float64Array;
  readonly #v: Float64Array;
  /** The nonzeros of G (program.ts): column, coordinate, and the slot that has the value. */
  readonly #entries: {
    readonly column: Int32Array;
    readonly param: Int32Array;
    readonly slot: Int32Array;
  };
  readonly #bent: Bent | undefined;

  constructor(
    readonly program: Program,
    readonly packed: Packed,
    target: number,
    readonly loss: ScaledLoss,
    weight: Float64Array = packed.weights[target],
  ) {
    const q = program.columns.length;
    this.size = program.params;
    this.gradient = new Float64Array(this.size);
    this.H = new Float64Array((this.size * (this.size + 1)) / 2);
    this.#empty = new Uint8Array(packed.start.length - 1);
    this.#weight = weight;
    this.weigh(weight);
    this.#code = evaluator64(program, loss.name);
    this.#values = workspace(program);
    this.#tables = tablesOf(packed, target);
    this.#S = new Float64Array((q * (q + 1)) / 2);
    this.#v = new Float64Array(q);
    const entries = program.columns.flatMap((c, column) =>
      c.entries.map((entry) => ({ column, ...entry })),
    );
    this.#entries = {
      column: Int32Array.from(entries, (e) => e.column),
      param: Int32Array.from(entries, (e) => e.param),
      slot: Int32Array.from(entries, (e) => e.slot),
    };
    this.#bent = program.bent && {
      code: evaluator64(program.bent, loss.name),
      values: workspace(program.bent),
      input: new Float64Array(2 * this.size),
    };
  }

  /** Sum of the weights of the runs. */
  get mass(): number {
    return this.#mass;
  }

  /** Gives the runs other weights, in packed order. */
  weigh(weight: Float64Array): void {
    const { start } = this.packed;
    this.#weight = weight;
    this.#mass = 0;
    for (let g = 0; g + 1 < start.length; g++) {
      this.#empty[g] = 1;
      for (let at = start[g]; at < start[g + 1]; at++) {
        this.#mass += weight[at];
        if (weight[at] !== 0) this.#empty[g] = 0;
      }
    }
  }

  /**
   * The objective at θ; fills `gradient` and `H`. It may be NaN or infinite where θ is absurd.
   *
   * @param tau how much H has of reweighting, see `matrixWeight`: 1 all, 0 nothing but ρ″
   */
  evaluate(theta: Float64Array, tau = 1): number {
    const { gradient, H, size: p } = this;
    const [weight, mass] = [this.#weight, this.#mass];
    const [S, v, sums] = [this.#S, this.#v, { S: this.#S, v: this.#v }];
    gradient.fill(0);
    H.fill(0);
    this.#code.fit(this.#values, theta);
    let total = 0;
    const { start } = this.packed;
    for (let g = 0; g + 1 < start.length; g++) {
      if (this.#empty[g] === 1) continue;
      S.fill(0);
      v.fill(0);
      this.#code.mix(this.#values, this.#tables, g);
      total += this.#code.sumLoss(
        this.#values,
        this.#tables,
        weight,
        start[g],
        start[g + 1],
        this.loss.delta,
        tau,
        sums,
      );
      this.#code.scatter(this.#values, sums, gradient, H);
    }
    for (let i = 0; i < p; i++) gradient[i] /= mass;
    for (let i = 0; i < H.length; i++) H[i] /= mass;
    return total / mass;
  }

  /**
   * JᵀΩr″ at θ, where r″ is the second derivative of the residuals along `direction`; `tau` as for
   * `evaluate`. Undefined for a program without second derivatives.
   */
  bend(theta: Float64Array, direction: Float64Array, tau = 1): Float64Array | undefined {
    if (this.#bent === undefined) return undefined;
    const { code, values, input } = this.#bent;
    const { column, param, slot } = this.#entries;
    const { start } = this.packed;
    input.set(theta);
    input.set(direction, this.size);
    const pull = new Float64Array(this.size);
    code.fit(values, input);
    for (let g = 0; g + 1 < start.length; g++) {
      if (this.#empty[g] === 1) continue;
      this.#v.fill(0);
      code.mix(values, this.#tables, g);
      code.sumBend?.(
        values,
        this.#tables,
        this.#weight,
        start[g],
        start[g + 1],
        this.loss.delta,
        tau,
        this.#v,
      );
      for (let e = 0; e < column.length; e++)
        pull[param[e]] += values[slot[e]] * this.#v[column[e]];
    }
    for (let i = 0; i < pull.length; i++) pull[i] /= this.#mass;
    return pull;
  }

  /**
   * Σ w·ψ(r)·∇²r at θ, which JᵀΩJ leaves out of the Hessian; packed as `H`, undefined where it is
   * not finite. By differences of Jᵀψ, with ψ held as it is at θ.
   */
  second(theta: Float64Array): Float64Array | undefined {
    const { size: p, packed } = this;
    const [values, tables, code, weight] = [this.#values, this.#tables, this.#code, this.#weight];
    const { start } = packed;
    const psi = lossFunction(lossOf(this.loss.name).psi);
    const pulls = new Float64Array(weight.length);
    code.fit(values, theta);
    for (let g = 0; g + 1 < start.length; g++) {
      if (this.#empty[g] === 1) continue;
      code.mix(values, tables, g);
      for (let at = start[g]; at < start[g + 1]; at++) {
        if (weight[at] !== 0)
          pulls[at] =
            (weight[at] * psi(code.run(values, tables, at), this.loss.delta)) / this.#mass;
      }
    }
    const slopes = new Float64Array(this.#v.length);
    const { column, param, slot } = this.#entries;
    const slopeAt = (at: Float64Array): Float64Array => {
      const sum = new Float64Array(p);
      code.fit(values, at);
      for (let g = 0; g + 1 < start.length; g++) {
        if (this.#empty[g] === 1) continue;
        code.mix(values, tables, g);
        slopes.fill(0);
        code.sumValue(values, tables, pulls, start[g], start[g + 1], slopes);
        for (let e = 0; e < column.length; e++)
          sum[param[e]] += values[slot[e]] * slopes[column[e]];
      }
      return sum;
    };
    const second = new Float64Array(this.H.length);
    const here = slopeAt(theta);
    for (let j = 0; j < p; j++) {
      const ahead = slopeAt(theta.map((x, i) => (i === j ? x + DIFFERENCE : x)));
      // An entry of two coordinates is the mean of the differences in both.
      for (let i = 0; i < p; i++) {
        const ij = i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i;
        second[ij] += (ahead[i] - here[i]) / DIFFERENCE / (i === j ? 1 : 2);
      }
    }
    return second.every(Number.isFinite) ? second : undefined;
  }
}
