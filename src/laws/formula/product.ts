/**
 * Products and powers of a formula. What is positive and known by its logarithm (scales, powers of
 * data) is added up under one exponential, apart for shares and for other inputs, so that each is
 * computed as rarely as it can be; the rest is multiplied and divided as written.
 */
import { firstOf } from "../../base/known.ts";
import {
  add,
  constant,
  div,
  log,
  logz,
  mul,
  neg,
  type Node,
  power,
  sqrt,
  step,
  timesExp,
} from "../../expr/graph.ts";
import type { Syntax } from "../../syntax/formula.ts";
import type { Guard, LawVariables } from "../law.ts";
import { type Factor, factorsOf } from "./factors.ts";
import { type DataTerm, type Origin, summandsOf } from "./origins.ts";
import type { Reading } from "./read-formula.ts";

/** Whole exponents up to this are multiplied out. */
const MOST_MULTIPLIED = 32;

type Binary = Syntax & { readonly kind: "binary" };
type Name = Syntax & { readonly kind: "name" };

/** What builds the parts of a product; `domain` is the position that [i] stands for. */
export interface PartBuilder {
  readonly reading: Reading;
  readonly x: LawVariables;
  /** A part as it is. */
  expression(syntax: Syntax, domain: number | undefined): Node;
  /** Whether a part is a parameter whose logarithm is optimized. */
  isLogarithm(syntax: Syntax): syntax is Name;
  /** A parameter's coordinate. */
  coordinate(syntax: Name, domain: number | undefined): Node;
  /** ln of a positive parameter. */
  logarithm(syntax: Name, domain: number | undefined): Node;
  /** The parameter that takes centers in, in this sum or product; undefined without one. */
  originIn(whole: Syntax, kind: Origin["kind"]): Origin | undefined;
  /** Parameters times centered data. */
  centeredTerm(origin: Origin, term: DataTerm): Node;
  /** The logarithm of a power's base, of which `zeros` is a factor that may be 0. */
  logOfBase(base: Node, zeros: Node | undefined, operation: Syntax, part: Syntax): Node;
  /** An operand of which an operation needs something. */
  guarded(operand: Node, needs: Guard["needs"], operation: Syntax, part: Syntax): Node;
}

/** The node of a product, a quotient, a power or a part with a minus sign. */
export const productOf = (syntax: Syntax, builder: PartBuilder, domain: number | undefined): Node =>
  new Product(syntax, builder, domain).node();

class Product {
  /** Factors 0 or 1, of shares that stand under the exponential and may be 0. */
  readonly #steps: Node[] = [];
  /** Exponents of shares, and of other inputs. */
  readonly #ofShares: Node[] = [];
  readonly #ofOthers: Node[] = [];
  /** Logarithms of positive parameters. */
  readonly #scales: Node[] = [];
  #numerator: Node | undefined;
  #denominator: Node | undefined;
  readonly #factors: readonly Factor[];
  readonly #negative: boolean;
  /** Whether a positive parameter multiplies the rest. */
  readonly #isScaled: boolean;
  /** The factor that takes the centers of the others' exponents in. */
  readonly #origin: Origin | undefined;

  constructor(
    readonly syntax: Syntax,
    readonly builder: PartBuilder,
    readonly domain: number | undefined,
  ) {
    const { factors, negative } = factorsOf(syntax);
    this.#factors = factors;
    this.#negative = negative;
    this.#origin = builder.originIn(syntax, "product");
    this.#isScaled = factors.some((factor) => !factor.inverse && builder.isLogarithm(factor.node));
  }

  node(): Node {
    for (const factor of this.#factors) this.#take(factor);
    const holder = this.#ofShares.length > 0 ? this.#ofShares : this.#ofOthers;
    holder.unshift(...this.#scales);
    this.#exponential(constant(1), this.#ofOthers);
    this.#exponential(this.#steps.reduce(mul, constant(1)), this.#ofShares);
    const numerator = this.#numerator ?? constant(1);
    const whole = this.#denominator === undefined ? numerator : div(numerator, this.#denominator);
    return this.#negative ? neg(whole) : whole;
  }

  #take({ node, inverse }: Factor): void {
    const { builder, domain } = this;
    if (this.#takeCentered(node, inverse)) return;
    if (builder.isLogarithm(node)) {
      // Where the product decides how the scale is centered, its powers are centered too.
      const isOwn = builder.reading.centered.get(node.name)?.term === this.syntax;
      const own = isOwn ? builder.coordinate(node, domain) : builder.logarithm(node, domain);
      this.#scales.push(inverse ? neg(own) : own);
    } else if (node.kind === "binary" && node.op === "^") this.#takePower(node, inverse);
    else if (this.#isScaled && node.kind === "call" && node.name === "exp") {
      const exponent = builder.expression(firstOf(node.args), domain);
      this.#exponentsFor(node).push(inverse ? neg(exponent) : exponent);
    } else {
      const factor = builder.expression(node, domain);
      this.#multiply(
        inverse ? builder.guarded(factor, "nonzero", this.syntax, node) : factor,
        inverse,
      );
    }
  }

  /**
   * The factor that takes centers in, or one with a centered exponent. Returns whether it was one.
   */
  #takeCentered(node: Syntax, inverse: boolean): boolean {
    const [origin, { builder, domain }] = [this.#origin, this];
    if (origin === undefined) return false;
    if (node.kind === "name" && node.name === origin.parameter) {
      this.#multiply(builder.coordinate(node, domain), inverse);
      return true;
    }
    const terms = origin.terms.get(node);
    if (terms === undefined) return false;
    // The signs of the terms are in them.
    for (const term of terms) this.#ofOthers.push(builder.centeredTerm(origin, term));
    if (node.kind !== "call") return true;
    const own = new Set(terms.map(({ summand }) => summand));
    for (const { node: rest, negative } of summandsOf(firstOf(node.args), inverse)) {
      if (own.has(rest)) continue;
      const part = builder.expression(rest, domain);
      this.#ofOthers.push(negative ? neg(part) : part);
    }
    return true;
  }

  #multiply(factor: Node, inverse: boolean): void {
    const times = (before: Node | undefined): Node =>
      before === undefined ? factor : mul(before, factor);
    if (inverse) this.#denominator = times(this.#denominator);
    else this.#numerator = times(this.#numerator);
  }

