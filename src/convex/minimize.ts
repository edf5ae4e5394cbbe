/**
 * Minimizing over a convex set of mixtures: projected gradients find the face, Newton's method
 * finishes on it, turn about.
 */
import {
  along,
  descend,
  type Descent,
  type DescentOptions,
  residualOf,
  roundingOf,
} from "./projected-gradient.ts";
import type { Smooth } from "./smooth.ts";
import { boundedStep, type Face, hessian, update } from "./face-newton.ts";

/** What the solvers need of a feasible set. */
export interface FeasibleSet {
  /** Bounds of the shares. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The nearest point. */
  point(y: Float64Array): Float64Array;
  /** The constraints that are active at h and that h − ∇L pushes against. */
  face(h: Float64Array, gradient: Float64Array): Face;
}

export interface MinimizeOptions extends DescentOptions {
  /**
   * ∂²L near the start, a packed lower triangle over all coordinates, where it is known: then
   * Newton's steps come first, and what they see updates it.
   */
  readonly curvature?: Float64Array;
}

/** Projected gradient steps before the first look at the face; each further turn takes more. */
const FIRST = 12;
/** The same where Newton's steps came first. */
const FEW = 6;
const GROW = 1.6;
const NEWTON = 12;
const HALVINGS = 6;
const ARMIJO = 1e-4;

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
  const project = (y: Float64Array): Float64Array => set.point(y);
  const { tolerance, gain = 0, curvature: known } = options;
  const everywhere = Array.from(start.keys());
  let [left, turn] = [options.iterations, known === undefined ? FIRST : FEW];
  let at = evaluate(surface, project, start);
  if (left === 0) return at;
  if (known !== undefined) {
    const quick = quasiNewton(surface, set, at, known, options);
    if (quick.done) return quick.at;
    at = quick.at;
  }
  for (;;) {
    const further = descend(surface, project, at.h, {
      ...options,
      iterations: Math.min(left, turn),
    });
    // A loose solve ends where little is to be gained.
    if (further.residual <= tolerance || (gain > 0 && further.iterations < turn)) return further;
    let quick = quasiNewton(
      surface,
      set,
      further,
      known ?? hessian(surface, further.h, further.gradient, everywhere),
      options,
    );
    // What the steps saw can mislead near the end: with the curvature of the place they go on.
    if (!quick.done && quick.at !== further && known === undefined)
      quick = quasiNewton(
        surface,
        set,
        quick.at,
        hessian(surface, quick.at.h, quick.at.gradient, everywhere),
        options,
      );
    left -= turn;
    // Or float64 has no descent left, and Newton's step no use.
    if (quick.done || left <= 0 || quick.at.h === at.h) return quick.at;
    at = quick.at;
    turn = Math.ceil(turn * GROW);
  }
}

/**
 * Newton's steps with a curvature that is corrected by what they see. Not done where one leads
 * nowhere.
 */
function quasiNewton(
  surface: Smooth,
  set: FeasibleSet,
  start: Descent,
  curvature: Float64Array,
  { tolerance, gain = 0 }: MinimizeOptions,
): { readonly at: Descent; readonly done: boolean } {
  const project = (y: Float64Array): Float64Array => set.point(y);
  let at = start;
  for (let n = 0; n < NEWTON; n++) {
    if (at.residual <= tolerance) return { at, done: true };
    const face = set.face(at.h, at.gradient);
    const next = newton(surface, project, at, boundedStep(curvature, at.h, at.gradient, face, set));
    if (next === undefined) break;
    if (gain > 0 && n > 0 && next.promised < gain) return { at: next.at, done: true };
    update(curvature, along(next.at.h, at.h, -1), along(next.at.gradient, at.gradient, -1));
    at = next.at;
  }
  return { at, done: at.residual <= tolerance };
}

function evaluate(
  surface: Smooth,
  project: (y: Float64Array) => Float64Array,
  start: Float64Array,
): Descent {
  const [h, gradient] = [project(start), new Float64Array(surface.domains)];
  const loss = surface.gradient(h, gradient);
  return { h, loss, gradient, residual: residualOf(h, gradient, project), iterations: 0 };
}

/**
 * The step d on the face, or a part of it, if it lowers the loss, or the residual where the loss
 * cannot tell; undefined when it does not.
 */
function newton(
  surface: Smooth,
  project: (y: Float64Array) => Float64Array,
  { h, loss, gradient, residual, iterations }: Descent,
  d: Float64Array | undefined,
): { readonly at: Descent; readonly promised: number } | undefined {
  if (d === undefined) return undefined;
  const noise = roundingOf(loss, gradient);
  let promised = 0;
  for (let i = 0; i < d.length; i++) promised -= 0.5 * gradient[i] * d[i];
  for (let n = 0, t = 1; n < HALVINGS; n++, t *= 0.5) {
    const next = project(along(h, d, t));
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
