/**
 * The damped step of Levenberg–Marquardt in a box, and its bend.
 *
 * A coordinate at a bound whose gradient pushes outwards is held there. One that the step would
 * carry beyond a bound goes as far as the bound, and the others are solved for again knowing so:
 * they are coupled to it, and with the step merely cut short theirs would be steps to nowhere (the
 * gain of projected Newton methods; Bertsekas 1982, "Projected Newton methods for optimization
 * problems with simple constraints", SIAM J. Control Optim. 20).
 */
import { factor, solve } from "./cholesky.ts";

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Times that a step is solved for again because coordinates went beyond a bound; what still does is
 * cut short.
 */
export const PINNINGS = 1;

/**
 * A bend that is longer than this share of the step, in the norm of diag H, says that the step
 * leaves what two derivatives describe: it is left out.
 */
export const MOST_BENT = 0.75;

/** λ enters as λ(diag H + c·tr H·I) with this c. */
export const TRACE = 3e-3;

/** Which coordinates are held at a bound: at it, with the descent direction pointing outwards. */
export function held(theta: Float64Array, gradient: Float64Array, box: Box): boolean[] {
  return Array.from(theta, (x, i) => {
    const g = gradient[i];
    return (x <= box.lower[i] && g > 0) || (x >= box.upper[i] && g < 0);
  });
}

/** The steps of one fit, with their working memory. */
export class Steps {
  readonly step: Float64Array;
  /**
   * What is added to H to make it the whole Hessian: Σ w·ψ(r)·∇²r, packed; undefined: Gauss and
   * Newton's matrix is taken for it.
   */
  second: Float64Array | undefined;
  readonly #A: Float64Array;
  /** What a coordinate that is not free moves by; NaN for free ones. */
  readonly #pins: Float64Array;

  constructor(readonly box: Box) {
    const p = box.lower.length;
    this.step = new Float64Array(p);
    this.#pins = new Float64Array(p);
    this.#A = new Float64Array((p * (p + 1)) / 2);
  }

  /**
   * step ← −(H + λ(diag H + c·tr H·I))⁻¹∇ inside the box; false where the matrix is not positive
   * definite.
   */
  straight(theta: Float64Array, gradient: Float64Array, H: Float64Array, lambda: number): boolean {
    const [A, step] = [this.#A, this.step];
    for (const [i, out] of held(theta, gradient, this.box).entries()) this.#pins[i] = out ? 0 : NaN;
    for (let time = 0; ; time++) {
      this.#damp(gradient, H, lambda);
      if (!factor(A, step.length)) return false;
      solve(A, step, step.length);
      if (!this.#pin(theta) || time === PINNINGS) return true;
    }
  }

  /**
   * step ← step + a/2, the acceleration, where `pull` is JᵀΩr″ along the step that `straight` left.
   */
  bend(pull: Float64Array, H: Float64Array): void {
    const [pins, step] = [this.#pins, this.step];
    const bent = pull.map((x, i) => (Number.isNaN(pins[i]) ? -x : 0));
    solve(this.#A, bent, bent.length);
    let [along, across] = [0, 0];
    for (const [i, a] of bent.entries()) {
      const scale = H[(i * (i + 3)) / 2];
      along += scale * step[i] * step[i];
      across += scale * a * a;
    }
    if (across <= MOST_BENT * MOST_BENT * along)
      for (const [i, a] of bent.entries()) step[i] += a / 2;
  }

  /** What the quadratic model says that the step lowers the objective by. */
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
   * A ← the damped matrix and step ← −gradient, with rows and columns of pinned coordinates cut out
   * and what they move by taken to the right side.
   */
  #damp(gradient: Float64Array, H: Float64Array, lambda: number): void {
    const [A, step, pins] = [this.#A, this.step, this.#pins];
    const p = step.length;
    let trace = 0;
    for (let i = 0; i < p; i++) trace += H[(i * (i + 3)) / 2];
    A.set(H);
    const { second } = this;
    if (second !== undefined) for (const [ij, s] of second.entries()) A[ij] += s;
    for (let i = 0; i < p; i++) {
      const ii = (i * (i + 3)) / 2;
      A[ii] += lambda * (H[ii] + TRACE * trace);
      step[i] = -gradient[i];
    }
    for (const [i, by] of pins.entries()) {
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
    for (const [i, by] of pins.entries()) if (!Number.isNaN(by)) step[i] = by;
  }

  /** Pins the free coordinates that the step carries beyond a bound; false where there are none. */
  #pin(theta: Float64Array): boolean {
    const { lower, upper } = this.box;
    let found = false;
    for (const [i, by] of this.step.entries()) {
      if (!Number.isNaN(this.#pins[i])) continue;
      const next = theta[i] + by;
      if (next >= lower[i] && next <= upper[i]) continue;
      this.#pins[i] = Math.min(Math.max(next, lower[i]), upper[i]) - theta[i];
      found = true;
    }
    return found;
  }
}
