/**
 * ∂²L as Newton's method uses it: corrected by what steps see, and factored once for faces that
 * differ in few coordinates.
 */
import { itemAt } from "../base/known.ts";
import { factor, solve } from "../solve/cholesky.ts";
import { packedSolver } from "../solve/packed-solver.ts";
import { type Face, independent, type Plane } from "./face.ts";
import { addScaled, dot } from "./vectors.ts";

/** Where the curvature is not positive its diagonal is raised by these shares, one by one. */
const RAISE = [0, 1e-8, 1e-4, 1e-2, 1, 100] as const;
/**
 * Coordinates of a factored face that a step may hold, as a part of all: each costs a solve, and
 * factoring anew about a sixth of the coordinates' number of solves.
 */
const HELD = 1 / 8;

/** A factor of the curvature on a face. */
interface Factored {
  readonly free: readonly number[];
  /** 1 for those. */
  readonly isFree: Uint8Array;
  readonly L: Float64Array;
  /** The place of its raise. From 1 on the curvature is not that of other faces. */
  readonly raise: number;
}

export class NewtonCurvature {
  #packed: Float64Array;
  /** Whether nobody else has the matrix. */
  #isOwn = false;
  #factored: Factored | undefined;
  /** The raise that did last: the next one is near. */
  #raise = 0;

  /** @param packed a lower triangle over all coordinates; it is not changed */
  constructor(packed: Float64Array) {
    this.#packed = packed;
  }

