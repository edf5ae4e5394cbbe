/** How a reported parameter and the number that is optimized follow from each other. */
import { add, constant, div, exp, type Expr, log, mul, type Node, sub } from "../../expr/graph.ts";

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

/** Parameters that are exponents, by the input whose exponent they are. */
type Exponents = Readonly<Record<string, string>>;

/**
 * The coefficient A of a term such as A·F^β/N^α, of which the coordinate is ln A at the center: A =
 * e^coordinate·N₀^α/F₀^β.
 *
 * @example centered("A", { params: "alpha" }, { ft_tokens: "beta" }) // of A·F^β/N^α
 */
export function centered(symbol: string, below: Exponents, above: Exponents = {}): Chart {
  const power = (x: ChartTerms, input: string, exponent: string): Node =>
    mul(x.p(exponent), x.lnUnit(input));
  const shift = (x: ChartTerms): Node => {
    const [first = constant(0), ...more] = Object.entries(below).map(([input, exponent]) =>
      power(x, input, exponent),
    );
    const divided = Object.entries(above).map(([input, exponent]) => power(x, input, exponent));
    return divided.reduce(sub, more.reduce(add, first));
  };
  return {
    symbol,
    value: (u, x) => exp(add(u, shift(x))),
    coordinate: (A, x) => sub(log(A), shift(x)),
  };
}

/** γ = 1/coordinate. */
export const reciprocal = (symbol: string): Chart => ({
  symbol,
  value: (s) => div(1, s),
  coordinate: (gamma) => div(1, gamma),
});
