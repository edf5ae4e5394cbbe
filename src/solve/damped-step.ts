/**
 * The damped step of Levenberg–Marquardt in a box, and its bend.
 *
 * A coordinate at a bound whose gradient pushes outwards is held there. One that the step would
 * carry beyond a bound is pinned: it goes as far as the bound, and the others are solved for again
 * with that step of it. They are coupled to it, so that the steps they had would fit only the one
 * it cannot take (as in projected Newton methods; Bertsekas 1982, "Projected Newton methods for
 * optimization problems with simple constraints", SIAM J. Control Optim. 20).
 */
import { type PackedSolver, packedSolver } from "./packed-solver.ts";

/** Bounds of each coordinate, which may be infinite; equal ones fix it. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * How often a step is solved for again because coordinates went beyond a bound. What then still
 * goes beyond one is cut short.
 */
export const PINNINGS = 1;

/**
 * The same for more than `coordinates`, in float64 alone: there hundreds are at bounds, and a step
 * that is cut short at some of them is mostly refused. Pinned ones from which the model falls
 * inwards are freed again, so that what is solved in the end is the model's minimum in the box
 * (Hintermüller, Ito & Kunisch 2002, "The primal-dual active set strategy as a semismooth Newton
 * method", SIAM J. Optim. 13).
 */
const MANY = { coordinates: 64, pinnings: 12 } as const;

/**
 * The longest bend that is taken, as a share of the step in the norm of diag H: a longer one says
 * that the step goes beyond what two derivatives describe.
 */
export const MOST_BENT = 0.75;

/** λ enters as λ(diag H + c·tr H·I) with this c. */
export const TRACE = 3e-3;

/** Whether a coordinate is held at a bound: it is at it, and the objective falls outwards. */
export const isHeldAt = (
  theta: Float64Array,
  gradient: Float64Array,
  { lower, upper }: Box,
  i: number,
): boolean =>
  (theta[i] <= lower[i] && gradient[i] > 0) || (theta[i] >= upper[i] && gradient[i] < 0);

/** Which coordinates are held at a bound. */
export const held = (theta: Float64Array, gradient: Float64Array, box: Box): boolean[] =>
  Array.from(theta, (_, i) => isHeldAt(theta, gradient, box, i));

/** The steps of one fit, with their working memory. */
export class DampedSteps {
  /** The step found last. */
  readonly step: Float64Array;
  /** What is added to H, packed as H: Σ w·ψ(r)·∇²r makes it the whole Hessian. */
  second: Float64Array | undefined;
  readonly #solver: PackedSolver;
  /** What a coordinate that is not free moves by; NaN for free ones. */
  readonly #pins: Float64Array;
  /** Of many coordinates: where the last step ended, −1 at the lower bound and 1 at the upper. */
  readonly #ends: Int8Array;

  constructor(readonly box: Box) {
    const p = box.lower.length;
    this.step = new Float64Array(p);
    this.#pins = new Float64Array(p);
    this.#ends = new Int8Array(p);
    this.#solver = packedSolver(p);
  }

  /**
   * step ← −(H + λ(diag H + c·tr H·I))⁻¹∇ within the box; false, and no step, where the matrix is
   * not positive definite.
   */
  straight(theta: Float64Array, gradient: Float64Array, H: Float64Array, lambda: number): boolean {
    const [solver, step, pins, box] = [this.#solver, this.step, this.#pins, this.box];
    for (let i = 0; i < pins.length; i++) pins[i] = isHeldAt(theta, gradient, box, i) ? 0 : NaN;
    const isLarge = pins.length > MANY.coordinates;
    const most = isLarge ? MANY.pinnings : PINNINGS;
    if (isLarge) this.#pinAsBefore(theta);
    for (let time = 0; ; time++) {
      this.#damp(gradient, H, lambda);
      if (!solver.factor()) return false;
      solver.solve(step);
      const isFreed = isLarge && time < most && this.#free(theta, gradient, H, lambda);
      const isPinned = this.#pin(theta);
      if (!(isPinned || isFreed) || time === most) break;
    }
    if (isLarge) this.#keepEnds(theta);
    return true;
  }

  /** Pins what ended at a bound in the step before: mostly it does again. */
  #pinAsBefore(theta: Float64Array): void {
    const [{ lower, upper }, pins, ends] = [this.box, this.#pins, this.#ends];
    for (let i = 0; i < pins.length; i++)
      if (ends[i] !== 0) pins[i] = (ends[i] < 0 ? lower[i] : upper[i]) - theta[i];
  }

  #keepEnds(theta: Float64Array): void {
    const [pins, ends] = [this.#pins, this.#ends];
    for (let i = 0; i < pins.length; i++)
      ends[i] = Number.isNaN(pins[i]) ? 0 : this.#endOf(theta, i);
  }

  /**
   * The bound that a pinned coordinate is taken to, −1 or 1. By the pin's sign: the sum of it and
   * the coordinate is rounded, and may be beside the bound.
   */
  #endOf(theta: Float64Array, i: number): -1 | 1 {
    const by = this.#pins[i];
    return by < 0 || (by === 0 && theta[i] <= this.box.lower[i]) ? -1 : 1;
  }

