/** Normal equations by the evaluator of float64.ts: where WebAssembly may not run, and in tests. */
import { type Evaluator64, type Tables, workspace } from "../expr/evaluator.ts";
import { evaluator64 } from "../expr/float64.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../expr/loss.ts";
import type { Program } from "../expr/program.ts";
import type { FitEvaluation } from "../wasm/program/fit-evaluation.ts";
import { type Packed, tablesOf } from "./pack-tables.ts";

/** The bent program's code and memory; `input` is the point and then the direction. */
interface Bent {
  readonly code: Evaluator64;
  readonly values: Float64Array;
  readonly input: Float64Array;
}

export class JavaScriptEvaluation implements FitEvaluation {
  readonly #start: Int32Array;
  /** Of each packed run. */
  #weight: Float64Array = new Float64Array();
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
    program: Program,
    packed: Packed,
    target: number,
    readonly loss: ScaledLoss,
  ) {
    const q = program.columns.length;
    this.#start = packed.start;
    this.#empty = new Uint8Array(packed.start.length - 1);
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
      input: new Float64Array(2 * program.params),
    };
  }

  get mass(): number {
    return this.#mass;
  }

  weigh(weight: Float64Array): void {
    const start = this.#start;
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

  evaluate(theta: Float64Array, tau: number, gradient: Float64Array, H: Float64Array): number {
    const [weight, mass, start] = [this.#weight, this.#mass, this.#start];
    const [S, v, sums] = [this.#S, this.#v, { S: this.#S, v: this.#v }];
    gradient.fill(0);
    H.fill(0);
    this.#code.fit(this.#values, theta);
    let total = 0;
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
    for (let i = 0; i < gradient.length; i++) gradient[i] /= mass;
    for (let i = 0; i < H.length; i++) H[i] /= mass;
    return total / mass;
  }

  bend(theta: Float64Array, direction: Float64Array, tau: number): Float64Array | undefined {
    if (this.#bent === undefined) return undefined;
    const { code, values, input } = this.#bent;
    const { column, param, slot } = this.#entries;
    const start = this.#start;
    input.set(theta);
    input.set(direction, theta.length);
    const pull = new Float64Array(theta.length);
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

  slopesWith(theta: Float64Array): (point: Float64Array) => Float64Array {
    const [values, tables, code, weight] = [this.#values, this.#tables, this.#code, this.#weight];
    const start = this.#start;
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
    return (point) => {
      const sum = new Float64Array(point.length);
      code.fit(values, point);
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
  }
}
