/**
 * What is known of an expression as a function of the mixture: its values, its curvature, its
 * forms.
 */
import type { Affine } from "./affine.ts";
import type { Node } from "../graph.ts";
import { type Interval, isDown, isUp, type Signs } from "../intervals/interval.ts";

/** How an expression behaves over the mixtures of a box. */
export interface NodeShape {
  readonly node: Node;
  /** Equal expressions have one number. */
  readonly number: number;
  /** How many domains mixtures have. */
  readonly domains: number;
  /** All its values. */
  readonly range: Interval;
  /** How it bends along any line: convex is 0 … 1, concave −1 … 0, affine 0. */
  readonly bend: Signs;
  /** Whether it is positive and its logarithm is convex. */
  readonly isLogConvex: boolean;
  /**
   * Whether it is convex, or a strictly increasing function of one that is: then where its slope
   * promises no descent within a convex set, it is least.
   */
  readonly isPseudoconvex: boolean;
  /** The same of its negative. */
  readonly isPseudoconcave: boolean;
  /** The number that it is at all mixtures, and the parameters that this depends on. */
  readonly constant?: { readonly value: number; readonly parameters: readonly number[] };
  /** Where it is affine. */
  readonly affine?: Affine;
  /** Where it is a sum of logarithms. */
  readonly logs?: LogSum;
  /** Where it is a product of powers. */
  readonly product?: PowerProduct;
  /** Why it is not known to be convex or concave; nothing where it is. */
  readonly why: (wanted: Curvature) => readonly CurvatureReason[];
}

export type Curvature = "convex" | "concave";

/** Whether something that bends like this is convex, or concave. */
export const isCurved = (bend: Signs, wanted: Curvature): boolean =>
  wanted === "convex" ? isUp(bend) : isDown(bend);

export const opposite = (curvature: Curvature): Curvature =>
  curvature === "convex" ? "concave" : "convex";

/** Why an expression is not known to be convex or concave. */
export type CurvatureReason =
  /**
   * The exponents of a product of powers of `of` sum to `exponent`, which is where it must not be.
   */
  | {
      readonly kind: "exponent";
      readonly of: readonly Node[];
      readonly exponent: number;
      readonly is: "above 1" | "below 0" | "between 0 and 1";
      /** The parameters that the exponents depend on. */
      readonly parameters: readonly number[];
    }
  /** An operation of which the rules do not say how it bends here. */
  | { readonly kind: "operation"; readonly node: Node; readonly wanted: Curvature };

/** One g^e of a product. */
export interface Factor {
  readonly shape: NodeShape;
  readonly exponent: number;
  /**
   * The product has the factor step(g), and is 0 where g is; or it is divided by it, and is
   * infinite there.
   */
  readonly isStepped: boolean;
  readonly isDividedByStep: boolean;
  /** The logarithm of g counts as 0 where g is 0. */
  readonly isZeroed: boolean;
  /** The parameters that the exponent depends on. */
  readonly parameters: readonly number[];
}

/** affine + Σ eⱼ·ln gⱼ: a sum of logarithms, or the logarithm of a product. Factors by node. */
export interface LogSum {
  readonly affine: Affine;
  readonly factors: ReadonlyMap<number, Factor>;
}

/** sign·e^ln */
export interface PowerProduct {
  readonly sign: 1 | -1;
  readonly ln: LogSum;
}
