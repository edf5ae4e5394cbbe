/** What a law says of one of its parameters. */
import type { Chart } from "./chart.ts";

/** What start ranges may depend on: the observed losses of one target, in units of their column. */
export interface LossScale {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/**
 * Values of a coordinate such as published fits have, at 100M parameters and 2B tokens: a range
 * from which it is drawn uniformly, or a function of draws. Laws then have losses of 2 to 4 nats
 * from 20M to 1B parameters at 5 to 20 tokens a parameter.
 */
export type TruthRange = readonly [number, number] | ((draw: TruthDraw) => number);

/** What a true value may be drawn with. */
export interface TruthDraw {
  /** The coordinate's own draw, uniform in a range. */
  readonly between: (low: number, high: number) => number;
  /** A draw from 0 to 1, the same for all coordinates of a target's law. */
  readonly shared: number;
  /** Whether the coordinate's domain is the one that the target measures. */
  readonly own: boolean;
  /** The domain's part of a whole of 1; the target's own domain has about three times another's. */
  readonly part: number;
  /** How many domains there are. */
  readonly domains: number;
  /** The true value of another parameter of the same domain, by the name of its definition. */
  readonly beside: (parameter: string) => number;
}

/**
 * A parameter of a law, by the coordinate that the optimizer moves: "lnA" with a chart that says A
 * = e^lnA. All ranges are of the coordinate.
 */
export interface ParameterSpec {
  /** What it is, for people. */
  readonly meaning: string;
  /** One value, or one a domain. */
  readonly per: "law" | "domain";
  /** The range of random starts, from which they are drawn uniformly. */
  readonly start: (scale: LossScale, domains: number) => readonly [number, number];
  /**
   * What the range follows from: what the parameter is in its law ("usual", the default), what a
   * user said ("given"), or nothing, so that the data must say where starts are ("data").
   */
  readonly startKind?: "usual" | "given" | "data";
  /** Default: unbounded. */
  readonly bounds?: readonly [number, number];
  /** What simulations draw. Default: uniform in the middle half of `start`. */
  readonly truth?: TruthRange;
  /** The parameter that reports show. Default: the coordinate itself, under its own name. */
  readonly chart?: Chart;
  /**
   * A typical size: the optimizer works with the coordinate in this unit, rounded to a power of
   * two, so that 1e-9 and 1e3 do as well as 1. Default 1.
   */
  readonly unit?: number;
  /**
   * Where a ridge draws a parameter that has one value a domain: to their mean, the default, or to
   * 0, for one that does nothing there.
   */
  readonly drawnTo?: "zero" | "mean";
}
