/** The best mixture of a problem: over each convex piece of its region, and the best of them. */
import { AbortedError, InputError } from "../../base/errors.ts";
import { finish } from "../../solve/iterate.ts";
import { number } from "../../base/format-number.ts";
import { option } from "../../base/option-text.ts";
import type { MinimizeOptions } from "../../convex/minimize.ts";
import { LEAST_SHARE } from "../../convex/smooth.ts";
import { mirror } from "../../convex/mirror-descent.ts";
import { uniformMixture } from "../../random/dirichlet.ts";
import { conflictRemedy } from "../constraints/constraint-kinds.ts";
import { piecesOf, type Region } from "../constraints/region.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import { partsOf, solveConstrained, type Solution } from "./augmented-lagrangian.ts";
import { inOrder, type Way } from "./descents.ts";
import type { LawGoal } from "../goal/goal.ts";
import { smallestConflict } from "./find-conflict.ts";
import { withEvenPhases } from "./even-phases.ts";
import { Polytope } from "./polytope.ts";

/** Bounds of the three residuals of a certified optimum. */
export const CERTIFIED = { stationarity: 1e-8, feasibility: 1e-9, complementarity: 1e-8 } as const;

/** From several starts, loosely; those that may be the best go on to the end. */
const ROUGH = { iterations: 60, tolerance: 1e-5, gain: 1e-6 } as const;
/** A rough solution may violate a curved constraint by this much. */
const ROUGHLY_FEASIBLE = 1e-6;
/**
 * Rough solutions this close in every share lead to the same end; those of a loss this much higher
 * (relatively) lead to a worse one.
 */
const ALIKE = { share: 1e-2, loss: 1e-4 } as const;
const FINE = { iterations: 20_000, tolerance: 1e-11 } as const;
/** Mirror descent has no second order. */
const MIRROR = { iterations: 20_000, tolerance: 1e-10 } as const;

/** The best mixture of one convex piece of the region. */
export interface PieceSolution {
  readonly polytope: Polytope;
  readonly solution: Solution;
  /**
   * The least curvature of the Lagrangian along directions that keep to the active constraints;
   * null where convexity is proved, or was not asked for.
   */
  readonly curvature: number | null;
}

/**
 * The convex pieces of the region that are not empty, by its linear constraints. Throws InputError
 * naming a smallest set of constraints that cannot hold together.
 */
export function feasiblePieces(region: Region): Polytope[] {
  const pieces = piecesOf(region).map((piece) => new Polytope(piece));
  const feasible = pieces.filter((polytope) => polytope.conflict() === undefined);
  if (feasible.length > 0) return feasible;
  // Without the domains that may be left out, or else with all of them in.
  const names = new Polytope(region).conflict() ?? pieces[0].conflict() ?? [];
  throw new InputError(
    `these constraints cannot hold together: ${names.join(", ")} (shares are at least 0 and sum to 1). ${conflictRemedy(names)}`,
    { option: "constraints" },
  );
}

/**
 * The best of the pieces' solutions. Throws InputError, naming a smallest conflict, when the curved
 * constraints leave no mixture in any.
 */
export function bestOf<T extends PieceSolution>(solutions: readonly T[], { region }: Problem): T {
  const feasible = solutions.filter(({ solution }) => solution.violation <= CERTIFIED.feasibility);
  if (feasible.length > 0)
    return feasible.reduce((a, b) => (b.solution.value < a.solution.value ? b : a));
  const { polytope, solution } = solutions.reduce((a, b) =>
    b.solution.violation < a.solution.violation ? b : a,
  );
  const names = smallestConflict(polytope.region, region.curved, solution.h);
  const gap = number(solution.violation, 3);
  throw new InputError(
    names.length === 1
      ? `no mixture fulfills ${names[0]}: the nearest misses it by ${gap}. ${conflictRemedy(names)}`
      : `these constraints cannot hold together: ${names.join(", ")} (the nearest mixture misses by ${gap}). ${conflictRemedy(names)}`,
    { option: "constraints" },
  );
}

/** Whether the residuals, see `CERTIFIED`, and the curvature are those of a local optimum. */
export const isCertified = (piece: PieceSolution): boolean =>
  meetsFirstOrder(piece) && !((piece.curvature ?? 0) < 0);

/** Whether the residuals are those of a stationary point, with a loss that is a number. */
export const meetsFirstOrder = ({
  polytope,
  solution: { h, value, violation, stationarity, complementarity },
}: Pick<PieceSolution, "polytope" | "solution">): boolean =>
  Number.isFinite(value) &&
  stationarity <= CERTIFIED.stationarity &&
  Math.max(polytope.violation(h), violation) <= CERTIFIED.feasibility &&
  complementarity <= CERTIFIED.complementarity;

/**
 * The goal on a piece that leaves some shares no room below a part per million: there they have no
 * tangent.
 */
export function heldGoal(goal: LawGoal, { upper }: Polytope): LawGoal {
  const held = Uint8Array.from(upper, (most) => (most < LEAST_SHARE ? 1 : 0));
  if (!held.includes(1)) return goal;
  return goal.kind === "mean"
    ? { ...goal, objective: goal.objective.holding(held) }
    : { ...goal, parts: goal.parts.map((part) => part.holding(held)) };
}

