/**
 * The second-order condition of a local optimum: along no feasible direction that keeps to the
 * active constraints may the Lagrangian curve downwards (Nocedal & Wright 2006, Numerical
 * Optimization, theorem 12.5). A stationary point without it is a saddle or a maximum.
 */
import { independent } from "../../convex/face.ts";
import { hessian } from "../../convex/face-newton.ts";
import { LEAST_SHARE, type Smooth } from "../../convex/smooth.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { packedSolver } from "../../solve/packed-solver.ts";
import { symmetricEigen } from "../../solve/symmetric-eigen.ts";
import { dot } from "../../convex/vectors.ts";
import { lagrangianOf, partsOf, type Solution } from "./augmented-lagrangian.ts";
import type { Polytope } from "./polytope.ts";

/** A multiplier, or a part's share of the worst-of goal, below this is none. */
const NO_FORCE = 1e-7;
/**
 * Curvature below this share of the largest is rounding of the differences of gradients; and what
 * could lower the goal by less than this share of it is nothing.
 */
const ROUNDING = { ofLargest: 1e-7, ofGoal: 1e-9 } as const;

export interface Curvature {
  /**
   * The least curvature along directions that keep to the active constraints, in units of the goal,
   * where a step of 1 changes every share by itself; 0 where there is no such direction.
   */
  readonly least: number;
  /** Directions of negative curvature, the most negative first. */
  readonly descents: readonly Float64Array[];
}

/**
 * The curvature of the Lagrangian at a solution. Shares are measured in units of themselves, which
 * leaves signs as they are and keeps steep small shares from hiding the others.
 */
export function curvatureAt(
  { goal, region: { curved } }: Problem,
  polytope: Polytope,
  solution: Solution,
): Curvature {
  const { h, gradient, multipliers, partShares } = solution;
  const face = polytope.face(h, gradient);
  const { rows } = face;
  const free = face.free.filter((i) => !isTrace(h[i]));
  const gradientOf = (smooth: Smooth): Float64Array => {
    const out = new Float64Array(h.length);
    smooth.gradient(h, out);
    return out;
  };
  const active = curved.filter((_, j) => multipliers[j] > NO_FORCE);
  // The parts of a worst-of goal that are the worst stay equal to each other.
  const worst = partsOf(goal).filter((_, t) => partShares[t] > NO_FORCE);
  const slopes = worst.map(gradientOf);
  const normals = [
    ...rows,
    ...active.map(({ excess }) => gradientOf(excess)),
    ...slopes.slice(1).map((slope) => slope.map((x, i) => x - slopes[0][i])),
  ];
  const unit = free.map((i) => Math.max(h[i], LEAST_SHARE));
  const basis = independent(
    normals.map((normal) => ({
      normal: Float64Array.from(free, (i, a) => normal[i] * unit[a]),
      value: 0,
    })),
  ).map(({ normal }) => normal);
  if (basis.length >= free.length) return { least: 0, descents: [] };
  const lagrangian = lagrangianOf(goal, curved, solution);
  // The solution's own gradient may be that of the goal with other domains held at 0.
  const packed = hessian(lagrangian, h, gradientOf(lagrangian), free);
  const along = projected(scaled(packed, unit), basis);
  const limitOf = (largest: number): number =>
    Math.max(ROUNDING.ofLargest * largest, ROUNDING.ofGoal * Math.abs(solution.value));
  // No eigenvalue is smaller in size than the largest entry of the diagonal. Across the directions
  // the curvature is 0, so where it is positive along all of them that is the least.
  const diagonal = along.map((row, a) => Math.abs(row[a]));
  if (basis.length > 0 && isAbove(along, -limitOf(Math.max(...diagonal))))
    return { least: 0, descents: [] };
  const eigen = symmetricEigen(along.map((row) => [...row]));
  // Curvature that overflows proves no minimum.
  if (eigen === undefined) return { least: -Number.MAX_VALUE, descents: [] };
  const { values, vectors } = eigen;
  const limit = limitOf(Math.max(...values.map(Math.abs)));
  const found = values
    .map((value, a) => ({ value, vector: vectors[a] }))
    .filter(({ value }) => value < -limit)
    .toSorted((a, b) => a.value - b.value);
  return {
    least: found.length > 0 ? found[0].value : Math.max(0, Math.min(...values)),
    descents: found.map(({ vector }) => {
      const direction = new Float64Array(h.length);
      for (const [a, i] of free.entries()) direction[i] = vector[a] * unit[a];
      return direction;
    }),
  };
}

/**
 * Whether a share is a trace (traces.ts): at the end of the continuation of the law, where only its
 * being there counts.
 */
const isTrace = (share: number): boolean => share > 0 && share <= LEAST_SHARE * (1 + 1e-6);

/** The packed lower triangle as a full matrix, in units of the shares. */
function scaled(packed: Float64Array, unit: readonly number[]): Float64Array[] {
  const full = unit.map(() => new Float64Array(unit.length));
  for (let a = 0, ab = 0; a < unit.length; a++)
    for (let b = 0; b <= a; b++, ab++) {
      const value = packed[ab] * unit[a] * unit[b];
      full[a][b] = value;
      full[b][a] = value;
    }
  return full;
}

/** P·H·P with P = I − Σ n·nᵀ, one orthonormal n after the other. */
function projected(H: Float64Array[], basis: readonly Float64Array[]): Float64Array[] {
  let rows = H;
  for (const n of basis) {
    const pulled = Float64Array.from(rows, (row) => dot(row, n));
    const both = dot(pulled, n);
    rows = rows.map((row, a) =>
      row.map((x, b) => x - n[a] * pulled[b] - pulled[a] * n[b] + both * n[a] * n[b]),
    );
  }
  return rows;
}

/** Whether a matrix has no eigenvalue at or below a negative bound, by Cholesky's factor. */
function isAbove(rows: readonly Float64Array[], bound: number): boolean {
  const solver = packedSolver(rows.length);
  const { A } = solver;
  for (let a = 0, ab = 0; a < rows.length; a++)
    for (let b = 0; b <= a; b++, ab++) A[ab] = rows[a][b] - (a === b ? bound : 0);
  return solver.factor();
}
