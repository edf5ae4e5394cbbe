/** What a law says of one of its parameters. */
import type { Chart } from "./chart.ts";

/**
 * What start ranges may depend on: the observed losses of one target, in nats (or whatever the
 * column holds).
 */
export interface LossScale {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/**
 * A coordinate the optimizer moves. "lnA" is the chart coordinate of a positive A, so that A =
 * e^lnA.
 */
export interface ParameterSpec {
  readonly meaning: string;
  /** One value, or one a domain. */
  readonly per: "law" | "domain";
  /** Random starts are uniform in this range. */
  readonly start: (scale: LossScale, domains: number) => readonly [number, number];
  /** Box of the coordinate; default unbounded. */
  readonly bounds?: readonly [number, number];
  /**
   * Values of the coordinate such as published fits have, at 100M parameters and 2B tokens: what
   * simulations draw from. Default: the middle of `start`.
   */
  readonly truth?: readonly [number, number];
  /**
   * The parameter that reports show for this coordinate. Default: the coordinate itself, under its
   * own name.
   */
  readonly chart?: Chart;
  /**
   * A typical size: the optimizer works with the coordinate in this unit, rounded to a power of
   * two, so that 1e-9 and 1e3 do as well as 1. Default 1.
   */
  readonly unit?: number;
}
