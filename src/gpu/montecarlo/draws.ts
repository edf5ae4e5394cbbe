/** What is asked of Monte Carlo over mixtures, and how its samples are cut into blocks. */
import type { Program } from "../../expr/program.ts";

/** Invocations of a workgroup. */
export const WORKGROUP = 64;
/** Samples that an invocation takes. */
export const TURNS = 64;
/** Samples of a workgroup: their best, worst and number come back as one. */
export const BLOCK = WORKGROUP * TURNS;
/** Intervals of the histogram. */
export const BINS = 128;
/** As many as 32-bit numbers can count, in whole blocks. */
export const MOST_SAMPLES = 2 ** 32 - BLOCK;

/** A pinned domain's bits in the draw: above every limit, which has nine. */
export const PINNED = 0x400;

/**
 * Targets of one law: a program over the shares, with a row of its run table and a weight a target.
 */
export interface LawRows {
  /** What only its value needs. */
  readonly program: Program;
  /** rows × columns of the run table. */
  readonly table: Float64Array;
  readonly weights: ArrayLike<number>;
}

/** A linear condition: Σ coefficientᵢ·hᵢ between `min` and `max`. */
export interface Row {
  readonly coefficients: ArrayLike<number>;
  readonly min: number;
  readonly max: number;
}

/**
 * How mixtures are drawn and which of them count; src/mixture/sampling/random-mixtures.ts makes it
 * and says what it means.
 */
export interface Draws {
  readonly seed: number;
  readonly purpose: number;
  /**
   * Of 65536: kinds below `sparseBelow` are sparse, further ones below `nearBelow` near the
   * reference.
   */
  readonly sparseBelow: number;
  readonly nearBelow: number;
  /** What is shared out above the floors. */
  readonly rest: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1 where a domain stays at its floor. */
  readonly pinned: Uint8Array;
  readonly reference: Float64Array;
  readonly rows: readonly Row[];
}

/** BINS equal intervals from `low` to `high`; the outermost ones take what lies beyond. */
export interface Range {
  readonly low: number;
  readonly high: number;
}
