/**
 * The ridge: a quadratic penalty that draws coordinates to 0, or to their mean over the domains.
 *
 *   penalty(θ) = λ/2·Σᵢ qᵢ²,  qᵢ = sᵢθᵢ − mean of sⱼθⱼ over the coordinates j drawn together with i
 *
 * It is added to the mean loss of the runs. It is quadratic, so that its gradient and its matrix
 * are exact, and steps along it do not bend.
 */

import type { Ridge } from "../../laws/ridge.ts";

/** A ridge with its λ. */
export interface Penalty {
  readonly ridge: Ridge;
  /** λ, in units of the objective. */
  readonly strength: number;
}

/** The penalties of a problem's targets: one ridge, a λ for each target. */
export interface Penalties {
  readonly ridge: Ridge;
  readonly strengths: readonly number[];
}

/** The penalty of one target; undefined where there is none. */
export const penaltyOf = (
  penalties: Penalties | undefined,
  target: number,
): Penalty | undefined => {
  const strength = penalties?.strengths[target] ?? 0;
  return penalties === undefined || strength === 0
    ? undefined
    : { ridge: penalties.ridge, strength };
};

/** q at θ: 0 for coordinates that are not drawn. */
export function deviationsOf({ slopes, first, end }: Ridge, theta: Float64Array): Float64Array {
  const q = new Float64Array(theta.length);
  for (let i = 0; i < q.length; i++) {
    if (slopes[i] === 0) continue;
    let sum = 0;
    for (let j = first[i]; j < end[i]; j++) sum += slopes[j] * theta[j];
    q[i] = slopes[i] * theta[i] - sum / Math.max(1, end[i] - first[i]);
  }
  return q;
}

/** λ/2·Σq². */
export const penaltyAt = ({ ridge, strength }: Penalty, theta: Float64Array): number =>
  (strength / 2) * deviationsOf(ridge, theta).reduce((sum, q) => sum + q * q, 0);

/** ∂qᵢ/∂θⱼ of coordinates that are drawn. */
const slopeOf = ({ slopes, first, end }: Ridge, i: number, j: number): number =>
  slopes[j] * ((i === j ? 1 : 0) - (j >= first[i] && j < end[i] ? 1 / (end[i] - first[i]) : 0));

/**
 * Adds λ·Σ ∇q∇qᵀ to a packed lower triangle. Deviations from a mean are a projection, so that an
 * entry is sᵢ·∂qᵢ/∂θⱼ.
 */
export function addPenaltyMatrix({ ridge, strength }: Penalty, H: Float64Array): void {
  const { slopes, first, end } = ridge;
  for (let i = 0; i < slopes.length; i++) {
    if (slopes[i] === 0) continue;
    const row = (i * (i + 1)) / 2;
    for (let j = first[i] < end[i] ? first[i] : i; j <= i; j++)
      H[row + j] += strength * slopes[i] * slopeOf(ridge, i, j);
  }
}

/** Adds the penalty's gradient and matrix; returns the penalty. */
export function addPenalty(
  penalty: Penalty,
  theta: Float64Array,
  gradient: Float64Array,
  H: Float64Array,
): number {
  const { ridge, strength } = penalty;
  const q = deviationsOf(ridge, theta);
  let total = 0;
  for (let i = 0; i < q.length; i++) {
    total += q[i] * q[i];
    // Deviations of one mean sum to 0: what others lose by it is nothing.
    gradient[i] += strength * ridge.slopes[i] * q[i];
  }
  addPenaltyMatrix(penalty, H);
  return (strength / 2) * total;
}

/** The penalty as rows of a least-squares problem, one for each coordinate that is drawn. */
export class PenaltyRows {
  readonly #drawn: readonly number[];
  readonly #ridge: Ridge;
  readonly #root: number;

  /** @param mass Σw of the runs: the objective of the problem is Σ w·r², not its half mean. */
  constructor({ ridge, strength }: Penalty, mass: number) {
    this.#ridge = ridge;
    this.#root = Math.sqrt(mass * strength);
    this.#drawn = [...ridge.slopes.keys()].filter((i) => ridge.slopes[i] !== 0);
  }

  get count(): number {
    return this.#drawn.length;
  }

  /** √(mass·λ)·qᵢ. */
  residuals(theta: Float64Array): Float64Array {
    const q = deviationsOf(this.#ridge, theta);
    return Float64Array.from(this.#drawn, (i) => this.#root * q[i]);
  }

  /** Writes derivatives to the rows of a row-major matrix of θ.length columns from `row` on. */
  differentiate(J: Float64Array, row: number): void {
    const { slopes, first, end } = this.#ridge;
    const p = slopes.length;
    for (const [n, i] of this.#drawn.entries())
      for (let j = 0; j < p; j++) {
        if (j !== i && (j < first[i] || j >= end[i])) continue;
        J[(row + n) * p + j] = this.#root * slopeOf(this.#ridge, i, j);
      }
  }
}
