/**
 * Parameters that take centers of the data in. Of `a + b*x` with x around 1.7e9 the values of a and
 * b are as good as one number; of u = a + b·x₀ and b they are two. So the coordinate is u, and the
 * sum is written u + b·(x − x₀). Of `A/x^a` and `A*exp(b*x)` the coordinate is the term at the
 * data's center in the same way. (Positive scales of powers of N and D have their own:
 * centering.ts.)
 */
import { add, constant, div, exp, mul, neg, type Node, nodeOf, sub } from "../../expr/graph.ts";
import type { Syntax } from "../../syntax/formula.ts";
import { children } from "../../syntax/tree.ts";
import type { Chart, ChartVariables } from "../parameters/chart.ts";
import type { Charts } from "./centering.ts";
import { type Factor, factorsOf } from "./factors.ts";
import type { Names } from "./names.ts";

/**
 * Data that are centered only where their mean is so many standard deviations from 0: alone beside
 * a parameter in a sum, or in a sum that divides or is a base; and in an exponential. In between,
 * the parameter's own size says more: c of `x - c` is near 0 or not, so is K of 1/(K + x/I), and
 * exp(−x/b) with a small b is 0 and no overflow.
 */
const FAR = { alone: 30, exponential: 3 } as const;

/** Data times parameters: a part of a sum, or of an exponent. */
export interface DataTerm {
  /** The part of the sum, or the factor with the exponent. */
  readonly summand: Syntax;
  readonly negative: boolean;
  /** Parameters with a value for the law as a whole. */
  readonly coefficient: readonly Factor[];
  /** Data and numbers; of a power the base, whose logarithm it is. */
  readonly data: readonly Factor[];
  readonly isLog: boolean;
  /** What names its center. */
  readonly text: string;
  /** It is centered where its mean is this many standard deviations from 0. */
  readonly far: number;
}

/** How one parameter takes centers in. */
export interface Origin {
  readonly parameter: string;
  /** It stands in a sum with the terms, or multiplies what has them as exponents. */
  readonly kind: "sum" | "product";
  /** The sum or the product. */
  readonly whole: Syntax;
  /** Whether it has a minus sign, or divides. */
  readonly inverse: boolean;
  /** The terms, by the summands or factors that they are. */
  readonly terms: ReadonlyMap<Syntax, readonly DataTerm[]>;
}

/** A part of a sum. */
export interface Summand {
  readonly node: Syntax;
  readonly negative: boolean;
}

/** The parts of a sum, through brackets and minus signs. */
export function summandsOf(node: Syntax, negative = false): Summand[] {
  if (node.kind === "negate" && isSum(node.arg)) return summandsOf(node.arg, !negative);
  if (!isSum(node)) return [{ node, negative }];
  const flips = node.op === "-" ? !negative : negative;
  return [...summandsOf(node.left, negative), ...summandsOf(node.right, flips)];
}

type Binary = Syntax & { readonly kind: "binary" };
const isSum = (node: Syntax): node is Binary =>
  node.kind === "binary" && (node.op === "+" || node.op === "-");

/** What origins are looked for in. */
interface Sought {
  readonly text: string;
  readonly names: Names;
  /** Parameters whose coordinate may be another; each stands in the formula once. */
  readonly may: ReadonlySet<string>;
  readonly isVector: (name: string) => boolean;
}

/**
 * Whether a number of parameters and data is taken as a ratio: there a part near 0 means something.
 */
type Context = "ratio" | "sum";

/** Every parameter that takes centers in; none that another one's center depends on. */
export function originsOf(tree: Syntax, sought: Sought): ReadonlyMap<string, Origin> {
  const finder = new OriginFinder(sought);
  finder.visit(tree);
  const origins = new Map<string, Origin>();
  const coefficients = new Set<string>();
  const taken = new Set<Syntax>();
  for (const origin of finder.found) {
    const terms = [...origin.terms.values()].flat();
    const names = terms.flatMap(({ coefficient }) => coefficient.map(({ node }) => nameOf(node)));
    const parts = [...origin.terms.keys()];
    if (coefficients.has(origin.parameter) || origins.has(origin.parameter)) continue;
    if (names.some((name) => origins.has(name)) || parts.some((part) => taken.has(part))) continue;
    origins.set(origin.parameter, origin);
    for (const name of names) coefficients.add(name);
    for (const part of parts) taken.add(part);
  }
  return origins;
}

const nameOf = (node: Syntax): string => (node.kind === "name" ? node.name : "");

class OriginFinder {
  readonly found: Origin[] = [];

  constructor(readonly sought: Sought) {}

  visit(node: Syntax, context: Context = "sum"): void {
    if (node.kind === "binary" && node.op === "^") {
      this.visit(node.left, node.right.kind === "number" ? "sum" : "ratio");
      return this.visit(node.right);
    }
    if (isSum(node) || (node.kind === "negate" && isSum(node.arg))) {
      const summands = summandsOf(node);
      this.#inSum(node, summands, context);
      for (const summand of summands) this.visit(summand.node);
      return;
    }
    const { factors } = factorsOf(node);
    if (factors.length > 1) {
      this.#inProduct(node, factors);
      for (const factor of factors) this.visit(factor.node, factor.inverse ? "ratio" : "sum");
    } else for (const child of children(node)) this.visit(child);
  }