  #exponential(factor: Node, [first, ...more]: readonly Node[]): void {
    if (first !== undefined) this.#multiply(timesExp(factor, more.reduce(add, first)), false);
  }

  /** Where the logarithm of a part belongs, by what it reads. */
  #exponentsFor(part: Syntax): Node[] {
    const { names } = this.builder.reading;
    return names.has(part, "weights") && !names.has(part, "input") && !names.has(part, "supply")
      ? this.#ofShares
      : this.#ofOthers;
  }

  #takePower(syntax: Binary, inverse: boolean): void {
    const { builder, domain } = this;
    const { left, right } = syntax;
    const { names } = builder.reading;
    const exponent = builder.expression(right, domain);
    const base = builder.expression(left, domain);
    const input = names.input(left);
    const underExponential = this.#isScaled && input !== undefined;
    if (exponent.kind === "const" && !underExponential) {
      if (this.#multipliedOut(syntax, base, exponent.value, inverse)) return;
    }
    const signed = inverse ? neg(exponent) : exponent;
    if (names.is(left, "weights")) {
      // h^γ is 0, with derivative 0, at h = 0. In a denominator h must be there.
      const isConstantInverse = exponent.kind === "const" && exponent.value < 0;
      if (inverse || right.kind === "negate" || isConstantInverse) {
        this.#ofShares.push(mul(signed, log(builder.guarded(base, "positive", this.syntax, left))));
      } else {
        this.#steps.push(step(base));
        this.#ofShares.push(mul(signed, logz(base)));
      }
    } else if (input !== undefined) {
      const ln = this.#isCentered(right)
        ? builder.x.ln(input)
        : this.#logOfBase(syntax, base, inverse);
      this.#ofOthers.push(mul(signed, ln));
    } else {
      const ln = this.#logOfBase(syntax, base, inverse);
      this.#exponentsFor(left).push(mul(signed, ln));
    }
  }

  /**
   * The logarithm of a power's base. Where data in it are 0 the power is 0, as long as the exponent
   * is positive; with a negative one it overflows.
   */
  #logOfBase(syntax: Binary, base: Node, inverse: boolean): Node {
    const { builder, domain } = this;
    const { names } = builder.reading;
    const { left } = syntax;
    if (names.isCount(left)) return log(base);
    const isEpochs = names.has(left, "supply");
    const data = inverse
      ? []
      : factorsOf(left).factors.filter(
          ({ node, inverse: divides }) =>
            // Epochs are 0 where the share is.
            !divides && (names.isData(node) || (isEpochs && names.is(node, "weights"))),
        );
    const [first, ...more] = data.map(({ node }) => builder.expression(node, domain));
    return builder.logOfBase(base, first && more.reduce(mul, first), syntax, left);
  }

  /** A power with a whole exponent, or a square root, as a factor. Returns whether it was one. */
  #multipliedOut(syntax: Binary, base: Node, exponent: number, inverse: boolean): boolean {
    const { builder } = this;
    if (Number.isInteger(exponent) && Math.abs(exponent) <= MOST_MULTIPLIED) {
      const divides = inverse !== exponent < 0;
      const checked = divides ? builder.guarded(base, "nonzero", syntax, syntax.left) : base;
      this.#multiply(power(checked, Math.abs(exponent)), divides);
      return true;
    }
    if (exponent !== 0.5) return false;
    const needs = inverse ? "positive" : "nonnegative";
    this.#multiply(sqrt(builder.guarded(base, needs, syntax, syntax.left)), inverse);
    return true;
  }

  /** Whether a power with this exponent is one of those that the product's scale is centered by. */
  #isCentered(exponent: Syntax): boolean {
    return [...this.builder.reading.centered.values()].some(
      ({ term, powers }) =>
        term === this.syntax && powers.some((centered) => centered.exponent === exponent),
    );
  }
}
