/**
 * The nearest point of a polyhedron that is a box cut by a few rows: Goldfarb & Idnani (1983), "A
 * numerically stable dual method for solving strictly convex quadratic programs", for the identity
 * as the Hessian. It starts at the nearest point of the box and adds the most violated constraint
 * until none is violated; a constraint that gets in the way (its multiplier would change sign) is
 * dropped. Coordinates at a bound are left out of the linear algebra, so a step costs the number of
 * active rows squared times the dimension, and the number of rows is small.
 */
import { type ActiveRow, backSolve, cholesky, freeDot, type Row } from "./active-rows.ts";
import { clamp } from "./project-box.ts";
import { dot } from "./vectors.ts";

export interface Nearest {
  readonly x: Float64Array;
  /**
   * Of each row, λ in y − x = Σ λ·coefficients + (what the box adds): ≥ 0 at the row's max, ≤ 0 at
   * its min, 0 where it is not active.
   */
  readonly multipliers: Float64Array;
}

/**
 * Normals within this of being dependent are. The coefficients of rows are of size 1 or less, and
 * rows that are independent are so by far more.
 */
const DEPENDENT = 1e-11;
/**
 * A constraint violated by less than this, relative to the size of y, may be left so where no point
 * fulfills all: sums of decimals round.
 */
const SLACK = 1e-12;
/** Rows are kept to this, relative to the size of y; and to more where rounding goes in circles. */
const TOLERANCE = { first: 2e-14, grow: 4 } as const;
/** A y larger than this is projected a second time, from the point that was found. */
const LARGE = 10;

/**
 * Returns `undefined` when no point fulfills all (by more than 1e-12 relative to the size of y).
 *
 * @param y the point, n coordinates
 * @param lower lower bounds, n, −Infinity for none
 * @param upper upper bounds, n, Infinity for none
 * @param rows n coefficients each
 * @example nearest(y, zeros, ones, [{ coefficients: ones, min: 1, max: 1 }])?.x // what projectBox
 *   gives
 */
export function nearest(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
): Nearest | undefined {
  const scale = y.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
  const first = project(y, lower, upper, rows, scale);
  // Coordinates of size 1 cannot be told from a y of size 1e6 to the last digit; from the point
  // itself they can.
  if (first === undefined || scale < LARGE || y.length === 0) return first;
  const again = project(first.x, lower, upper, rows, 1);
  return { x: again?.x ?? first.x, multipliers: first.multipliers };
}

interface Problem {
  readonly y: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly rows: readonly Row[];
  /** Euclidean length of each row's coefficients. */
  readonly norms: readonly number[];
  /** How much a constraint may be violated where no point fulfills all. */
  readonly slack: number;
}

/** The nearest point under the active constraints alone, and their multipliers. */
interface State {
  readonly x: Float64Array;
  /** Of each coordinate: −1 at its lower bound, +1 at its upper one, 0 free. */
  readonly bounds: Int8Array;
  rows: readonly ActiveRow[];
  /** λ of each active row. */
  multipliers: number[];
  /** Constraints, numbered as in `Entering`, that rounding keeps violated. */
  readonly ignored: Set<number>;
}

/** The constraint that is to be added. */
interface Entering {
  /** i for coordinate i, n + j for row j. */
  readonly index: number;
  /** j for row j, negative for a coordinate. */
  readonly row: number;
  readonly side: -1 | 1;
  /** What its value is to become. */
  readonly bound: number;
}

function project(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
  scale: number,
): Nearest | undefined {
  const norms = rows.map(({ coefficients }) => Math.sqrt(dot(coefficients, coefficients)));
  const problem = { y, lower, upper, rows, norms, slack: SLACK * scale };
  const state = nearestOfBox(problem);
  if (state === undefined) return undefined;
  let tolerance = TOLERANCE.first * scale;
  for (let round = 0; ; round++) {
    // Rounding can make the last digits go round in circles; each lap allows more of them.
    if (round > 0 && round % (20 * (y.length + rows.length)) === 0) tolerance *= TOLERANCE.grow;
    const entering = mostViolated(problem, state, tolerance);
    if (entering === undefined) break;
    if (!enter(problem, state, entering)) return undefined;
    refresh(problem, state);
  }
  const multipliers = new Float64Array(rows.length);
  for (const [j, { row }] of state.rows.entries()) multipliers[row] = state.multipliers[j];
  return { x: state.x.map((v, i) => clamp(v, lower[i], upper[i])), multipliers };
}

/** Undefined where the box is empty. */
function nearestOfBox({ y, lower, upper, slack }: Problem): State | undefined {
  const x = new Float64Array(y.length);
  const bounds = new Int8Array(y.length);
  for (let i = 0; i < y.length; i++) {
    if (lower[i] > upper[i] + slack) return undefined;
    bounds[i] = y[i] <= lower[i] ? -1 : y[i] >= upper[i] ? 1 : 0;
    x[i] = bounds[i] < 0 ? lower[i] : bounds[i] > 0 ? upper[i] : y[i];
  }
  return { x, bounds, rows: [], multipliers: [], ignored: new Set() };
}

/** The constraint that is violated most, by more than the tolerance. */
function mostViolated(
  { lower, upper, rows, norms }: Problem,
  { x, bounds, rows: active, ignored }: State,
  tolerance: number,
): Entering | undefined {
  const n = x.length;
  let most = tolerance;
  let worst: Entering | undefined;
  const look = (index: number, side: -1 | 1, bound: number, violation: number): void => {
    if (violation > most && !ignored.has(index)) {
      most = violation;
      worst = { index, row: index - n, side, bound };
    }
  };
  for (let i = 0; i < n; i++) {
    if (bounds[i] !== 0) continue;
    look(i, -1, lower[i], lower[i] - x[i]);
    look(i, 1, upper[i], x[i] - upper[i]);
  }
  for (const [j, { coefficients, min, max }] of rows.entries()) {
    if (norms[j] === 0 || active.some(({ row }) => row === j)) continue;
    const value = dot(coefficients, x);
    look(n + j, -1, min, (min - value) / norms[j]);
    look(n + j, 1, max, (value - max) / norms[j]);
  }
  return worst;
}

