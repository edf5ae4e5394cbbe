/**
 * Minimizing over a convex set of mixtures: projected gradients find the face that the best mixture
 * is on, Newton's method finishes on it, turn about.
 */
import type { Face } from "./face.ts";
import { boundedStep, hessian } from "./face-newton.ts";
import { NewtonCurvature } from "./newton-curvature.ts";
import {
  descend,
  type Descent,
  type DescentOptions,
  evaluate,
  residualOf,
  roundingOf,
} from "./projected-gradient.ts";
import type { Smooth } from "./smooth.ts";
import { addScaled, difference } from "./vectors.ts";

/** What the solvers need of a feasible set. */
export interface FeasibleSet {
  /** Bounds of the shares. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Whether it is the simplex within these bounds, and nothing else. Default: not known. */
  readonly isBox?: boolean;
  /** The nearest point. */
  point(y: Float64Array): Float64Array;
  /** The constraints that are active at h and that h − ∇L pushes against. */
  face(h: Float64Array, gradient: Float64Array): Face;
}

export interface MinimizeOptions extends DescentOptions {
  /**
   * ∂²L near the start, where it is known: then Newton's steps come first, and what they see
   * updates it.
   */
  readonly curvature?: NewtonCurvature;
}

/** Projected gradient steps of the first turn, and how many more each further turn has. */
const TURN = { first: 12, afterNewton: 6, grow: 1.6 } as const;
/** Newton's steps of one turn, and halvings of one step. */
const NEWTON = { steps: 12, halvings: 6 } as const;
/** A step must lower the loss by this share of what it promises. */
const ARMIJO = 1e-4;

/** The first step's curvature is of another place: what it promises may be a tenth of the truth. */
const SURE = 0.1;

interface Problem {
  readonly surface: Smooth;
  readonly set: FeasibleSet;
  readonly tolerance: number;
  readonly gain: number;
}

/** Where Newton's steps ended, and whether there is nothing more to do. */
interface Newton {
  readonly at: Descent;
  readonly done: boolean;
}

/**
 * Minimizes from `start`, which need not be feasible, until the largest entry of h − P(h − ∇L) is
 * at most the tolerance, or little is to be gained.
 */
export function minimize(
  surface: Smooth,
  set: FeasibleSet,
  start: Float64Array,
  options: MinimizeOptions,
): Descent {
  const { tolerance, gain = 0, curvature } = options;
  const problem = { surface, set, tolerance, gain };
  const project = (y: Float64Array): Float64Array => set.point(y);
  let at = evaluate(surface, project, start);
  let left = options.iterations;
  if (left === 0) return at;
  let turn: number = TURN.first;
  if (curvature !== undefined) {
    const newton = newtonSteps(problem, at, curvature);
    if (newton.done) return newton.at;
    at = newton.at;
    turn = TURN.afterNewton;
  }
  for (;;) {
    const iterations = Math.min(left, turn);
    const descent = descend(surface, project, at.h, { ...options, iterations });
    // A loose solve ends where little is to be gained.
    if (descent.residual <= tolerance || (gain > 0 && descent.iterations < turn)) return descent;
    const newton = finish(problem, descent, curvature);
    left -= turn;
    if (newton.done || left <= 0) return newton.at;
    at = newton.at;
    turn = Math.ceil(turn * TURN.grow);
  }
}

/** Newton's steps from where a descent ended; `known` is the curvature near the start. */
function finish(problem: Problem, from: Descent, known: NewtonCurvature | undefined): Newton {
  const curvatureAt = ({ h, gradient }: Descent): NewtonCurvature =>
    new NewtonCurvature(hessian(problem.surface, h, gradient, [...h.keys()]));
  const newton = newtonSteps(problem, from, known ?? curvatureAt(from));
  // What the steps saw can mislead near the end: with the curvature of the place they go on.
  return newton.done || newton.at === from || known !== undefined
    ? newton
    : newtonSteps(problem, newton.at, curvatureAt(newton.at));
}

/**
 * Newton's steps with a curvature that is corrected by what they see. Not done where one leads
 * nowhere.
 */
function newtonSteps(problem: Problem, start: Descent, curvature: NewtonCurvature): Newton {
  const { set, tolerance, gain } = problem;
  let at = start;
  for (let n = 0; n < NEWTON.steps; n++) {
    if (at.residual <= tolerance) return { at, done: true };
    const face = set.face(at.h, at.gradient);
    const next = shortened(problem, at, boundedStep(curvature, at.h, at.gradient, face, set));
    if (next === undefined) break;
    if (gain > 0 && next.promised < (n > 0 ? gain : SURE * gain))
      return { at: next.at, done: true };
    curvature.update(difference(next.at.h, at.h), difference(next.at.gradient, at.gradient));
    at = next.at;
  }
  return { at, done: at.residual <= tolerance };
}

/**
 * The step d on the face, or a part of it, if it lowers the loss, or the residual where the loss
 * cannot tell; undefined when it does not.
 */
function shortened(
  { surface, set }: Problem,
  { h, loss, gradient, residual, iterations }: Descent,
  d: Float64Array | undefined,
): { readonly at: Descent; readonly promised: number } | undefined {
  if (d === undefined) return undefined;
  const project = (y: Float64Array): Float64Array => set.point(y);
  const noise = roundingOf(loss, gradient);
  let promised = 0;
  for (let i = 0; i < d.length; i++) promised -= 0.5 * gradient[i] * d[i];
  for (let n = 0, t = 1; n < NEWTON.halvings; n++, t *= 0.5) {
    const next = project(addScaled(h, t, d));
    const slope = new Float64Array(h.length);
    const value = surface.gradient(next, slope);
    if (!(value <= loss + noise)) continue;
    const left = residualOf(next, slope, project);
    if (left < 0.5 * residual || value < loss - ARMIJO * t * promised - 10 * noise)
      return {
        at: { h: next, loss: value, gradient: slope, residual: left, iterations: iterations + 1 },
        promised,
      };
  }
  return undefined;
}
