/**
 * Newton's method on the face of the feasible set that a mixture lies on. Projected gradients find
 * the face in a few steps and then need many to get far along its flat directions; once the face is
 * right, Newton's method ends in two or three.
 */
import { factor, solve } from "../solve/cholesky.ts";
import { type PackedSolver, packedSolver } from "../solve/packed-solver.ts";
import { LEAST_SHARE, type Smooth } from "./smooth.ts";
import { addScaled, dot } from "./vectors.ts";

/** The face of the feasible set that a mixture lies on: the ways in which it can still move. */
export interface Face {
  /** Coordinates that are not held at a bound. */
  readonly free: readonly number[];
  /** Coefficients of the sums that stay as they are: of all shares, of active groups and balls. */
  readonly rows: readonly Float64Array[];
}

/** Curvature is the difference of gradients over this share of a coordinate. */
const STEP = 1e-7;
/** Where the curvature is not positive its diagonal is raised by these shares, one by one. */
const RAISE = [0, 1e-8, 1e-4, 1e-2, 1, 100] as const;
/** A row that adds less than this to those before is a combination of them. */
const DEPENDENT = 1e-12;
/** Turns of `boundedStep`: in each, coordinates that would leave their bounds are held there. */
const LAPS = 5;

/**
 * ∂²/∂hᵢ∂hⱼ over the free coordinates, a packed lower triangle, by forward differences of the
 * gradient.
 */
export function hessian(
  surface: Smooth,
  h: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
): Float64Array {
  const n = free.length;
  const full = new Float64Array(n * n);
  const [moved, slope] = [h.slice(), new Float64Array(h.length)];
  for (const [a, i] of free.entries()) {
    moved[i] = h[i] + STEP * Math.max(h[i], LEAST_SHARE);
    const width = moved[i] - h[i];
    surface.gradient(moved, slope);
    moved[i] = h[i];
    for (const [b, j] of free.entries()) full[a * n + b] = (slope[j] - gradient[j]) / width;
  }
  const packed = new Float64Array((n * (n + 1)) / 2);
  for (let a = 0, ab = 0; a < n; a++)
    for (let b = 0; b <= a; b++, ab++) packed[ab] = 0.5 * (full[a * n + b] + full[b * n + a]);
  return packed;
}

/** The rows and columns of `free` of a packed lower triangle. */
export function submatrix(packed: Float64Array, free: readonly number[]): Float64Array {
  const n = free.length;
  const part = new Float64Array((n * (n + 1)) / 2);
  for (let a = 0, ab = 0; a < n; a++) {
    const row = (free[a] * (free[a] + 1)) / 2; // free is in ascending order
    for (let b = 0; b <= a; b++, ab++) part[ab] = packed[row + free[b]];
  }
  return part;
}

/**
 * Broyden, Fletcher, Goldfarb and Shanno's update of a packed curvature, in place, after the
 * gradient changed by `change` along `moved`. A change that shows no positive curvature is passed
 * over.
 */
export function update(packed: Float64Array, moved: Float64Array, change: Float64Array): void {
  const k = moved.length;
  const product = times(packed, moved);
  const [expected, seen] = [dot(moved, product), dot(moved, change)];
  if (!(expected > 0 && seen > 1e-3 * expected)) return;
  for (let i = 0, ij = 0; i < k; i++)
    for (let j = 0; j <= i; j++, ij++)
      packed[ij] += (change[i] * change[j]) / seen - (product[i] * product[j]) / expected;
}

/**
 * The step d that minimizes gradient·d + ½ dᵀHd with rows·d = 0: zero outside the face's free
 * coordinates, or what `given` has there. Undefined where there is nothing to move.
 * @param curvature H over the free coordinates, packed
 * @param given a step outside the free coordinates; `gradient` is then that after it
 */
export function newtonStep(
  curvature: Float64Array,
  gradient: Float64Array,
  face: Face,
  given?: Float64Array,
): Float64Array | undefined {
  const planes = planesOf(face, given);
  const solver = factored(curvature, planes, face.free.length);
  return solver && stepBy(solver, planes, gradient, face, given);
}

/** Steps as `newtonStep` makes them, on one face with one curvature, which is factored once. */
export function newtonStepper(
  curvature: Float64Array,
  face: Face,
): (gradient: Float64Array) => Float64Array | undefined {
  const planes = planesOf(face, undefined);
  const n = face.free.length;
  const L = factored(curvature, planes, n)?.A.slice();
  if (L === undefined) return () => undefined;
  const solver: Solver = { solve: (b) => solve(L, b, n) };
  return (gradient) => stepBy(solver, planes, gradient, face);
}

/** What solves LLᵀx = b in place of b. */
type Solver = Pick<PackedSolver, "solve">;

/** What keeps a step to the rows of a face. */
const planesOf = ({ free, rows }: Face, given: Float64Array | undefined): Plane[] =>
  independent(
    rows.map((row) => ({
      normal: Float64Array.from(free, (i) => row[i]),
      value: given === undefined ? 0 : -dot(row, given),
    })),
  );

