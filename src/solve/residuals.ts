/**
 * Residuals and their Jacobian J row by row, for decompositions of J itself: JᵀJ has lost half the
 * digits.
 */
import { type Evaluator64, type Tables, workspace } from "../expr/evaluator.ts";
import { evaluator64 } from "../expr/float64.ts";
import type { Program } from "../expr/program.ts";
import { type Packed, tablesOf } from "./pack-tables.ts";
import { type Penalty, PenaltyRows } from "./penalty/ridge.ts";

/** ∂r/∂θ[param] is the sum, over the terms of that parameter, of two values of the program. */
interface Terms {
  readonly partial: Int32Array;
  readonly slot: Int32Array;
  readonly param: Int32Array;
}

function termsOf({ columns }: Program): Terms {
  const terms = columns.flatMap(({ partial, entries }) =>
    entries.map(({ param, slot }) => ({ partial, param, slot })),
  );
  return {
    partial: Int32Array.from(terms, (term) => term.partial),
    slot: Int32Array.from(terms, (term) => term.slot),
    param: Int32Array.from(terms, (term) => term.param),
  };
}

/**
 * Residuals √w·r of one target and their derivatives, over the runs that weigh something; of a
 * penalized fit the rows of the penalty follow.
 */
export class Residuals {
  /** The runs that weigh something, in packed order, and the rows of the penalty. */
  readonly rows: number;
  /** Coordinates of θ. */
  readonly size: number;
  /** √w·r. */
  readonly r: Float64Array;
  #J: Float64Array | undefined;
  /** Σw. */
  readonly mass: number;
  readonly #values: Float64Array;
  readonly #code: Evaluator64;
  readonly #tables: Tables;
  readonly #penalty: PenaltyRows | undefined;
  readonly #terms: Terms;

  constructor(
    readonly program: Program,
    readonly packed: Packed,
    target: number,
    readonly weight: Float64Array = packed.weights[target],
    penalty?: Penalty,
  ) {
    this.mass = weight.reduce((a, b) => a + b, 0);
    this.#penalty = penalty && new PenaltyRows(penalty, this.mass);
    this.rows = weight.reduce((n, w) => n + (w > 0 ? 1 : 0), this.#penalty?.count ?? 0);
    this.size = program.params;
    this.r = new Float64Array(this.rows);
    this.#code = evaluator64(program);
    this.#values = workspace(program);
    this.#tables = tablesOf(packed, target);
    this.#terms = termsOf(program);
  }

  /** √w·∂r/∂θ, row-major: rows × size. */
  get J(): Float64Array {
    this.#J ??= new Float64Array(this.rows * this.size);
    return this.#J;
  }

  /** Σ w·r² of the runs, without J. */
  squares(theta: Float64Array): number {
    const { weight } = this;
    const { start } = this.packed;
    const [code, values, tables] = [this.#code, this.#values, this.#tables];
    let total = 0;
    code.fit(values, theta);
    for (let g = 0; g + 1 < start.length; g++) {
      code.mix(values, tables, g);
      for (let at = start[g]; at < start[g + 1]; at++) {
        if (weight[at] === 0) continue;
        const residual = Math.sqrt(weight[at]) * code.run(values, tables, at);
        total += residual * residual;
      }
    }
    return total;
  }

  /** Fills `r` and `J`; returns Σ w·r², the penalty's rows among them. */
  evaluate(theta: Float64Array): number {
    const { r, J, size: p, weight } = this;
    const { partial, param, slot } = this.#terms;
    const terms = partial.length;
    const { start } = this.packed;
    const [code, values, tables] = [this.#code, this.#values, this.#tables];
    J.fill(0);
    let total = 0;
    let row = 0;
    code.fit(values, theta);
    for (let g = 0; g + 1 < start.length; g++) {
      code.mix(values, tables, g);
      for (let at = start[g]; at < start[g + 1]; at++) {
        if (weight[at] === 0) continue;
        const root = Math.sqrt(weight[at]);
        const residual = root * code.run(values, tables, at);
        r[row] = residual;
        total += residual * residual;
        for (let t = 0; t < terms; t++)
          J[row * p + param[t]] += root * values[partial[t]] * values[slot[t]];
        row++;
      }
    }
    if (this.#penalty === undefined) return total;
    const drawn = this.#penalty.residuals(theta);
    r.set(drawn, row);
    this.#penalty.differentiate(J, row);
    return total + drawn.reduce((sum, x) => sum + x * x, 0);
  }
}
