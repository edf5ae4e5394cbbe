/** From a formula's tree to the expression graph. */
import { entryOf, firstOf, itemAt } from "../../base/known.ts";
import {
  abs, add, argumentsOf, atan, constant, cos, div, exp, type Expr, log, max, min, mul, neg, type Node, sin, sqrt, step, sub, sum, tanh, topological,
} from "../../expr/graph.ts"; // prettier-ignore
import { evaluateOne } from "../../expr/float64.ts";
import { checkLimit } from "../../options/limits.ts";
import { children } from "../../syntax/tree.ts";
import type { Syntax } from "../../syntax/formula.ts";
import type { Guard, LawVariables } from "../law.ts";
import { type Charts, shiftOf } from "./centering.ts";
import type { FormulaParameters } from "./formula-parameters.ts";
import { isOverDomains } from "./names.ts";
import { coefficientOf, type DataTerm, type Origin, originChart, summandsOf } from "./origins.ts";
import { type PartBuilder, productOf } from "./product.ts";
import type { Reading } from "./read-formula.ts";

const UNARY: Readonly<Record<string, (a: Expr) => Node>> = {
  exp,
  log,
  sqrt,
  tanh,
  abs,
  atan,
  sin,
  cos,
};

/** Stands for the logarithm of data of 0: e to this times an exponent of 0.01 and more is 0. */
const LOG_OF_ZERO = -1e5;

/** What a constant operand that an operation cannot take is said to be. */
const IS_WRONG: Readonly<Record<Guard["needs"], string>> = {
  positive: "is not above 0",
  nonnegative: "is negative",
  nonzero: "is 0: this divides by zero",
};

type Name = Syntax & { readonly kind: "name" };
type Call = Syntax & { readonly kind: "call" };

/**
 * The graph of a formula over a law's terms.
 *
 * @throws InputError for a domain that the law does not have, and for constant parts without a
 *   value.
 */
export const graphOf = (
  reading: Reading,
  { charts, origins }: Pick<FormulaParameters, "charts" | "origins">,
  x: LawVariables,
): Node => {
  checkLimit("formulaNodes", writtenOut(reading.tree, x.domains), {
    what: reading.origin,
    remedy: "write it with fewer sums inside sums",
  });
  return new GraphBuilder(reading, charts, origins, x).expression(reading.tree);
};

/** Operations of a formula with its sums over the domains written out. */
const writtenOut = (syntax: Syntax, domains: number): number => {
  const inner = children(syntax).reduce((total, child) => total + writtenOut(child, domains), 0);
  return 1 + inner * (syntax.kind === "call" && isOverDomains(syntax) ? domains : 1);
};

/** Builds nodes for parts of a formula; `domain` is the position that [i] stands for. */
class GraphBuilder implements PartBuilder {
  constructor(
    readonly reading: Reading,
    readonly charts: Charts,
    readonly origins: ReadonlyMap<string, Origin>,
    readonly x: LawVariables,
  ) {}

  /**
   * A part of the formula. One without data and parameters is folded; where it is no number, that
   * is an error at once, at its innermost.
   */
  expression(syntax: Syntax, domain?: number): Node {
    const node = this.#node(syntax, domain);
    const isConstant = !topological([node]).some(
      (part) => argumentsOf(part).length === 0 && part.kind !== "const",
    );
    if (node.kind === "const" || !isConstant) return node;
    const value = evaluateOne(node, () => NaN);
    if (!Number.isFinite(value))
      throw this.reading.fail(`${this.#text(syntax)} is not a finite number`, syntax);
    return constant(value);
  }