/** A curvature that is raised until it is positive along the planes; undefined where none is. */
function factored(
  curvature: Float64Array,
  planes: readonly Plane[],
  n: number,
): PackedSolver | undefined {
  if (planes.length >= n) return undefined;
  let trace = 0;
  for (let a = 0; a < n; a++) trace += Math.abs(curvature[(a * (a + 3)) / 2]);
  const solver = packedSolver(n);
  for (const raise of RAISE) {
    const { A } = solver;
    // Curvature that is added along the normals does not change the step; so it may be negative
    // there.
    for (const [p, { normal }] of planes.entries()) {
      const before = p === 0 ? curvature : A;
      for (let a = 0, ab = 0; a < n; a++) {
        const scale = (trace / n) * normal[a];
        for (let b = 0; b <= a; b++, ab++) A[ab] = before[ab] + scale * normal[b];
      }
    }
    if (planes.length === 0) A.set(curvature);
    for (let a = 0, aa = 0; a < n; aa += a + 2, a++)
      A[aa] += raise * (Math.abs(curvature[aa]) + (1e-3 * trace) / n);
    if (solver.factor()) return solver;
  }
  return undefined;
}

function stepBy(
  solver: Solver,
  planes: readonly Plane[],
  gradient: Float64Array,
  { free }: Face,
  given?: Float64Array,
): Float64Array | undefined {
  const step = Float64Array.from(free, (i) => -gradient[i]);
  solver.solve(step);
  if (!returnTo(step, planes, solver)) return undefined;
  const d = given?.slice() ?? new Float64Array(gradient.length);
  for (const [a, i] of free.entries()) d[i] = step[a];
  return d.every(Number.isFinite) ? d : undefined;
}

/** The steps d with normal·d = value. */
export interface Plane {
  readonly normal: Float64Array;
  readonly value: number;
}

/**
 * Brings a step back to the planes, step ← step − H⁻¹N(NᵀH⁻¹N)⁻¹(Nᵀstep − value). False where
 * NᵀH⁻¹N is not positive.
 */
function returnTo(step: Float64Array, planes: readonly Plane[], solver: Solver): boolean {
  const m = planes.length;
  const inverse = planes.map(({ normal }) => {
    const z = normal.slice();
    solver.solve(z);
    return z;
  });
  const schur = new Float64Array((m * (m + 1)) / 2);
  for (let a = 0, ab = 0; a < m; a++)
    for (let b = 0; b <= a; b++, ab++) schur[ab] = dot(planes[a].normal, inverse[b]);
  const lambda = Float64Array.from(planes, ({ normal, value }) => dot(normal, step) - value);
  if (!factor(schur, m)) return false;
  solve(schur, lambda, m);
  for (const [a, z] of inverse.entries())
    for (let i = 0; i < step.length; i++) step[i] -= lambda[a] * z[i];
  return true;
}

/**
 * Newton's step within bounds: the coordinates that it would carry over a bound go to that bound,
 * and the others make up for it.
 * @param packed H over all coordinates
 */
export function boundedStep(
  packed: Float64Array,
  h: Float64Array,
  gradient: Float64Array,
  face: Face,
  { lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array },
): Float64Array | undefined {
  let { free } = face;
  let given: Float64Array | undefined;
  let slope = gradient;
  for (let lap = 0; lap < LAPS; lap++) {
    const d = newtonStep(submatrix(packed, free), slope, { free, rows: face.rows }, given);
    if (d === undefined) return undefined;
    const leaving = free.filter((i) => h[i] + d[i] < lower[i] || h[i] + d[i] > upper[i]);
    if (leaving.length === 0 || lap === LAPS - 1) return d;
    given ??= new Float64Array(h.length);
    for (const i of leaving) given[i] = (h[i] + d[i] < lower[i] ? lower[i] : upper[i]) - h[i];
    free = free.filter((i) => !leaving.includes(i));
    slope = addScaled(gradient, 1, times(packed, given));
  }
  return undefined;
}

/** The same planes with orthonormal normals, by Gram and Schmidt, twice. */
export function independent(planes: readonly Plane[]): Plane[] {
  const basis: Plane[] = [];
  for (const { normal, value } of planes) {
    const size = Math.sqrt(dot(normal, normal));
    const rest = normal.slice();
    let left = value;
    for (let pass = 0; pass < 2; pass++) {
      for (const unit of basis) {
        const part = dot(unit.normal, rest);
        for (let i = 0; i < rest.length; i++) rest[i] -= part * unit.normal[i];
        left -= part * unit.value;
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > Math.max(DEPENDENT, 1e-9 * size))
      basis.push({ normal: rest.map((x) => x / length), value: left / length });
  }
  return basis;
}

/** A packed symmetric matrix times a vector. */
function times(packed: Float64Array, x: Float64Array): Float64Array {
  const product = new Float64Array(x.length);
  for (let i = 0, ij = 0; i < x.length; i++) {
    for (let j = 0; j <= i; j++, ij++) {
      product[i] += packed[ij] * x[j];
      if (j < i) product[j] += packed[ij] * x[i];
    }
  }
  return product;
}