  /**
   * step ← step + a/2 with the acceleration a = −(H + …)⁻¹·pull, unless that is long (`MOST_BENT`).
   * `pull` is JᵀΩr″ along the step that `straight` has left.
   */
  bend(pull: Float64Array, H: Float64Array): void {
    const [pins, step] = [this.#pins, this.step];
    const p = step.length;
    const acceleration = new Float64Array(p);
    for (let i = 0; i < p; i++) acceleration[i] = Number.isNaN(pins[i]) ? -pull[i] : 0;
    this.#solver.solve(acceleration);
    let [along, across] = [0, 0];
    for (let i = 0; i < p; i++) {
      const [scale, a] = [H[(i * (i + 3)) / 2], acceleration[i]];
      along += scale * step[i] * step[i];
      across += scale * a * a;
    }
    if (across <= MOST_BENT * MOST_BENT * along)
      for (let i = 0; i < p; i++) step[i] += acceleration[i] / 2;
  }

  /** What the step lowers the objective by, according to the quadratic model. */
  gain(gradient: Float64Array, H: Float64Array): number {
    const { step } = this;
    let gain = 0;
    for (let i = 0, ii = 0; i < step.length; ii += ++i) {
      let row = 0;
      for (let j = 0; j <= i; j++)
        row += (j === i ? 1 : 2) * (H[ii + j] + (this.second?.[ii + j] ?? 0)) * step[j];
      gain -= step[i] * (gradient[i] + row / 2);
    }
    return gain;
  }

  /**
   * A ← the damped matrix and step ← −gradient, where the rows and columns of pinned coordinates
   * are those of the unit matrix, and what they move by is taken to the right side.
   */
  #damp(gradient: Float64Array, H: Float64Array, lambda: number): void {
    const [{ A }, step, pins] = [this.#solver, this.step, this.#pins];
    const p = step.length;
    let trace = 0;
    for (let i = 0; i < p; i++) trace += H[(i * (i + 3)) / 2];
    A.set(H);
    const { second } = this;
    if (second !== undefined) for (let ij = 0; ij < A.length; ij++) A[ij] += second[ij];
    for (let i = 0; i < p; i++) {
      const ii = (i * (i + 3)) / 2;
      A[ii] += lambda * (H[ii] + TRACE * trace);
      step[i] = -gradient[i];
    }
    for (let i = 0; i < p; i++) {
      const by = pins[i];
      if (Number.isNaN(by)) continue;
      const row = (i * (i + 1)) / 2;
      for (let j = 0; j < p; j++) {
        if (j === i) continue;
        const ij = j < i ? row + j : (j * (j + 1)) / 2 + i;
        step[j] -= A[ij] * by;
        A[ij] = 0;
      }
      A[row + i] = 1;
    }
    for (let i = 0; i < p; i++) if (!Number.isNaN(pins[i])) step[i] = pins[i];
  }

  /** Frees pinned coordinates from which the model falls inwards; false where there are none. */
  #free(theta: Float64Array, gradient: Float64Array, H: Float64Array, lambda: number): boolean {
    const [{ lower, upper }, step, pins] = [this.box, this.step, this.#pins];
    const slope = this.#modelSlope(gradient, H, lambda);
    let found = false;
    for (let i = 0; i < pins.length; i++) {
      if (Number.isNaN(pins[i]) || lower[i] === upper[i]) continue;
      if (slope[i] * this.#endOf(theta, i) <= 0) continue;
      pins[i] = NaN;
      step[i] = 0; // rounded, its step to the bound may be one beyond it
      found = true;
    }
    return found;
  }

  /** The gradient of the damped model at the step's end. */
  #modelSlope(gradient: Float64Array, H: Float64Array, lambda: number): Float64Array {
    const { step, second } = this;
    const slope = gradient.slice();
    let trace = 0;
    for (let i = 0; i < step.length; i++) trace += H[(i * (i + 3)) / 2];
    for (let i = 0, ii = 0; i < step.length; ii += ++i) {
      let sum = lambda * (H[ii + i] + TRACE * trace) * step[i];
      for (let j = 0; j <= i; j++) {
        const entry = H[ii + j] + (second === undefined ? 0 : second[ii + j]);
        sum += entry * step[j];
        if (j < i) slope[j] += entry * step[i];
      }
      slope[i] += sum;
    }
    return slope;
  }

  /** Pins the free coordinates that the step carries beyond a bound; false where there are none. */
  #pin(theta: Float64Array): boolean {
    const { lower, upper } = this.box;
    const [step, pins] = [this.step, this.#pins];
    let found = false;
    for (let i = 0; i < step.length; i++) {
      if (!Number.isNaN(pins[i])) continue;
      const next = theta[i] + step[i];
      if (next >= lower[i] && next <= upper[i]) continue;
      pins[i] = Math.min(Math.max(next, lower[i]), upper[i]) - theta[i];
      found = true;
    }
    return found;
  }
}
