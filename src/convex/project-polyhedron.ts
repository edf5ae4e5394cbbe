/**
 * The nearest point of a polyhedron that is a box cut by a few rows: Goldfarb & Idnani (1983), "A
 * numerically stable dual method for solving strictly convex quadratic programs", for the identity
 * as the Hessian. It starts at the nearest point of the box and adds the most violated constraint
 * until none is; a constraint that gets in the way (its multiplier would change sign) is dropped.
 * Coordinates at a bound are left out of the linear algebra, so a step costs the number of active
 * rows squared times the dimension, and the number of rows is small.
 */

import { clamp } from "./project-box.ts";

/** min ≤ coefficients·x ≤ max; infinite where there is no bound. */
export interface Row {
  readonly coefficients: Float64Array;
  readonly min: number;
  readonly max: number;
}

export interface Nearest {
  readonly x: Float64Array;
  /**
   * Of each row, λ in y − x = Σ λ·coefficients + (what the box adds): ≥ 0 at the row's max, ≤ 0 at
   * its min, 0 where it is not active.
   */
  readonly multipliers: Float64Array;
}

interface Active {
  readonly row: number;
  /** +1 at the max, −1 at the min, 0 for an equation. */
  readonly side: -1 | 0 | 1;
}

/**
 * Normals within this of being dependent are. Rows hold 0, ±1 and such: what is independent is so
 * by far more.
 */
const DEPENDENT = 1e-11;
/**
 * A constraint violated by less than this, relative to the size of y, may be left so where no point
 * fulfills all: sums of decimals round.
 */
const SLACK = 1e-12;

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
  const n = y.length;
  const scale = y.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
  const first = solve(y, lower, upper, rows, scale);
  // Coordinates of size 1 cannot be told from a y of size 1e6 to the last digit; from the point
  // itself they can.
  if (first === undefined || scale < 10 || n === 0) return first;
  const again = solve(first.x, lower, upper, rows, 1);
  return { x: again?.x ?? first.x, multipliers: first.multipliers };
}

function solve(
  y: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
  scale: number,
): Nearest | undefined {
  const n = y.length;
  const slack = SLACK * scale;
  const x = new Float64Array(n);
  /** −1 at the lower bound, +1 at the upper, 0 free. */
  const at = new Int8Array(n);
  for (let i = 0; i < n; i++) {
    if (lower[i] > upper[i] + slack) return undefined;
    at[i] = y[i] <= lower[i] ? -1 : y[i] >= upper[i] ? 1 : 0;
    x[i] = at[i] < 0 ? lower[i] : at[i] > 0 ? upper[i] : y[i];
  }
  let active: Active[] = [];
  let lambda: number[] = [];
  const norms = rows.map(({ coefficients }) => Math.sqrt(dot(coefficients, coefficients)));
  const left = new Set<number>(); // rows n, n + 1, … and coordinates that rounding keeps violated
  let tolerance = 2e-14 * scale;

  for (let round = 0; ; round++) {
    // Rounding can make the last digits go round in circles; each lap allows more of them.
    if (round > 0 && round % (20 * (n + rows.length)) === 0) tolerance *= 4;
    const worst = mostViolated(x, lower, upper, rows, norms, at, active, left, tolerance);
    if (worst === undefined) break;
    const { index, side } = worst;
    const row = index - n;
    const bound =
      row < 0 ? (side > 0 ? upper[index] : lower[index]) : side > 0 ? rows[row].max : rows[row].min;
    let price = 0; // the multiplier of the constraint to come, times its side
    for (;;) {
      const factor = cholesky(rows, active, at);
      // direction: what of the outward normal the active rows leave to the free coordinates;
      // change: how their multipliers make up for the rest.
      const direction = new Float64Array(n);
      if (row < 0) direction[index] = side;
      else for (let i = 0; i < n; i++) direction[i] = side * rows[row].coefficients[i];
      const change = backSolve(
        factor,
        active.map((a) => freeDot(rows[a.row].coefficients, direction, at)),
      );
      for (const [j, a] of active.entries())
        for (let i = 0; i < n; i++) direction[i] -= change[j] * rows[a.row].coefficients[i];
      let length = 0;
      for (let i = 0; i < n; i++) if (at[i] === 0) length += direction[i] ** 2;
      const size = row < 0 ? 1 : norms[row] ** 2;
      const value = row < 0 ? x[index] : dot(rows[row].coefficients, x);
      const gap = side * (value - bound);
      let step = length > DEPENDENT * size ? Math.max(0, gap) / length : Infinity;
      // The first multiplier to reach 0 on the way.
      let drop: { row: number } | { coordinate: number } | undefined;
      for (const [j, a] of active.entries()) {
        if (a.side * change[j] > DEPENDENT && lambda[j] / change[j] < step) {
          step = Math.max(0, lambda[j] / change[j]);
          drop = { row: j };
        }
      }
      for (let i = 0; i < n; i++) {
        // At a bound, direction is minus the rate of the bound's multiplier.
        if (at[i] === 0 || lower[i] === upper[i] || at[i] * direction[i] <= DEPENDENT) continue;
        let multiplier = y[i] - x[i];
        for (const [j, a] of active.entries())
          multiplier -= lambda[j] * rows[a.row].coefficients[i];
        if (row >= 0) multiplier -= price * side * rows[row].coefficients[i];
        if (multiplier / direction[i] < step) {
          step = Math.max(0, multiplier / direction[i]);
          drop = { coordinate: i };
        }
      }
      if (step === Infinity) {
        if (gap > slack * Math.sqrt(size)) return undefined;
        left.add(index);
        break;
      }
      price += step;
      for (let j = 0; j < active.length; j++) lambda[j] -= step * change[j];
      for (let i = 0; i < n; i++) if (at[i] === 0) x[i] -= step * direction[i];
      if (drop === undefined) {
        if (row < 0) at[index] = side;
        else active.push({ row, side: rows[row].min === rows[row].max ? 0 : side });
        break;
      }
      if ("coordinate" in drop) at[drop.coordinate] = 0;
      else {
        const gone = drop.row;
        active = active.filter((_, j) => j !== gone);
        lambda = lambda.filter((_, j) => j !== gone);
      }
    }
    // From scratch, so that no rounding adds up over the steps.
    for (let i = 0; i < n; i++) if (at[i] !== 0) x[i] = at[i] > 0 ? upper[i] : lower[i];
    lambda = [...refresh(y, x, rows, active, at)];
  }
  for (let i = 0; i < n; i++) x[i] = clamp(x[i], lower[i], upper[i]);
  const multipliers = new Float64Array(rows.length);
  for (const [j, a] of active.entries()) multipliers[a.row] = lambda[j];
  return { x, multipliers };
}

