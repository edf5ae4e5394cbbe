/** Charts: how a reported parameter and the coordinate that is optimized follow from each other. */
import { add, constant, div, exp, type Expr, log, mul, type Node, sub } from "../../expr/graph.ts";

export interface Chart {
  /** What reports call the parameter. */
  readonly symbol: string;
  /** The reported value at a coordinate. */
  readonly value: (coordinate: Expr, x: ChartVariables) => Node;
  /** The coordinate at a reported value. */
  readonly coordinate: (value: Expr, x: ChartVariables) => Node;
  /** It takes centers of the data in, and does nothing else: without them it is no chart. */
  readonly onlyCenters?: true;
}

/** Whether a parameter is optimized as it is reported, but for centers of the data. */
export const isPlain = (chart: Chart | undefined): boolean =>
  chart === undefined || chart.onlyCenters === true;

/** What charts may depend on besides. */
export interface ChartVariables {
  /** The coordinate of a parameter of the law as a whole. */
  readonly p: (name: string) => Node;
  /** ln of an input's unit: ln N₀ of "params", ln D₀ of "tokens". */
  readonly lnUnit: (input: string) => number;
  /** The center of a part of the data that a parameter takes in; see `Frame`. */
  readonly origin: (parameter: string, text: string) => number;
}

/** What charts depend on beside the coordinates: where the data's centers are. */
export type Centers = Omit<ChartVariables, "p">;

/** The reported value is the coordinate times a factor. */
export const scaled = (symbol: string, factor = 1): Chart => ({
  symbol,
  value: (u) => mul(factor, u),
  coordinate: (v) => mul(1 / factor, v),
});

/** The reported value is e^coordinate. */
export const exponential = (symbol: string): Chart => ({
  symbol,
  value: (u) => exp(u),
  coordinate: (A) => log(A),
});

/** Parameters that are exponents, by the input that they are the exponent of. */
type Exponents = Readonly<Record<string, string>>;

/**
 * The coefficient A of a term such as A·F^β/N^α. The coordinate is the logarithm of the term at the
 * data's center, which is nearly independent of the exponents: A = e^coordinate·N₀^α/F₀^β.
 *
 * @param below exponents of inputs in the denominator; @param above those in the numerator
 * @example centered("A", { params: "alpha" }, { ft_tokens: "beta" }) // of A·F^β/N^α
 */
export function centered(symbol: string, below: Exponents, above: Exponents = {}): Chart {
  const power = (x: ChartVariables, input: string, exponent: string): Node =>
    mul(x.p(exponent), x.lnUnit(input));
  const shift = (x: ChartVariables): Node => {
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

/** The reported value is 1/coordinate. */
export const reciprocal = (symbol: string): Chart => ({
  symbol,
  value: inverse,
  coordinate: inverse,
});

/**
 * 1/x; of a reciprocal 1/s it is s itself, as where two such parameters are tied: that has a
 * derivative at s = 0 too, where both are infinite.
 */
function inverse(x: Expr): Node {
  if (typeof x !== "number" && x.kind === "op" && x.op === "div") {
    const [above, below] = x.args;
    if (above?.kind === "const" && above.value === 1 && below !== undefined) return below;
  }
  return div(1, x);
}