  #inSum(whole: Syntax, summands: readonly Summand[], context: Context): void {
    const alone = summands.filter(({ node }) => this.#may(node));
    const [first] = alone;
    if (first === undefined || alone.length > 1) return;
    const terms = summands.flatMap(({ node, negative }) => {
      const term = this.#dataTerm(node, negative, 0);
      if (term === undefined) return [];
      const far = term.coefficient.length === 0 || context === "ratio" ? FAR.alone : 0;
      return [[node, [{ ...term, far }]] as const];
    });
    this.#add("sum", first.node, whole, first.negative, terms);
  }

  #inProduct(whole: Syntax, factors: readonly Factor[]): void {
    const scale = factors.find(({ node }) => this.#may(node));
    if (scale === undefined) return;
    const terms = factors.flatMap(({ node, inverse }) => {
      const found = this.#exponents(node, inverse);
      return found.length === 0 ? [] : [[node, found] as const];
    });
    this.#add("product", scale.node, whole, scale.inverse, terms);
  }

  #add(
    kind: Origin["kind"],
    node: Syntax,
    whole: Syntax,
    inverse: boolean,
    terms: readonly (readonly [Syntax, readonly DataTerm[]])[],
  ): void {
    if (terms.length > 0)
      this.found.push({ parameter: nameOf(node), kind, whole, inverse, terms: new Map(terms) });
  }

  #may(node: Syntax): boolean {
    return this.sought.names.is(node, "parameter") && this.sought.may.has(node.name);
  }

  /** The exponents of a factor: of x^p, p·log(x); of exp(p*x + …), p·x. */
  #exponents(node: Syntax, inverse: boolean): DataTerm[] {
    if (node.kind === "call" && node.name === "exp")
      return node.args.flatMap((arg) =>
        summandsOf(arg, inverse).flatMap((summand) => {
          const term = this.#dataTerm(summand.node, summand.negative, FAR.exponential);
          return term === undefined || term.coefficient.length === 0 ? [] : [term];
        }),
      );
    if (node.kind !== "binary" || node.op !== "^" || !this.sought.names.isData(node.left))
      return [];
    const { factors, negative } = factorsOf(node.right);
    if (!factors.every((factor) => this.#isCoefficient(factor.node))) return [];
    const data = [{ node: node.left, inverse: false }];
    const text = `log(${this.#slice(node.left)})`;
    const isNegative = negative !== inverse;
    return [
      {
        summand: node,
        negative: isNegative,
        coefficient: factors,
        data,
        isLog: true,
        text,
        far: 0,
      },
    ];
  }

  /** A product of parameters and data. */
  #dataTerm(node: Syntax, outer: boolean, far: number): DataTerm | undefined {
    const { factors, negative } = factorsOf(node);
    const coefficient = factors.filter((factor) => this.#isCoefficient(factor.node));
    const data = factors.filter((factor) => !coefficient.includes(factor));
    if (!data.some((factor) => this.sought.names.isData(factor.node))) return undefined;
    if (data.some((factor) => this.sought.names.has(factor.node, "parameter"))) return undefined;
    if (data.some((factor) => this.sought.names.isOfDomains(factor.node))) return undefined;
    const text = data
      .map(
        (factor, n) =>
          `${factor.inverse ? (n === 0 ? "1/" : "/") : n === 0 ? "" : "*"}${this.#slice(factor.node)}`,
      )
      .join("");
    return {
      summand: node,
      negative: outer !== negative,
      coefficient,
      data,
      isLog: false,
      text,
      far,
    };
  }

  /** A parameter of the law as a whole. */
  #isCoefficient(node: Syntax): boolean {
    return this.sought.names.is(node, "parameter") && !this.sought.isVector(node.name);
  }

  #slice({ start, end }: Syntax): string {
    return this.sought.text.slice(start, end);
  }
}

/** Product of a term's parameters, and its sign. */
export function coefficientOf(
  { negative, coefficient }: DataTerm,
  value: (name: string) => Node,
): Node {
  const whole = coefficient.reduce<Node | undefined>((product, { node, inverse }) => {
    const own = value(nameOf(node));
    if (product === undefined) return inverse ? div(1, own) : own;
    return inverse ? div(product, own) : mul(product, own);
  }, undefined);
  return negative ? neg(whole ?? 1) : (whole ?? constant(1));
}

/** The chart of a parameter that takes centers in. */
export function originChart({ parameter, kind, inverse, terms }: Origin, charts: Charts): Chart {
  /** What the centers make of the sum, or of the exponent; undefined where there are none. */
  const shift = (x: ChartVariables): Node | undefined => {
    const value = (name: string): Node => {
      const { key, log: isLog } = charts.get(name) ?? { key: name, log: false };
      return isLog ? exp(x.p(key)) : x.p(key);
    };
    const parts = [...terms.values()].flat().flatMap((term) => {
      const center = x.origin(parameter, term.text);
      return center === 0 ? [] : [mul(coefficientOf(term, value), center)];
    });
    const [first, ...more] = parts;
    if (first === undefined) return undefined;
    const whole = more.reduce(add, first);
    return inverse ? neg(whole) : whole;
  };
  return {
    symbol: parameter,
    onlyCenters: true,
    value: (u, x) => {
      const by = shift(x);
      if (by === undefined) return nodeOf(u);
      return kind === "sum" ? sub(u, by) : mul(u, exp(neg(by)));
    },
    coordinate: (p, x) => {
      const by = shift(x);
      if (by === undefined) return nodeOf(p);
      return kind === "sum" ? add(p, by) : mul(p, exp(by));
    },
  };
}