  #node(syntax: Syntax, domain: number | undefined): Node {
    switch (syntax.kind) {
      case "number":
        return constant(syntax.value);
      case "name":
        return this.#name(syntax, domain);
      case "call":
        return this.#call(syntax, domain);
      case "negate":
        return this.#centeredSum(syntax, domain) ?? productOf(syntax, this, domain);
      case "binary": {
        const centered = this.#centeredSum(syntax, domain);
        if (centered !== undefined) return centered;
        const { op, left, right } = syntax;
        if (op !== "+" && op !== "-") return productOf(syntax, this, domain);
        const [a, b] = [this.expression(left, domain), this.expression(right, domain)];
        return op === "+" ? add(a, b) : sub(a, b);
      }
    }
  }

  #name(syntax: Name, domain: number | undefined): Node {
    const meaning = this.reading.names.meaning(syntax.name);
    if (meaning.kind === "constant") return constant(meaning.value);
    if (meaning.kind === "input") return this.x.input(meaning.name);
    if (meaning.kind === "weights") {
      const i = this.#domainOf(syntax, domain);
      return meaning.phase === undefined ? this.x.h(i) : this.x.inPhase(meaning.phase, i);
    }
    if (meaning.kind === "supply") return this.x.u(this.#domainOf(syntax, domain));
    const origin = this.origins.get(syntax.name);
    if (origin !== undefined)
      return originChart(origin, this.charts).value(this.coordinate(syntax, domain), this.x);
    return this.isLogarithm(syntax)
      ? exp(this.logarithm(syntax, domain))
      : this.coordinate(syntax, domain);
  }

  /** A sum in which a parameter takes centers in; undefined for other parts. */
  #centeredSum(syntax: Syntax, domain: number | undefined): Node | undefined {
    const origin = this.originIn(syntax, "sum");
    if (origin === undefined) return undefined;
    const parts = summandsOf(syntax).map(({ node, negative }): Node => {
      const [term] = origin.terms.get(node) ?? [];
      // The sign of a term is in it.
      if (term !== undefined) return this.centeredTerm(origin, term);
      const part =
        node.kind === "name" && node.name === origin.parameter
          ? this.coordinate(node, domain)
          : this.expression(node, domain);
      return negative ? neg(part) : part;
    });
    return parts.reduce(add);
  }

  originIn(whole: Syntax, kind: Origin["kind"]): Origin | undefined {
    for (const origin of this.origins.values())
      if (origin.whole === whole && origin.kind === kind) return origin;
    return undefined;
  }

  centeredTerm(origin: Origin, term: DataTerm): Node {
    const { data, isLog, summand, text, far, negative } = term;
    const whole = data.reduce<Node>((product, { node, inverse }) => {
      const part = this.expression(node);
      return inverse
        ? div(product, this.guarded(part, "nonzero", summand, node))
        : mul(product, part);
    }, constant(1));
    const [base] = data;
    const isBase = isLog && base !== undefined;
    const value = isBase
      ? this.logOfBase(whole, negative ? undefined : whole, summand, base.node)
      : whole;
    const node = isBase ? log(whole) : whole;
    const centered = sub(value, this.x.origin(origin.parameter, text, { node, far }));
    const coefficient = coefficientOf(term, (name) => this.#value(name));
    return mul(coefficient, centered);
  }

  logOfBase(base: Node, zeros: Node | undefined, operation: Syntax, part: Syntax): Node {
    if (zeros === undefined) return log(this.guarded(base, "positive", operation, part));
    const isZero = sub(1, step(abs(zeros)));
    const other = add(this.guarded(base, "nonnegative", operation, part), isZero);
    return add(log(other), mul(LOG_OF_ZERO, isZero));
  }

  /** A parameter of the law as a whole. */
  #value(name: string): Node {
    const { key, log: isLog } = this.charts.get(name) ?? { key: name, log: false };
    return isLog ? exp(this.x.p(key)) : this.x.p(key);
  }

  /** Whether a part of the formula is a parameter whose logarithm is optimized. */
  isLogarithm(syntax: Syntax): syntax is Name {
    return syntax.kind === "name" && this.charts.get(syntax.name)?.log === true;
  }

  /** A parameter's coordinate. */
  coordinate(syntax: Name, domain: number | undefined): Node {
    const key = this.charts.get(syntax.name)?.key ?? syntax.name;
    return this.reading.isVector(syntax.name)
      ? this.x.pd(key, this.#domainOf(syntax, domain))
      : this.x.p(key);
  }

  /** ln of a positive parameter. */
  logarithm(syntax: Name, domain: number | undefined): Node {
    const own = this.coordinate(syntax, domain);
    const { centered } = this.reading;
    return centered.has(syntax.name)
      ? add(own, shiftOf(syntax.name, centered, this.charts, this.x))
      : own;
  }

  #domainOf(syntax: Name, domain: number | undefined): number {
    if (typeof syntax.of !== "object") return domain ?? 0;
    const { domainNames } = this.x;
    const position = domainNames.indexOf(syntax.of.domain);
    if (position >= 0) return position;
    throw this.reading.fail(
      `there is no domain "${syntax.of.domain}"; the domains are: ${domainNames.join(", ")}`,
      syntax,
    );
  }

  #call(syntax: Call, domain: number | undefined): Node {
    const { name, args } = syntax;
    const first = firstOf(args);
    const { domains } = this.x;
    if (name === "sum") return sum(domains, (i) => this.expression(first, i));
    if (name === "dot")
      return sum(domains, (i) =>
        mul(this.expression(first, i), this.expression(itemAt(args, 1), i)),
      );
    if (name === "max" || name === "min") {
      const operands = isOverDomains(syntax)
        ? Array.from({ length: domains }, (_, i) => this.expression(first, i))
        : args.map((arg) => this.expression(arg, domain));
      return operands.reduce((a, b) => (name === "max" ? max(a, b) : min(a, b)));
    }
    const operand = this.expression(first, domain);
    if (name === "log") return log(this.guarded(operand, "positive", syntax, first));
    if (name === "sqrt") return sqrt(this.guarded(operand, "nonnegative", syntax, first));
    return entryOf(UNARY, name)(operand);
  }

  /** An operand of which an operation needs something: checked now, or once the data are known. */
  guarded(operand: Node, needs: Guard["needs"], operation: Syntax, part: Syntax): Node {
    const texts = { operation: this.#text(operation), operand: this.#text(part) };
    if (operand.kind !== "const") return this.x.guard({ node: operand, needs, ...texts });
    const { value } = operand;
    const isFine = { positive: value > 0, nonnegative: value >= 0, nonzero: value !== 0 }[needs];
    if (isFine) return operand;
    const remedy = needs === "nonzero" ? "" : `, and ${texts.operation} needs a number that is`;
    throw this.reading.fail(`${texts.operand} ${IS_WRONG[needs]}${remedy}`, part);
  }

  #text({ start, end }: Syntax): string {
    return this.reading.text.slice(start, end);
  }
}
