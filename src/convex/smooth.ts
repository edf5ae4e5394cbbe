/** What the solvers minimize: smooth functions of a mixture. */

/** A smooth function with its gradient; `Surface` is one. */
export interface Smooth {
  readonly domains: number;
  value(h: Float64Array): number;
  gradient(h: Float64Array, out: Float64Array): number;
  /**
   * Forward differences of the gradient over `step` times each share (at least LEAST_SHARE): row i
   * has those where share i moves. Left out, or undefined, where as many gradients are as good.
   */
  slopes?(h: Float64Array, step: number): readonly Float64Array[] | undefined;
}

/**
 * Below this share the loss is continued along its tangent. At hᵢ = 0 the derivative of hᵢ^γ, γ <
 * 1, is infinite, and near it the curvature is beyond any descent; a part per million of the data
 * is nobody's question. So a share that is worth having ends above this, and one that is not ends
 * at 0.
 */
export const LEAST_SHARE = 1e-6;
