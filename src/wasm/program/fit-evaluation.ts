/** What computes a fit's normal equations: WebAssembly, or JavaScript where that may not run. */

/** The objective of one target with its derivatives; the weighted mean over its runs. */
export interface FitEvaluation {
  /** Gives the runs other weights, in packed order. */
  weigh(weight: Float64Array): void;
  /** Sum of the weights of the runs. */
  readonly mass: number;
  /** Returns the objective; fills `gradient` and the packed `H`. */
  evaluate(theta: Float64Array, tau: number, gradient: Float64Array, H: Float64Array): number;
  /** JᵀΩr″ along a direction; undefined for a program without second derivatives. */
  bend(theta: Float64Array, direction: Float64Array, tau: number): Float64Array | undefined;
  /**
   * Jᵀψ at points, the weights and ψ held as they are at `theta`: Σ w·ψ(r(theta))·∇r(point), over
   * the mass.
   */
  slopesWith(theta: Float64Array): (point: Float64Array) => Float64Array;
}
