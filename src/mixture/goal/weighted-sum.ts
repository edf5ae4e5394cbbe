/** What a loss over mixtures is a sum of. */
import type { BoundLaw } from "../../laws/bind.ts";
import type { Scale } from "./law-on-simplex.ts";

/** A law with its fitted coordinates. */
export interface Fitted {
  readonly law: BoundLaw;
  readonly theta: ArrayLike<number>;
}

/** One of the losses of a weighted sum Σ_t w_t·L_t. */
export interface Term {
  readonly fitted: Fitted;
  readonly weight: number;
}

/** Σ_t w_t·L_t at a scale. */
export interface WeightedSum {
  readonly terms: readonly Term[];
  readonly at: Scale;
  /** 1 for shares that are held, see `holding`; none where it is left out. */
  readonly held?: Uint8Array;
}
