/** What part each parameter plays in a formula, read off the tree before any data are seen. */
import type { Syntax } from "../../syntax/formula.ts";
import { children } from "../../syntax/tree.ts";
import { type Centering, centeringOf } from "./centering.ts";
import { type Factor, factorsOf, unsigned } from "./factors.ts";
import { isOfOne, type Names } from "./names.ts";

/** How a parameter occurs; its default range follows from that. */
export type Role =
  /**
   * A of A/N^α, C of C·h^γ: the positive scale of a power or exponential; `inverse`: in a
   * denominator.
   */
  | { readonly kind: "scale"; readonly inverse: boolean }
  /**
   * α of N^α: an exponent of a share, of a count (params, tokens) or of something else. `inverse`:
   * in a denominator.
   */
  | {
      readonly kind: "exponent";
      readonly of: "share" | "count" | "other";
      readonly inverse: boolean;
    }
  /**
   * E of E + …: a constant beside terms in N, D or h, the irreducible loss; beside others, a level
   * of the response.
   */
  | { readonly kind: "constant" | "level" }
  | { readonly kind: "free" };

type Binary = Syntax & { readonly kind: "binary" };

/** Where a node stands. */
interface Place {
  /** In a denominator. */
  readonly inverse: boolean;
  /** A term of the whole sum. */
  readonly top: boolean;
}

/** Walks through a formula and notes how each parameter occurs. */
export class RoleFinder {
  /** Every role of every parameter, in the order of the formula. */
  readonly roles = new Map<string, Role[]>();
  readonly centered = new Map<string, Centering>();

  constructor(
    readonly names: Names,
    readonly isVector: (name: string) => boolean,
  ) {}

  visit(node: Syntax, place: Place = { inverse: false, top: true }): void {
    switch (node.kind) {
      case "number":
        return;
      case "name":
        if (this.names.is(node, "parameter"))
          this.#note(node.name, { kind: place.top ? "constant" : "free" });
        return;
      case "call": {
        const inverse = !isOfOne(node.name) && place.inverse;
        for (const arg of node.args) this.visit(arg, { inverse, top: false });
        return;
      }
      case "negate":
        if (node.arg.kind === "binary") this.#visitProduct(node, place.inverse);
        else this.visit(node.arg, place);
        return;
      case "binary":
        if (node.op === "^") this.#visitPower(node, place.inverse);
        else if (node.op === "*" || node.op === "/") this.#visitProduct(node, place.inverse);
        else for (const child of children(node)) this.visit(child, place);
    }
  }

  #note(name: string, role: Role): void {
    this.roles.set(name, [...(this.roles.get(name) ?? []), role]);
  }

  #visitPower({ left, right }: Binary, inverse: boolean): void {
    this.visit(left, { inverse, top: false });
    const exponent = unsigned(right);
    const isData =
      !this.names.has(left, "parameter") &&
      (this.names.has(left, "input") || this.names.has(left, "weights"));
    if (!isData || !this.names.is(exponent, "parameter"))
      return this.visit(exponent, { inverse: false, top: false });
    const isEpochs = this.names.has(left, "weights") && this.names.has(left, "supply");
    const base =
      this.names.is(left, "weights") || isEpochs
        ? "share"
        : this.names.isCount(left)
          ? "count"
          : "other";
    const flipped = right.kind === "negate" ? !inverse : inverse;
    this.#note(exponent.name, { kind: "exponent", of: base, inverse: flipped });
  }

  #visitProduct(product: Syntax, inverse: boolean): void {
    const { factors } = factorsOf(product);
    const isScaled = factors.some((factor) => this.#isPower(factor.node));
    for (const factor of factors) {
      if (isScaled && !factor.inverse && this.names.is(factor.node, "parameter")) {
        this.#note(factor.node.name, { kind: "scale", inverse });
        this.#center(factor.node.name, product, factors);
      } else this.visit(factor.node, { inverse: factor.inverse !== inverse, top: false });
    }
  }

  /** A power, or an exponential, in which N, D or the shares are: what it multiplies is a scale. */
  #isPower(node: Syntax): boolean {
    const readsData = (part: Syntax): boolean =>
      this.names.has(part, "weights") || this.names.isCount(part) || children(part).some(readsData);
    if (node.kind === "binary" && node.op === "^")
      return readsData(node.left) && !this.names.has(node.left, "parameter");
    const isExponential = node.kind === "call" && node.name === "exp";
    return isExponential && readsData(node) && this.names.has(node, "parameter");
  }

  /** The first product in which a scale stands decides how it is centered; one scale a product. */
  #center(scale: string, product: Syntax, factors: readonly Factor[]): void {
    const isTaken = [...this.centered.values()].some(({ term }) => term === product);
    if (this.centered.has(scale) || isTaken) return;
    const centering = centeringOf(scale, product, factors, this.names, this.isVector);
    if (centering !== undefined) this.centered.set(scale, centering);
  }
}
