/** The best values of the coordinates that a law is linear in, the others given. */
import type { RunSet } from "../../data/runs/run-set.ts";
import { rowWeights } from "../../data/runs/row-weights.ts";
import { compile } from "../../expr/compile.ts";
import { type Evaluator64, type Tables, workspace } from "../../expr/evaluator.ts";
import { evaluator64 } from "../../expr/float64.ts";
import { type Program, withColumnsOf } from "../../expr/program.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { residual } from "../../laws/objective.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { type Packed, pack, tablesOf } from "../../solve/pack-tables.ts";
import { BoundedLeastSquares } from "./bounded-least-squares.ts";
import { type LinearCoordinate, linearCoordinates } from "./linear-coordinates.ts";
import { spacedRows } from "./sample-rows.ts";

/** Rows that starts are judged by. */
const MOST_ROWS = 120;
/** A positive coefficient is at least this share of where it is solved from. */
const LEAST_SHARE = 1e-6;
/** Reweighted solutions of what is no least-squares fit. */
const REWEIGHTED = 3;

/** What the linear problems of a law's targets share. Plain data: it goes to threads as it is. */
export interface LinearLaw {
  readonly linear: readonly LinearCoordinate[];
  /** The raw residual, with its derivatives by the linear coordinates alone. */
  readonly program: Program;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Whether the fit is one of least squares. */
  readonly isSquared: boolean;
}

/** The rows that one target's starts are judged by. Plain data. */
export interface LinearRows {
  readonly packed: Packed;
  /**
   * What residuals are multiplied by, in packed order: roots of the rows' weights, over the
   * observed losses where residuals are logarithms or relative ones.
   */
  readonly factors: Float64Array;
  /** How much the response varies. */
  readonly spread: number;
}

export function linearLaw(law: BoundLaw, { loss }: Pick<FitSettings, "loss">): LinearLaw {
  const linear = linearCoordinates(law);
  const isLinear = new Set(linear.map(({ index }) => index));
  const program = withColumnsOf(compile(residual(law.loss, "raw"), law.size), isLinear);
  const { lower, upper } = law;
  return { linear, program, lower, upper, isSquared: loss === "squared" };
}

/** Some rows of a target that weigh something. */
export function linearRows(
  { program }: LinearLaw,
  { train, target }: { readonly train: RunSet; readonly target: number },
  domains: number,
  spread: number,
  kind: FitSettings["residual"],
): LinearRows {
  const weights = rowWeights(train, kind)?.[target];
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const rows = spacedRows(train.losses[target], MOST_ROWS).filter((row) => weightOf(row) > 0);
  const some = rowsOf(train, domains, target, rows);
  const packed = pack(program, some, domains, some.losses);
  const factors = Float64Array.from(packed.order, (i) => {
    const unit = kind === "raw" ? 1 : some.losses[0][i];
    return Math.sqrt(weightOf(rows[i])) / unit;
  });
  return { packed, factors, spread };
}

