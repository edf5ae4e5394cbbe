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
import { type Stretches, stretches } from "./stretches.ts";

/** Rows that starts are judged by. */
const MOST_ROWS = 120;
/** A positive coefficient is at least this share of where it is solved from. */
const LEAST_SHARE = 1e-6;
/**
 * Some of the rows, every so many, refuse most draws: what they leave at their own best is no more
 * than all leave. There are at least `least` of all rows.
 */
const FEW = { every: 4, least: 32 } as const;
/** A cost is above another for sure where it is beyond this many times it: rounding is far less. */
const SURELY = 1 + 1e-9;
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
  /**
   * The list that all is computed in: what `#code` lists, residuals and a column of derivatives
   * after the other; the rows' factors; then A·x + r, and the same with rows weighted.
   */
  readonly #list: Stretches;
  readonly #factors: number;
  readonly #squares: BoundedLeastSquares;
  /** Undefined where the fit is one of least squares. */
  readonly #weighted: BoundedLeastSquares | undefined;
  readonly #code: Evaluator64;
  readonly #values: Float64Array;
  readonly #tables: Tables;
  /** The same problem at few of the rows; undefined where all are few. */
  readonly #few: LinearSolve | undefined;
  /** What A is summed from: a coordinate's column in A and in what is listed; its slot. */
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
    const { linear, program, lower, upper, isSquared } = law;
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
    this.#code = evaluator64(program);
    this.#values = workspace(program);
    this.#tables = tablesOf(packed, 0);
    this.#factors = count * (1 + program.columns.length);
    const [own, place] = [BoundedLeastSquares.numbers(count, n), this.#factors + count];
    this.#list = stretches(place + (isSquared ? own : 2 * own));
    this.#squares = new BoundedLeastSquares(this.#list, place, count, n);
    this.#weighted = isSquared ? undefined : new BoundedLeastSquares(this.#list, place + own, count, n); // prettier-ignore
    const few = isSquared ? fewRows(law, rows) : undefined;
    this.#few = few && new LinearSolve(law, few);
    const seen = new Set<number>();
    this.#entries = program.columns.flatMap(({ entries }, column) =>
      entries.map(({ param, slot }) => {
        const to = linear.findIndex(({ index }) => index === param);
        const isFirst = !seen.has(to);
        seen.add(to);
        return { to, from: (1 + column) * count, slot, isFirst };
      }),
    );
  }

  /**
   * How well a point does with its linear coordinates solved for, which are then in `solution`: a
   * mean over the rows. Infinity where it has no value, or where that is surely not below `least`.
   */
  judge(point: Float64Array, least = Infinity): number {
    const { isSquared } = this.law;
    const most = isSquared ? least * this.rows.factors.length * SURELY : Infinity;
    if (most < Infinity && this.#few !== undefined && this.#few.#leastOf(point) > most)
      return Infinity;
    if (this.#leastOf(point) > most) return Infinity;
    return this.#settle(point, this.#squares.solve(this.#lower, this.#upper), this.#squares);
  }

  /** The same by absolute residuals, roughly, where the fit is not one of least squares. */
  judgeRobustly(point: Float64Array): number {
    const [squares, weighted] = [this.#squares, this.#weighted];
    if (weighted === undefined) return this.judge(point);
    this.#leastOf(point);
    let x = squares.solve(this.#lower, this.#upper);
    for (let round = 0; round < REWEIGHTED; round++) {
      this.#reweigh(x, weighted);
      weighted.reduce();
      x = weighted.solve(this.#lower, this.#upper);
    }
    return this.#settle(point, x, weighted);
  }

  /** What the sum of squares is at least, whatever the linear coordinates; fills A and r. */
  #leastOf(point: Float64Array): number {
    const { solution } = this;
    const { linear } = this.law;
    solution.set(point);
    for (let j = 0; j < linear.length; j++) solution[linear[j].index] = this.#base[j];
    this.#evaluate(solution);
    return this.#squares.reduce();
  }

  /** Writes `solution`, from what the linear problem has for it, and returns its cost. */
  #settle(point: Float64Array, x: Float64Array, squares: BoundedLeastSquares): number {
    const { solution } = this;
    const { linear, lower, upper } = this.law;
    for (let j = 0; j < linear.length; j++) {
      const { index, logarithm } = linear[j];
      solution[index] += logarithm ? Math.log1p(x[j]) : x[j];
    }
    const cost = this.#cost(squares);
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
    const { start } = this.rows.packed;
    const [code, values, tables, list] = [this.#code, this.#values, this.#tables, this.#list];
    const [squares, entries] = [this.#squares, this.#entries];
    const { numbers } = list;
    const count = squares.rows;
    const [listed, factors] = [list.address(0), list.address(this.#factors)];
    const step = list.address(1) - listed;
    numbers.set(this.rows.factors, this.#factors);
    code.fit(values, theta);
    for (let g = 0; g + 1 < start.length; g++) {
      const [first, end] = [start[g], start[g + 1]];
      const [at, some] = [step * first, end - first];
      code.mix(values, tables, g);
      code.list(values, tables, first, end, numbers, count);
      list.scale(listed + at, 1, factors + at, squares.r + at, some);
      for (let k = 0; k < entries.length; k++) {
        const { to, from, slot, isFirst } = entries[k];
        const [own, column] = [listed + step * from + at, squares.A[to] + at];
        if (isFirst) list.scale(own, values[slot], factors + at, column, some);
        else list.addScaled(own, values[slot], factors + at, column, some);
      }
    }
  }

  /** Writes A and r with the weights that make squares of their residuals at x absolute ones. */
  #reweigh(x: Float64Array, weighted: BoundedLeastSquares): void {
    const { numbers } = this.#list;
    const { place: from, rows } = this.#squares;
    const to = weighted.place;
    const atR = x.length * rows;
    const left = numbers.slice(from + atR, from + atR + rows);
    for (let j = 0, at = from; j < x.length; j++)
      for (let row = 0; row < rows; row++, at++) left[row] += numbers[at] * x[j];
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += Math.abs(left[row]);
    const least = 1e-3 * (sum / rows);
    for (let row = 0; row < rows; row++) {
      const weight = 1 / Math.sqrt(Math.abs(left[row]) + least || 1);
      for (let at = row; at <= atR + row; at += rows)
        numbers[to + at] = numbers[from + at] * weight;
    }
  }

  /** The mean square, or the mean size, of what the last solution left. */
  #cost(squares: BoundedLeastSquares): number {
    if (this.law.isSquared) return squares.squares / squares.rows;
    const { left } = squares;
    let cost = 0;
    for (let row = 0; row < left.length; row++) cost += Math.abs(left[row]);
    return cost / left.length;
  }
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** Few of the rows; undefined where all are few, or of several mixtures, which are not picked. */
function fewRows({ program }: LinearLaw, rows: LinearRows): LinearRows | undefined {
  const { packed, factors, spread } = rows;
  const { start, order, run, responses } = packed;
  if (start.length !== 2 || factors.length < FEW.least) return undefined;
  const places = Array.from({ length: Math.ceil(factors.length / FEW.every) }, (_, i) => i * FEW.every); // prettier-ignore
  const picked = (table: Float64Array, width: number): Float64Array => {
    const some = new Float64Array(places.length * width);
    for (const [n, at] of places.entries())
      for (let c = 0; c < width; c++) some[n * width + c] = table[at * width + c];
    return some;
  };
  const { tables } = program;
  return {
    packed: {
      ...packed,
      start: Int32Array.of(0, places.length),
      order: Int32Array.from(places, (at) => order[at]),
      run: picked(run, tables.run.length),
      responses: responses.map((table) => picked(table, tables.response.length)),
    },
    factors: Float64Array.from(places, (at) => factors[at]),
    spread,
  };
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
