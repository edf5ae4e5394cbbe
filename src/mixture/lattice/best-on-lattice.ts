/**
 * The best mixture of multiples of 1/n: all of them looked at where they are few; else the rounded
 * local optima, each moved to where no exchange of one unit is better.
 */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { goalValue } from "../goal/goal.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { type Lattice, latticePoints } from "./lattice-points.ts";
import type { Polytope } from "../solver/polytope.ts";
import { roundToLattice } from "./round-to-lattice.ts";

/** A mixture may violate constraints by this much, which is rounding. */
const SLACK = 1e-9;
/** All mixtures are looked at where that takes at most so many evaluations of a law … */
const EXACT = 2e5;
/** … and so many steps of the enumeration; a feasible one is sought for so many. */
const STEPS = 1e6;

/** A mixture of n-ths. */
export interface Rounded {
  readonly n: number;
  readonly units: Int32Array;
  readonly h: Float64Array;
  /** Whether all mixtures of n-ths were looked at: none that is allowed is better. */
  readonly exact: boolean;
}

/** A convex piece of the region with mixtures near which to look, the best first. */
export interface NearMixtures {
  readonly polytope: Polytope;
  readonly near: readonly Float64Array[];
}

/**
 * Throws InputError where no mixture of n-ths fulfills the constraints, or none was found: it says
 * which.
 */
export function bestOnLattice(
  problem: Problem,
  n: number,
  pieces: readonly NearMixtures[],
): Rounded {
  const all = exactly(problem, n, pieces);
  const exact = all !== undefined;
  const units = exact ? all.units : nearby(problem, n, pieces);
  if (units === undefined)
    throw new InputError(
      exact
        ? `no mixture of multiples of 1/${n} fulfills the constraints: the lattice is too coarse for them. Take a finer ${option("constraints.lattice")}.`
        : `no mixture of multiples of 1/${n} that fulfills the constraints was found. Take a finer ${option("constraints.lattice")}.`,
      { option: "constraints.lattice" },
    );
  return { n, units, h: Float64Array.from(units, (count) => count / n), exact };
}

/** How far constraints are violated. */
const violationOf =
  ({ region: { curved } }: Problem, polytope: Polytope) =>
  (h: Float64Array): number =>
    Math.max(polytope.violation(h), ...curved.map(({ excess }) => excess.value(h)));

const latticeOf = (n: number, { polytope, near }: NearMixtures): Lattice => ({
  n,
  lower: polytope.lower,
  upper: polytope.upper,
  limits: polytope.region.limits,
  near: near[0] ?? polytope.lower,
});

/** The best of all; undefined where they are too many. */
function exactly(
  problem: Problem,
  n: number,
  pieces: readonly NearMixtures[],
): { readonly units: Int32Array | undefined } | undefined {
  let best: { readonly units: Int32Array; readonly loss: number } | undefined;
  let evaluations = Math.ceil(EXACT / problem.goal.laws);
  let steps = STEPS;
  for (const piece of pieces) {
    const violation = violationOf(problem, piece.polytope);
    for (const units of latticePoints(latticeOf(n, piece))) {
      if (steps-- === 0) return undefined;
      if (units === undefined) continue;
      const h = Float64Array.from(units, (count) => count / n);
      if (violation(h) > SLACK) continue;
      if (evaluations-- === 0) return undefined;
      const loss = goalValue(problem.goal, h);
      if (best === undefined || loss < best.loss) best = { units: units.slice(), loss };
    }
  }
  return { units: best?.units };
}

/** The best that is near a local optimum, or else near one that is feasible. */
function nearby(
  problem: Problem,
  n: number,
  pieces: readonly NearMixtures[],
): Int32Array | undefined {
  const loss = (h: Float64Array): number => goalValue(problem.goal, h);
  const rounded = pieces.flatMap((piece) => {
    const violation = violationOf(problem, piece.polytope);
    const from = (h: Float64Array): Int32Array[] => {
      const units = roundToLattice(h, n, loss, violation);
      return units === undefined ? [] : [units];
    };
    const near = piece.near.flatMap(from);
    if (near.length > 0) return near;
    const feasible = firstFeasible(latticeOf(n, piece), violation);
    return feasible === undefined ? [] : from(feasible);
  });
  const lossOf = (units: Int32Array): number => loss(Float64Array.from(units, (x) => x / n));
  return rounded.toSorted((a, b) => lossOf(a) - lossOf(b))[0];
}

/** A feasible mixture of n-ths, in the order of the enumeration; undefined where none is found. */
function firstFeasible(
  lattice: Lattice,
  violation: (h: Float64Array) => number,
): Float64Array | undefined {
  let steps = STEPS;
  for (const units of latticePoints(lattice)) {
    if (steps-- === 0) return undefined;
    if (units === undefined) continue;
    const h = Float64Array.from(units, (count) => count / lattice.n);
    if (violation(h) <= SLACK) return h;
  }
  return undefined;
}