  /** The same curvature, which other steps than this one's will correct. */
  fork(): NewtonCurvature {
    const fork = new NewtonCurvature(this.#packed);
    fork.#factored = this.#factored;
    this.#isOwn = false;
    return fork;
  }

  /**
   * Broyden, Fletcher, Goldfarb and Shanno's update, after the gradient changed by `change` along
   * `moved`. A change that shows no positive curvature is passed over.
   */
  update(moved: Float64Array, change: Float64Array): void {
    const product = this.times(moved);
    const [expected, seen] = [dot(moved, product), dot(moved, change)];
    if (!(expected > 0 && seen > 1e-3 * expected)) return;
    if (!this.#isOwn) this.#packed = this.#packed.slice();
    this.#isOwn = true;
    this.#factored = undefined;
    const packed = this.#packed;
    for (let i = 0, ij = 0; i < moved.length; i++)
      for (let j = 0; j <= i; j++, ij++)
        packed[ij] += (change[i] * change[j]) / seen - (product[i] * product[j]) / expected;
  }

  /** The matrix times a vector. */
  times(x: Float64Array): Float64Array {
    const packed = this.#packed;
    const product = new Float64Array(x.length);
    for (let i = 0, ij = 0; i < x.length; i++) {
      for (let j = 0; j <= i; j++, ij++) {
        product[i] += packed[ij] * x[j];
        if (j < i) product[j] += packed[ij] * x[i];
      }
    }
    return product;
  }

  /**
   * The step d that minimizes gradient·d + ½ dᵀHd with rows·d = 0: zero outside the face's free
   * coordinates, or what `given` has there. Undefined where there is nothing to move.
   */
  step(gradient: Float64Array, face: Face, given?: Float64Array): Float64Array | undefined {
    const known = this.#factored;
    if (known !== undefined && serves(known, face)) return this.#stepBy(known, gradient, face, given); // prettier-ignore
    const found = factored(this.#packed, face, gradient.length, this.#raise);
    if (found === undefined) return undefined;
    this.#factored = found;
    this.#raise = found.raise;
    return this.#stepBy(found, gradient, face, given);
  }

  /** By a factor on a face that has all free coordinates; its others are held as rows are. */
  #stepBy(
    { free, L }: Factored,
    gradient: Float64Array,
    face: Face,
    given: Float64Array | undefined,
  ): Float64Array | undefined {
    const d = given?.slice() ?? new Float64Array(gradient.length);
    const outside = d.slice();
    for (const i of free) outside[i] = 0;
    const slope = outside.some((x) => x !== 0)
      ? addScaled(gradient, 1, this.times(outside))
      : gradient;
    const solver = packedSolver(free.length);
    solver.A.set(L);
    const step = new Float64Array(free.length);
    for (let a = 0; a < free.length; a++) step[a] = -slope[free[a]];
    solver.solve(step);
    const isFree = marked(face.free, gradient.length);
    const held: Plane[] = [];
    for (const [a, i] of free.entries()) if (isFree[i] === 0) held.push(unit(free.length, a, d[i]));
    const planes = planesOf(face.rows, free, isFree, d);
    if (!returnTo(step, [...held, ...planes], solver)) return undefined;
    for (let a = 0; a < free.length; a++) if (isFree[free[a]] === 1) d[free[a]] = step[a];
    return d.every(Number.isFinite) ? d : undefined;
  }
}

/** Whether a factor does for a face: it has all free coordinates, and not many others. */
function serves({ free, isFree, raise }: Factored, face: Face): boolean {
  const more = free.length - face.free.length;
  if (more < 0 || more > (raise > 0 ? 0 : HELD * free.length)) return false;
  return face.free.every((i) => isFree[i] === 1) && face.rows.length < face.free.length;
}

/** 1 at some of so many places. */
function marked(places: readonly number[], count: number): Uint8Array {
  const marks = new Uint8Array(count);
  for (const i of places) marks[i] = 1;
  return marks;
}

/** The steps that have this at one place. */
function unit(n: number, place: number, value: number): Plane {
  const normal = new Float64Array(n);
  normal[place] = 1;
  return { normal, value };
}

/**
 * What keeps a step over some coordinates to rows, of which others have what is given.
 * @param among 1 for coordinates that the step decides
 */
function planesOf(
  rows: readonly Float64Array[],
  coordinates: readonly number[],
  among: Uint8Array,
  given: Float64Array,
): Plane[] {
  const planes = rows.map((row) => {
    const normal = new Float64Array(coordinates.length);
    for (const [a, i] of coordinates.entries()) normal[a] = among[i] * row[i];
    let value = 0;
    for (let i = 0; i < row.length; i++) if (among[i] === 0) value -= row[i] * given[i];
    return { normal, value };
  });
  return independent(planes);
}

/**
 * A curvature that is raised until it is positive along the planes; undefined where none is.
 * @param near the place of a raise that may do
 */
function factored(
  packed: Float64Array,
  { free, rows }: Face,
  domains: number,
  near: number,
): Factored | undefined {
  const n = free.length;
  const isFree = marked(free, domains);
  const planes = planesOf(rows, free, isFree, new Float64Array(domains));
  if (planes.length >= n) return undefined;
  const places = Int32Array.from(free);
  let trace = 0;
  for (const i of places) trace += Math.abs(packed[(i * (i + 3)) / 2]);
  const plain = new Float64Array((n * (n + 1)) / 2);
  take(packed, places, plain);
  // Curvature that is added along the normals does not change the step; so it may be negative
  // there.
  for (const { normal } of planes) addSquare(plain, trace / n, normal);
  const solver = packedSolver(n);
  const raisedBy = (raise: number): Float64Array | undefined => {
    const { A } = solver;
    A.set(plain);
    for (let a = 0, aa = 0; a < n; aa += a + 2, a++) {
      const i = places[a];
      A[aa] += itemAt(RAISE, raise) * (Math.abs(packed[(i * (i + 3)) / 2]) + (1e-3 * trace) / n);
    }
    return solver.factor() ? A.slice() : undefined;
  };
  const found = leastRaise(raisedBy, near);
  return found && { free, isFree, ...found };
}

/** The least raise that does, from one that may: what does not do does not with a lesser one. */
function leastRaise(
  raisedBy: (raise: number) => Float64Array | undefined,
  near: number,
): Pick<Factored, "L" | "raise"> | undefined {
  let [raise, L] = [near, raisedBy(near)];
  if (L === undefined) {
    while (L === undefined && ++raise < RAISE.length) L = raisedBy(raise);
    return L && { L, raise };
  }
  for (let less = raise - 1; less >= 0; less--) {
    const lower = raisedBy(less);
    if (lower === undefined) break;
    [raise, L] = [less, lower];
  }
  return { L, raise };
}

/** Takes the rows and columns of some coordinates, in ascending order, of a packed triangle. */
function take(packed: Float64Array, places: Int32Array, into: Float64Array): void {
  for (let a = 0, ab = 0; a < places.length; a++) {
    const row = (places[a] * (places[a] + 1)) / 2;
    for (let b = 0; b <= a; b++, ab++) into[ab] = packed[row + places[b]];
  }
}

/** Adds times·vvᵀ to a packed triangle. */
function addSquare(A: Float64Array, times: number, v: Float64Array): void {
  for (let a = 0, ab = 0; a < v.length; a++) {
    const scale = times * v[a];
    for (let b = 0; b <= a; b++, ab++) A[ab] += scale * v[b];
  }
}

/** What solves LLᵀx = b in place of b. */
interface Solver {
  solve(b: Float64Array): void;
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
