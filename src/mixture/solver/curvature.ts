/**
 * The second-order condition of a local optimum: along no feasible direction that keeps to the
 * active constraints may the Lagrangian curve downwards (Nocedal & Wright 2006, Numerical
 * Optimization, theorem 12.5). A stationary point without it is a saddle or a maximum.
 */
import { Matrix } from "ml-matrix";
import { hessian, independent } from "../../convex/face-newton.ts";
import { LEAST_SHARE, type Smooth } from "../../convex/smooth.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { symmetricEigen } from "../../solve/symmetric-eigen.ts";
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
  const eigen = symmetricEigen(projected(scaled(packed, unit), basis).to2DArray());
  // Curvature that overflows proves no minimum.
  if (eigen === undefined) return { least: -Number.MAX_VALUE, descents: [] };
  const { values, vectors } = eigen;
  const limit = Math.max(
    ROUNDING.ofLargest * Math.max(...values.map(Math.abs)),
    ROUNDING.ofGoal * Math.abs(solution.value),
  );
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
function scaled(packed: Float64Array, unit: readonly number[]): Matrix {
  const n = unit.length;
  const full = new Matrix(n, n);
  for (let a = 0, ab = 0; a < n; a++)
    for (let b = 0; b <= a; b++, ab++) {
      const value = packed[ab] * unit[a] * unit[b];
      full.set(a, b, value);
      full.set(b, a, value);
    }
  return full;
}

/** P·H·P with P = I − Σ n·nᵀ. */
function projected(H: Matrix, basis: readonly Float64Array[]): Matrix {
  const n = H.rows;
  const P = Matrix.eye(n, n);
  for (const normal of basis)
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) P.set(a, b, P.get(a, b) - normal[a] * normal[b]);
  return P.mmul(H).mmul(P);
}
