/**
 * The normal equations of a fit in float64: the objective of one target, its gradient, the matrix
 * H = JᵀΩJ and second derivatives, from a program's factored Jacobian.
 */
import type { ScaledLoss } from "../expr/loss.ts";
import type { Program } from "../expr/program.ts";
import { JavaScriptEvaluation } from "./javascript-evaluation.ts";
import { type Packed, tablesOf } from "./pack-tables.ts";
import { addPenalty, type Penalty } from "./penalty/ridge.ts";
import type { FitEvaluation } from "../wasm/program/fit-evaluation.ts";
import { wasmEvaluation } from "../wasm/program/wasm-evaluation.ts";

/**
 * Step of the differences in `second`, for coordinates of the order of 1. The error that it leaves,
 * 1e-6 of third derivatives, is below the curvature of the flattest directions.
 */
const DIFFERENCE = 1e-6;

/**
 * Laws of more coordinates have no `second`. It takes a gradient for each coordinate, 2.8 s for
 * `epochs` over 200 domains, where an iteration takes 0.04 s. And in the many flat directions of
 * such laws the matrix with it is mostly indefinite, so that steps are short (docs/lab-notes.md).
 * The joint law of 16 domains, 69 coordinates, needs it.
 */
const MOST_SECOND = 100;

/** The evaluation of a fit: WebAssembly's, or JavaScript's where that does not run. */
const evaluationOf = (
  ...fit: ConstructorParameters<typeof JavaScriptEvaluation>
): FitEvaluation => {
  const [program, packed, target, loss] = fit;
  const { start } = packed;
  return (
    wasmEvaluation(program, { tables: tablesOf(packed, target), start, loss }) ??
    new JavaScriptEvaluation(...fit)
  );
};

/** Runs from which on one evaluation is not worth a copy of them. */
const MOST_COPIED = 2 ** 17;

/**
 * The same for a few points. WebAssembly first copies all runs to its memory, where they stay: of a
 * million runs that takes as long as an evaluation in JavaScript, and half a gigabyte.
 */
export const evaluationOfFew = (
  ...fit: ConstructorParameters<typeof JavaScriptEvaluation>
): FitEvaluation => {
  const [, packed] = fit;
  return packed.order.length > MOST_COPIED
    ? new JavaScriptEvaluation(...fit)
    : evaluationOf(...fit);
};

/**
 * The objective of one target, the weighted mean of ρ over its runs and the penalty of a ridge,
 * with derivatives in θ.
 */
export class NormalEquations {
  /** Coordinates of θ. */
  readonly size: number;
  /** As `evaluate` left it. */
  readonly gradient: Float64Array;
  /** As `evaluate` left it: packed lower triangle, (i, j) at i(i+1)/2 + j. */
  readonly H: Float64Array;
  readonly #evaluation: FitEvaluation;

  constructor(
    readonly program: Program,
    readonly packed: Packed,
    target: number,
    readonly loss: ScaledLoss,
    weight: Float64Array = packed.weights[target],
    evaluation: FitEvaluation = evaluationOf(program, packed, target, loss),
    readonly penalty?: Penalty,
  ) {
    this.size = program.params;
    this.gradient = new Float64Array(this.size);
    this.H = new Float64Array((this.size * (this.size + 1)) / 2);
    this.#evaluation = evaluation;
    this.weigh(weight);
  }

  /** Sum of the weights of the runs. */
  get mass(): number {
    return this.#evaluation.mass;
  }

  /** Gives the runs other weights, in packed order. */
  weigh(weight: Float64Array): void {
    this.#evaluation.weigh(weight);
  }

  /**
   * The objective at θ; fills `gradient` and `H`. It may be NaN or infinite where θ is absurd.
   *
   * @param tau how much H has of reweighting, see `matrixWeight`: 1 all, 0 nothing but ρ″
   */
  evaluate(theta: Float64Array, tau = 1): number {
    const { gradient, H, penalty } = this;
    const mean = this.#evaluation.evaluate(theta, tau, gradient, H);
    return penalty === undefined ? mean : mean + addPenalty(penalty, theta, gradient, H);
  }

  /**
   * JᵀΩr″ at θ, where r″ is the second derivative of the residuals along `direction`; `tau` as for
   * `evaluate`. Undefined for a program without second derivatives.
   */
  bend(theta: Float64Array, direction: Float64Array, tau = 1): Float64Array | undefined {
    return this.#evaluation.bend(theta, direction, tau);
  }

  /**
   * Σ w·ψ(r)·∇²r at θ, which JᵀΩJ leaves out of the Hessian; packed as `H`, undefined where it is
   * not finite, and for laws of very many coordinates. By differences of Jᵀψ, with ψ held as it is
   * at θ.
   */
  second(theta: Float64Array): Float64Array | undefined {
    const { size: p } = this;
    if (p > MOST_SECOND) return undefined;
    const slopeAt = this.#evaluation.slopesWith(theta);
    const second = new Float64Array(this.H.length);
    const here = slopeAt(theta);
    for (let j = 0; j < p; j++) {
      const ahead = slopeAt(theta.map((x, i) => (i === j ? x + DIFFERENCE : x)));
      // An entry of two coordinates is the mean of the differences in both.
      for (let i = 0; i < p; i++) {
        const ij = i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i;
        second[ij] += (ahead[i] - here[i]) / DIFFERENCE / (i === j ? 1 : 2);
      }
    }
    return second.every(Number.isFinite) ? second : undefined;
  }
}