/**
 * Writes the nearest point to y with the active rows as equations and the coordinates at bounds
 * held; returns the rows' multipliers.
 */
function refresh(
  y: Float64Array,
  x: Float64Array,
  rows: readonly Row[],
  active: readonly Active[],
  at: Int8Array,
): Float64Array {
  const factor = cholesky(rows, active, at);
  const lambda = new Float64Array(active.length);
  for (let i = 0; i < x.length; i++) if (at[i] === 0) x[i] = y[i];
  // The second time corrects what a large y rounds.
  for (let pass = 0; pass < 2; pass++) {
    const gaps = active.map(
      (a) => dot(rows[a.row].coefficients, x) - (a.side < 0 ? rows[a.row].min : rows[a.row].max),
    );
    for (const [j, more] of backSolve(factor, gaps).entries()) {
      lambda[j] += more;
      const { coefficients } = rows[active[j].row];
      for (let i = 0; i < x.length; i++) if (at[i] === 0) x[i] -= more * coefficients[i];
    }
  }
  return lambda;
}

/**
 * The constraint to add: index i for coordinate i, n + j for row j, and the side on which it is
 * violated.
 */
function mostViolated(
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
  norms: readonly number[],
  at: Int8Array,
  active: readonly Active[],
  left: ReadonlySet<number>,
  tolerance: number,
): { index: number; side: -1 | 1 } | undefined {
  let most = tolerance;
  let found: { index: number; side: -1 | 1 } | undefined;
  const look = (index: number, side: -1 | 1, gap: number): void => {
    if (gap > most && !left.has(index)) {
      most = gap;
      found = { index, side };
    }
  };
  for (let i = 0; i < x.length; i++) {
    if (at[i] !== 0) continue;
    look(i, -1, lower[i] - x[i]);
    look(i, 1, x[i] - upper[i]);
  }
  for (const [j, { coefficients, min, max }] of rows.entries()) {
    if (norms[j] === 0 || active.some((a) => a.row === j)) continue;
    const value = dot(coefficients, x);
    look(x.length + j, -1, (min - value) / norms[j]);
    look(x.length + j, 1, (value - max) / norms[j]);
  }
  return found;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

const freeDot = (a: Float64Array, b: Float64Array, at: Int8Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (at[i] === 0) sum += a[i] * b[i];
  return sum;
};

/** Lower triangular L with L·Lᵀ = the active rows' inner products over the free coordinates. */
function cholesky(rows: readonly Row[], active: readonly Active[], at: Int8Array): number[][] {
  const factor: number[][] = [];
  for (const [i, a] of active.entries()) {
    const line: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = freeDot(rows[a.row].coefficients, rows[active[j].row].coefficients, at);
      for (let m = 0; m < j; m++) sum -= line[m] * (j === i ? line[m] : factor[j][m]);
      line.push(j === i ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / factor[j][j]);
    }
    factor.push(line);
  }
  return factor;
}

/** Solves L·Lᵀ·z = b. */
function backSolve(factor: readonly (readonly number[])[], b: readonly number[]): Float64Array {
  const z = Float64Array.from(b);
  for (let i = 0; i < z.length; i++) {
    for (let m = 0; m < i; m++) z[i] -= factor[i][m] * z[m];
    z[i] /= factor[i][i];
  }
  for (let i = z.length - 1; i >= 0; i--) {
    for (let m = i + 1; m < z.length; m++) z[i] -= factor[m][i] * z[m];
    z[i] /= factor[i][i];
  }
  return z;
}
