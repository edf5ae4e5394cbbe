/** How a reported parameter and the number that is optimized follow from each other. */
import { add, div, exp, type Expr, log, mul, type Node, sub } from "../../expr/graph.ts";

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