/** One target's linear problem. Its arrays are made once: there are millions of solutions. */
export class LinearSolve {
  /**
   * The point that was judged last with its linear coordinates solved for; that point as it was,
   * where it has no value.
   */
  readonly solution: Float64Array;
  /** Where each linear coordinate is solved from, and how far it may go from there. */
  readonly #base: Float64Array;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  /** A·x + r, A column after column, a row of the data each. */
  readonly #A: Float64Array;
  readonly #r: Float64Array;
  /** The same with rows weighted. */
  readonly #weightedA: Float64Array;
  readonly #weightedR: Float64Array;
  readonly #squares: BoundedLeastSquares;
  readonly #code: Evaluator64;
  readonly #values: Float64Array;
  readonly #tables: Tables;
  /** What `#code` lists: residuals, and a column of derivatives after the other. */
  readonly #listed: Float64Array;
  /** What A is summed from: where a coordinate's column begins in A and in the list; its slot. */
  readonly #entries: readonly {
    readonly to: number;
    readonly from: number;
    readonly slot: number;
    /** Whether nothing is there before. */
    readonly isFirst: boolean;
  }[];

  constructor(
    readonly law: LinearLaw,
    readonly rows: LinearRows,
  ) {
    const { linear, program, lower, upper } = law;
    const { packed, factors, spread } = rows;
    const [n, count] = [linear.length, factors.length];
    this.#base = Float64Array.from(linear, ({ index, logarithm }) =>
      Math.min(Math.max(logarithm ? Math.log(spread) : 0, lower[index]), upper[index]),
    );
    const ends = (bounds: Float64Array, ofLogarithm: number): Float64Array =>
      Float64Array.from(linear, ({ index, logarithm }, j) =>
        logarithm ? ofLogarithm : bounds[index] - this.#base[j],
      );
    this.#lower = ends(lower, LEAST_SHARE - 1);
    this.#upper = ends(upper, Infinity);
    this.solution = new Float64Array(lower.length);
    this.#A = new Float64Array(count * n);
    this.#r = new Float64Array(count);
    this.#weightedA = new Float64Array(count * n);
    this.#weightedR = new Float64Array(count);
    this.#squares = new BoundedLeastSquares(count, n);
    this.#code = evaluator64(program);
    this.#values = workspace(program);
    this.#tables = tablesOf(packed, 0);
    this.#listed = new Float64Array(count * (1 + program.columns.length));
    const seen = new Set<number>();
    this.#entries = program.columns.flatMap(({ entries }, column) =>
      entries.map(({ param, slot }) => {
        const to = count * linear.findIndex(({ index }) => index === param);
        const isFirst = !seen.has(to);
        seen.add(to);
        return { to, from: (1 + column) * count, slot, isFirst };
      }),
    );
  }

  /**
   * How well a point does with its linear coordinates solved for, which are then in `solution`: a
   * mean over the rows. Infinity where it has no value. `robust`: by absolute residuals, roughly,
   * where the fit is not one of least squares.
   */
  judge(point: Float64Array, robust = false): number {
    const { solution } = this;
    const { linear, lower, upper, isSquared } = this.law;
    solution.set(point);
    for (let j = 0; j < linear.length; j++) solution[linear[j].index] = this.#base[j];
    this.#evaluate(solution);
    let x = this.#squares.solve(this.#A, this.#r, this.#lower, this.#upper);
    for (let round = 0; robust && !isSquared && round < REWEIGHTED; round++) {
      this.#reweigh(x);
      x = this.#squares.solve(this.#weightedA, this.#weightedR, this.#lower, this.#upper);
    }
    for (let j = 0; j < linear.length; j++) {
      const { index, logarithm } = linear[j];
      solution[index] += logarithm ? Math.log1p(x[j]) : x[j];
    }
    const cost = this.#cost();
    // Whatever is not finite in A or r is not in the cost either.
    if (!areFinite(solution) || !Number.isFinite(cost)) {
      solution.set(point);
      return Infinity;
    }
    for (let i = 0; i < solution.length; i++)
      solution[i] = Math.min(Math.max(solution[i], lower[i]), upper[i]);
    return cost;
  }

  /** Fills A and r. */
  #evaluate(theta: Float64Array): void {
    const { packed, factors } = this.rows;
    const { start } = packed;
    const [code, values, tables, listed] = [this.#code, this.#values, this.#tables, this.#listed];
    const [A, r, entries] = [this.#A, this.#r, this.#entries];
    const count = r.length;
    code.fit(values, theta);
    for (let g = 0; g + 1 < start.length; g++) {
      const [first, end] = [start[g], start[g + 1]];
      code.mix(values, tables, g);
      code.list(values, tables, first, end, listed, count);
      for (let at = first; at < end; at++) r[at] = listed[at] * factors[at];
      for (let k = 0; k < entries.length; k++) {
        const { to, from, slot, isFirst } = entries[k];
        const slope = values[slot];
        if (isFirst)
          for (let at = first; at < end; at++) A[to + at] = listed[from + at] * slope * factors[at];
        else
          for (let at = first; at < end; at++)
            A[to + at] += listed[from + at] * slope * factors[at];
      }
    }
  }

  /** Gives rows the weights that make squares of their residuals at x absolute ones. */
  #reweigh(x: Float64Array): void {
    const [A, r, left] = [this.#A, this.#r, this.#weightedR];
    const count = r.length;
    left.set(r);
    for (let j = 0, at = 0; j < x.length; j++)
      for (let row = 0; row < count; row++, at++) left[row] += A[at] * x[j];
    let sum = 0;
    for (let row = 0; row < count; row++) sum += Math.abs(left[row]);
    const least = 1e-3 * (sum / count);
    for (let row = 0; row < count; row++) {
      const weight = 1 / Math.sqrt(Math.abs(left[row]) + least || 1);
      this.#weightedR[row] = r[row] * weight;
      for (let at = row; at < A.length; at += count) this.#weightedA[at] = A[at] * weight;
    }
  }

  /** The mean square, or the mean size, of what the last solution left. */
  #cost(): number {
    const { left } = this.#squares;
    const { isSquared } = this.law;
    let cost = 0;
    for (let row = 0; row < left.length; row++)
      cost += isSquared ? left[row] * left[row] : Math.abs(left[row]);
    return cost / left.length;
  }
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
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
