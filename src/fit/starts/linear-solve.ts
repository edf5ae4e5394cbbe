/** The best values of the coordinates that a law is linear in, the others given. */
import type { RunSet } from "../../data/runs/run-set.ts";
import { rowWeights } from "../../data/runs/row-weights.ts";
import { compile } from "../../expr/compile.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { residual } from "../../laws/objective.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { pack } from "../../solve/pack-tables.ts";
import { Residuals } from "../../solve/residuals.ts";
import { boundedLeastSquares } from "./bounded-least-squares.ts";
import { type LinearCoordinate, linearCoordinates } from "./linear-coordinates.ts";
import { spacedRows } from "./sample-rows.ts";

/** Rows that starts are judged by. */
const MOST_ROWS = 120;
/** A positive coefficient is at least this share of where it is solved from. */
const LEAST_SHARE = 1e-6;
/** Reweighted solutions of what is no least-squares fit. */
const REWEIGHTED = 3;

/**
 * A point, and how well it does: a mean over some of the rows. Infinity where there is no value.
 */
export interface Judged {
  readonly theta: Float64Array;
  readonly cost: number;
}

/** One target's linear problem. */
export class LinearSolve {
  readonly linear: readonly LinearCoordinate[];
  readonly #residuals: Residuals;
  /** What residuals are divided by: the observed losses, of logarithms and relative residuals. */
  readonly #divisor: Float64Array;
  readonly #isSquared: boolean;
  readonly #A: Float64Array;
  readonly #r: Float64Array;

  constructor(
    readonly law: BoundLaw,
    { train, target }: { readonly train: RunSet; readonly target: number },
    /** How much the response varies. */
    readonly spread: number,
    { residual: kind, loss }: Pick<FitSettings, "residual" | "loss">,
  ) {
    this.linear = linearCoordinates(law);
    this.#isSquared = loss === "squared";
    const losses = train.losses[target];
    const rows = spacedRows(losses, MOST_ROWS);
    const some = rowsOf(train, law.domains.length, target, rows);
    const program = compile(residual(law.loss, "raw"), law.size);
    const weights = rowWeights(train, kind)?.[target];
    const chosen = weights === undefined ? undefined : Float64Array.from(rows, (i) => weights[i]);
    const packed = pack(program, some, law.domains.length, some.losses, chosen && [chosen]);
    this.#residuals = new Residuals(program, packed, 0);
    // Residuals has the rows that weigh something, in packed order.
    const kept = packed.order.filter((_, at) => packed.weights[0][at] > 0);
    this.#divisor = Float64Array.from(kept, (row) => (kind === "raw" ? 1 : some.losses[0][row]));
    this.#A = new Float64Array(kept.length * this.linear.length);
    this.#r = new Float64Array(kept.length);
  }

  /**
   * The point with its linear coordinates solved for. `robust`: by absolute residuals, roughly,
   * where the fit is not one of least squares.
   */
  solve(point: Float64Array, robust = false): Judged {
    const { linear, law } = this;
    const theta = point.slice();
    for (const { index, logarithm } of linear) theta[index] = logarithm ? Math.log(this.spread) : 0;
    for (const { index } of linear)
      theta[index] = Math.min(Math.max(theta[index], law.lower[index]), law.upper[index]);
    if (!this.#evaluate(theta)) return { theta: point, cost: Infinity };
    const ends = (bounds: Float64Array, end: number): number[] =>
      linear.map(({ index, logarithm }) => {
        if (!logarithm) return bounds[index] - theta[index];
        return end < 0 ? LEAST_SHARE - 1 : Infinity;
      });
    const [lower, upper] = [ends(law.lower, -1), ends(law.upper, 1)];
    const { x, cost } = this.#solved(lower, upper, robust && !this.#isSquared);
    for (const [n, { index, logarithm }] of linear.entries())
      theta[index] += logarithm ? Math.log1p(x[n]) : x[n];
    const isFinite = theta.every(Number.isFinite) && Number.isFinite(cost);
    const inside = theta.map((value, i) => Math.min(Math.max(value, law.lower[i]), law.upper[i]));
    return isFinite ? { theta: inside, cost } : { theta: point, cost: Infinity };
  }

  /** Fills A and r; whether all is finite. */
  #evaluate(theta: Float64Array): boolean {
    const { r, J, size, rows } = this.#residuals;
    const n = this.linear.length;
    if (!Number.isFinite(this.#residuals.evaluate(theta))) return false;
    for (let row = 0; row < rows; row++) {
      this.#r[row] = r[row] / this.#divisor[row];
      for (const [j, { index }] of this.linear.entries())
        this.#A[row * n + j] = J[row * size + index] / this.#divisor[row];
    }
    return this.#A.every(Number.isFinite);
  }

  #solved(
    lower: readonly number[],
    upper: readonly number[],
    robust: boolean,
  ): { readonly x: Float64Array; readonly cost: number } {
    const n = this.linear.length;
    let [A, r] = [this.#A, this.#r];
    let x = boundedLeastSquares({ A, r, n }, lower, upper);
    let left = this.#left(x);
    for (let round = 0; robust && round < REWEIGHTED; round++) {
      const mean = left.reduce((sum, e) => sum + Math.abs(e), 0) / left.length;
      const weights = left.map((e) => 1 / Math.sqrt(Math.abs(e) + 1e-3 * mean || 1));
      A = this.#A.map((value, at) => value * weights[Math.floor(at / n)]);
      r = this.#r.map((value, row) => value * weights[row]);
      x = boundedLeastSquares({ A, r, n }, lower, upper);
      left = this.#left(x);
    }
    let cost = 0;
    for (const e of left) cost += this.#isSquared ? e * e : Math.abs(e);
    return { x, cost: cost / left.length };
  }

  /** A·x + r. */
  #left(x: Float64Array): Float64Array {
    const n = x.length;
    const left = this.#r.slice();
    for (let row = 0, at = 0; row < left.length; row++)
      for (let j = 0; j < n; j++, at++) left[row] += this.#A[at] * x[j];
    return left;
  }
}

/** Some rows of one target. */
function rowsOf(train: RunSet, domains: number, target: number, rows: readonly number[]) {
  const some = (column: Float64Array): Float64Array => Float64Array.from(rows, (i) => column[i]);
  return {
    rows: rows.length,
    inputs: Object.fromEntries(
      Object.entries(train.inputs).map(([name, column]) => [name, some(column)]),
    ),
    weights: Float64Array.from({ length: rows.length * domains }, (_, at) => {
      const row = rows[Math.floor(at / domains)];
      return train.weights[row * domains + (at % domains)];
    }),
    losses: [some(train.losses[target])],
  };
}