/** The solution where a descent to the end led, as it is told. */
export const ended = (problem: Problem, polytope: Polytope, end: Solution): Solution =>
  withEvenPhases(problem, polytope, priced(end, problem, polytope));

/** The solution with the slopes of shares that are held as they are just above 0: their prices. */
function priced(solution: Solution, { goal }: Problem, { upper }: Polytope): Solution {
  if (upper.every((most) => most >= LEAST_SHARE)) return solution;
  const slope = new Float64Array(upper.length);
  const gradient = solution.gradient.slice();
  for (const [t, part] of partsOf(goal).entries()) {
    const share = solution.partShares[t];
    if (share === 0) continue;
    part.gradient(solution.h, slope);
    for (const [i, most] of upper.entries())
      if (most < LEAST_SHARE) gradient[i] += share * slope[i];
  }
  return { ...solution, gradient };
}

/** By the method of multipliers, and in balls, a descent takes this many times as long. */
const SLOW = 24;

/** How long descents take beside those of other problems, where one of a domain by a law is 1. */
export function workOf({ domains, goal, region }: Problem): number {
  const isSlow = goal.kind === "worst" || region.curved.length > 0 || region.l1 !== undefined;
  return domains.length * goal.laws * (isSlow ? SLOW : 1);
}

/** How descents are made. */
const WAYS: Readonly<Record<Way, MinimizeOptions>> = { loosely: ROUGH, toTheEnd: FINE };

/** A descent in a piece, from where it starts to where it ends. */
export const descentIn =
  ({ goal, region }: Problem, polytope: Polytope, way: Way) =>
  (start: Float64Array): Solution =>
    solveConstrained(goal, region.curved, polytope, start, WAYS[way]);

/**
 * The best mixture of one piece, from the best of several starts: enough for a goal that is known
 * to be convex, or where its local optima are known. Throws AbortedError when the signal fires,
 * InputError where the solver does not know the goal or a constraint.
 */
export const solvePiece = (...request: Parameters<typeof solvingPiece>): Solution =>
  finish(solvingPiece(...request));

/** The same, yielding between descents. */
export function* solvingPiece(
  problem: Problem,
  polytope: Polytope,
  starts: readonly Float64Array[],
  { solver, signal }: OptimizeOptions,
): Generator<undefined, Solution> {
  const held = { ...problem, goal: heldGoal(problem.goal, polytope) };
  const by = (way: Way): ((start: Float64Array) => Solution) => {
    const descend = descentIn(held, polytope, way);
    return (start) => {
      if (signal?.aborted === true) throw new AbortedError();
      return descend(start);
    };
  };
  const [loosely, toTheEnd] = [by("loosely"), by("toTheEnd")];
  if (solver === "mirror") return solveByMirror(problem, polytope);
  const end = (start: Float64Array): Solution => ended(problem, polytope, toTheEnd(start));
  if (starts.length === 1) return end(starts[0]);
  const rough: Solution[] = [];
  for (const start of starts) {
    yield;
    rough.push(loosely(start));
  }
  const fine: Solution[] = [];
  for (const { h } of worthFinishing(rough)) {
    yield;
    fine.push(end(h));
  }
  return fulfilled(fine, CERTIFIED.feasibility).reduce((a, b) => (inOrder(b, a) < 0 ? b : a));
}

/** Those that violate nothing by more than `most`; all where none is so. */
function fulfilled(solutions: readonly Solution[], most: number): readonly Solution[] {
  const feasible = solutions.filter(({ violation }) => violation <= most);
  return feasible.length > 0 ? feasible : solutions;
}

/** Of rough solutions those that may lead to the best end, the best first, each end once. */
export function worthFinishing(rough: readonly Solution[]): Solution[] {
  const ranked = fulfilled(rough, ROUGHLY_FEASIBLE).toSorted((a, b) => a.value - b.value);
  const limit = ranked[0].value + ALIKE.loss * Math.abs(ranked[0].value);
  const worth: Solution[] = [];
  for (const solution of ranked) {
    if (solution.value > limit) break;
    const isKnown = worth.some((other) =>
      solution.h.every((x, i) => Math.abs(x - other.h[i]) <= ALIKE.share),
    );
    if (!isKnown) worth.push(solution);
  }
  return worth;
}

/** Mirror descent from the even mixture; the certificate is the same, whatever found the point. */
function solveByMirror({ goal, region }: Problem, polytope: Polytope): Solution {
  const { lower, upper, rows } = polytope;
  const others = rows.length > 0 || polytope.region.l1 !== undefined || region.curved.length > 0;
  if (goal.kind === "worst" || others)
    throw new InputError(
      `${option("solver", "mirror")} takes floors and caps only; leave it out for other constraints and for the worst-of objective.`,
      { option: "solver" },
    );
  const start = polytope.point(uniformMixture(lower.length));
  const { h } = mirror(goal.objective, lower, upper, start, MIRROR);
  return solveConstrained(goal, [], polytope, h, { ...FINE, iterations: 0 });
}
