/**
 * One target of a fit as a tool that minimizes squares gets it: residuals and derivatives
 * multiplied by the roots of weights that make their squares' gradient that of the loss.
 */
import { evaluator64 } from "../../src/expr/float64.ts";
import { itemAt } from "../../src/base/known.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../../src/expr/loss.ts";
import { workspace } from "../../src/expr/evaluator.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { tablesOf } from "../../src/solve/pack-tables.ts";
import type { Program } from "../../src/expr/program.ts";
import type { Problem } from "../../src/fit/search/problem.ts";

export class ReweightedSquares {
  /** Numbers of the rows that count. */
  readonly rows: readonly number[];
  readonly #program: Program;
  readonly #loss: ScaledLoss;
  readonly #weights: Float64Array;
  /** Roots of the weights, of the order of 1. */
  readonly #roots: Float64Array;
  readonly #normal: NormalEquations;
  readonly #values: Float64Array;
  readonly #each: (theta: readonly number[], take: (row: number, residual: number) => void) => void;

  constructor(problem: Problem, target: number) {
    const { program, packed } = problem;
    this.#program = program;
    this.#loss = itemAt(problem.losses, target);
    this.#weights = packed.weights[target] ?? new Float64Array();
    this.#roots = new Float64Array(this.#weights.length);
    this.rows = [...this.#weights.keys()].filter((row) => (this.#weights[row] ?? 0) > 0);
    this.#normal = new NormalEquations(program, packed, target, this.#loss);
    const code = evaluator64(program);
    const [values, tables] = [workspace(program), tablesOf(packed, target)];
    this.#values = values;
    this.#each = (theta, take) => {
      code.fit(values, Float64Array.from(theta));
      for (let g = 0; g + 1 < packed.start.length; g++) {
        code.mix(values, tables, g);
        for (let row = packed.start[g] ?? 0; row < (packed.start[g + 1] ?? 0); row++)
          take(row, code.run(values, tables, row));
      }
    };
  }

  /** The loss itself. */
  objective(theta: readonly number[]): number {
    return this.#normal.evaluate(Float64Array.from(theta));
  }

  /** Takes the weights that the loss gives the residuals at a point. */
  reweigh(theta: readonly number[]): void {
    const { name, delta } = this.#loss;
    const omega = lossFunction(lossOf(name).omega(1));
    this.#each(theta, (row, residual) => {
      const weight = (this.#weights[row] ?? 0) * this.rows.length * omega(residual, delta);
      this.#roots[row] = Math.sqrt(weight);
    });
  }

  /** The residuals, by row. */
  readonly residuals = (theta: readonly number[]): ((row: number) => number) => {
    const residuals = new Float64Array(this.#roots.length);
    this.#each(theta, (row, residual) => (residuals[row] = (this.#roots[row] ?? 0) * residual));
    return (row) => residuals[row] ?? NaN;
  };

  /** Their derivatives by all coordinates, by row. */
  readonly derivatives = (theta: readonly number[]): ((row: number) => number[]) => {
    const { columns, params } = this.#program;
    const derivatives: number[][] = [];
    const value = (slot: number): number => this.#values[slot] ?? 0;
    this.#each(theta, (row) => {
      const ofRow = Array.from({ length: params }, () => 0);
      for (const { partial, entries } of columns)
        for (const { param, slot } of entries)
          ofRow[param] =
            (ofRow[param] ?? 0) + (this.#roots[row] ?? 0) * value(partial) * value(slot);
      derivatives[row] = ofRow;
    });
    return (row) => derivatives[row] ?? [];
  };
}