/**
 * Makes a constraint hold with equality, by steps that keep the point the nearest under the active
 * constraints; those that get in the way are dropped. False where no point fulfills it with them.
 */
function enter(problem: Problem, state: State, entering: Entering): boolean {
  const { rows, norms, slack } = problem;
  const { index, row, side } = entering;
  const size = row < 0 ? 1 : norms[row] ** 2;
  /** The multiplier of the entering constraint, times its side. */
  let price = 0;
  for (;;) {
    const move = moveOf(problem, state, entering);
    const full = move.length > DEPENDENT * size ? Math.max(0, move.gap) / move.length : Infinity;
    const { step, leaving } = firstToLeave(problem, state, entering, move, price, full);
    if (step === Infinity) {
      if (move.gap > slack * Math.sqrt(size)) return false;
      state.ignored.add(index);
      return true;
    }
    price += step;
    for (let j = 0; j < state.rows.length; j++) state.multipliers[j] -= step * move.change[j];
    for (let i = 0; i < state.x.length; i++)
      if (state.bounds[i] === 0) state.x[i] -= step * move.direction[i];
    if (leaving === undefined) {
      if (row < 0) state.bounds[index] = side;
      else state.rows = [...state.rows, { row, side: rows[row].min === rows[row].max ? 0 : side }];
      return true;
    }
    if ("coordinate" in leaving) state.bounds[leaving.coordinate] = 0;
    else {
      state.rows = state.rows.filter((_, j) => j !== leaving.position);
      state.multipliers = state.multipliers.filter((_, j) => j !== leaving.position);
    }
  }
}

interface Move {
  /** The entering constraint's outward normal, less what the active rows hold of it. */
  readonly direction: Float64Array;
  /** How the multipliers of the active rows change along it. */
  readonly change: Float64Array;
  /** Squared length of the direction over the free coordinates. */
  readonly length: number;
  /** How far the entering constraint is from holding. */
  readonly gap: number;
}

function moveOf(
  { rows }: Problem,
  { x, bounds, rows: active }: State,
  { index, row, side, bound }: Entering,
): Move {
  const n = x.length;
  const direction = new Float64Array(n);
  if (row < 0) direction[index] = side;
  else for (let i = 0; i < n; i++) direction[i] = side * rows[row].coefficients[i];
  const change = backSolve(
    cholesky(rows, active, bounds),
    active.map((each) => freeDot(rows[each.row].coefficients, direction, bounds)),
  );
  for (const [j, each] of active.entries())
    for (let i = 0; i < n; i++) direction[i] -= change[j] * rows[each.row].coefficients[i];
  let length = 0;
  for (let i = 0; i < n; i++) if (bounds[i] === 0) length += direction[i] ** 2;
  const value = row < 0 ? x[index] : dot(rows[row].coefficients, x);
  return { direction, change, length, gap: side * (value - bound) };
}

/** The active constraint whose multiplier is the first to reach 0 on the way, and where that is. */
function firstToLeave(
  { y, lower, upper, rows }: Problem,
  { x, bounds, rows: active, multipliers }: State,
  { row, side }: Entering,
  { direction, change }: Move,
  price: number,
  full: number,
): { step: number; leaving: { position: number } | { coordinate: number } | undefined } {
  let step = full;
  let leaving: { position: number } | { coordinate: number } | undefined;
  for (const [j, each] of active.entries()) {
    if (each.side * change[j] > DEPENDENT && multipliers[j] / change[j] < step) {
      step = Math.max(0, multipliers[j] / change[j]);
      leaving = { position: j };
    }
  }
  for (let i = 0; i < x.length; i++) {
    // At a bound, direction is minus the rate of the bound's multiplier.
    if (bounds[i] === 0 || lower[i] === upper[i] || bounds[i] * direction[i] <= DEPENDENT) continue;
    let multiplier = y[i] - x[i];
    for (const [j, each] of active.entries())
      multiplier -= multipliers[j] * rows[each.row].coefficients[i];
    if (row >= 0) multiplier -= price * side * rows[row].coefficients[i];
    if (multiplier / direction[i] < step) {
      step = Math.max(0, multiplier / direction[i]);
      leaving = { coordinate: i };
    }
  }
  return { step, leaving };
}

/**
 * The nearest point with the active rows as equations and coordinates at bounds held, and its
 * multipliers, from scratch, so that no rounding adds up over the steps.
 */
function refresh({ y, lower, upper, rows }: Problem, state: State): void {
  const { x, bounds, rows: active } = state;
  const factor = cholesky(rows, active, bounds);
  const multipliers = new Float64Array(active.length);
  for (let i = 0; i < x.length; i++)
    x[i] = bounds[i] === 0 ? y[i] : bounds[i] > 0 ? upper[i] : lower[i];
  // The second time corrects what a large y rounds.
  for (let pass = 0; pass < 2; pass++) {
    const gaps = active.map(({ row, side }) => {
      const { coefficients, min, max } = rows[row];
      return dot(coefficients, x) - (side < 0 ? min : max);
    });
    for (const [j, more] of backSolve(factor, gaps).entries()) {
      multipliers[j] += more;
      const { coefficients } = rows[active[j].row];
      for (let i = 0; i < x.length; i++) if (bounds[i] === 0) x[i] -= more * coefficients[i];
    }
  }
  state.multipliers = [...multipliers];
}
