/** What a law says of one of its parameters. */
import { add, div, exp, type Expr, log, mul, type Node, sub } from "../expr/graph.ts";

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
 * N and D (and other positive inputs, by name) are divided by these before their logarithm is
 * taken.
 */
export interface Units {
  readonly params: number;
  readonly tokens: number;
  readonly [input: string]: number;
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

/** How a reported parameter and its coordinate follow from each other. */
export interface Chart {
  /** The reported name. */
  readonly symbol: string;
  readonly value: (coordinate: Expr, x: ChartTerms) => Node;
  readonly coordinate: (value: Expr, x: ChartTerms) => Node;
}

/** What charts may depend on besides. */
export interface ChartTerms {
  /** The coordinate of a parameter of the law as a whole. */
  readonly p: (name: string) => Node;
  /** ln of an input's unit: ln N₀ of "params", ln D₀ of "tokens". */
  readonly lnUnit: (input: string) => number;
}

/** The coordinate under another name, times a factor. */
export const scaled = (symbol: string, factor = 1): Chart => ({
  symbol,
  value: (u) => mul(factor, u),
  coordinate: (v) => mul(1 / factor, v),
});

/** A = e^coordinate. */
export const exponential = (symbol: string): Chart => ({
  symbol,
  value: (u) => exp(u),
  coordinate: (A) => log(A),
});

/**
 * The coefficient A of A/N^α, of which the coordinate is ln A at the center: A = e^coordinate·N₀^α.
 */
export const centered = (symbol: string, exponent: string, input: string): Chart => ({
  symbol,
  value: (u, x) => exp(add(u, mul(x.p(exponent), x.lnUnit(input)))),
  coordinate: (A, x) => sub(log(A), mul(x.p(exponent), x.lnUnit(input))),
});

/** γ = 1/coordinate. */
export const reciprocal = (symbol: string): Chart => ({
  symbol,
  value: (s) => div(1, s),
  coordinate: (gamma) => div(1, gamma),
});
