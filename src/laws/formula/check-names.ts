/**
 * Whether the names of a formula are used as what they are: functions with their arguments, and a
 * value for each domain only where there are domains. What is wrong is pointed at.
 */
import { entryOf } from "../../base/known.ts";
import type { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/wording.ts";
import type { Syntax } from "../../syntax/formula.ts";
import type { Fail } from "../../syntax/tokens.ts";
import { children } from "../../syntax/tree.ts";
import { CALLABLE, isOfOne, isOverDomains, type Names } from "./names.ts";

type Name = Syntax & { readonly kind: "name" };
type Call = Syntax & { readonly kind: "call" };

/** What is found out about names while they are checked. */
export class NameCheck {
  /** Inputs that the formula reads. */
  readonly inputs = new Set<string>();
  /** Domains that the formula names: "web" of h["web"]. */
  readonly domains = new Set<string>();
  /** Parameters with a value for each domain. */
  readonly vectors: Set<string>;

  constructor(
    readonly names: Names,
    readonly fail: Fail,
  ) {
    const { parameters } = names.definition;
    this.vectors = new Set(
      Object.keys(parameters).filter((name) => entryOf(parameters, name).per === "domain"),
    );
  }

  /** Whether a name has a value for each domain. */
  isVector(name: string): boolean {
    const { kind } = this.names.meaning(name);
    return kind === "weights" || kind === "supply" || this.vectors.has(name);
  }

  /** Checks functions, numbers of arguments and indices. */
  check(node: Syntax): void {
    if (node.kind === "call") this.#checkCall(node);
    if (node.kind === "name") this.#checkName(node);
    for (const child of children(node)) this.check(child);
  }

  #checkName(node: Name): void {
    const { name, of: index } = node;
    const meaning = this.names.meaning(name);
    if (CALLABLE.includes(name)) throw this.fail(`${name} is a function: write ${name}(…)`, node);
    if (meaning.kind === "input") this.inputs.add(meaning.name);
    if (typeof index === "object") this.domains.add(index.domain);
    if (index === "self" || meaning.kind === "weights" || meaning.kind === "supply") return;
    if (meaning.kind === "parameter") this.vectors.add(name);
    else
      throw this.fail(
        `${name} has one value a run and none for each domain: write it without [ ]`,
        node,
      );
  }

  #checkCall(node: Call): void {
    const { name, args } = node;
    if (!CALLABLE.includes(name)) throw this.#unknownFunction(node);
    const wrong = (takes: string): InputError =>
      this.fail(`${name} takes ${takes}, and has ${args.length} here`, node);
    if (isOfOne(name) || name === "sum") {
      if (args.length !== 1) throw wrong("one argument");
    } else if (name === "dot") {
      if (args.length !== 2) throw wrong("two arguments, such as dot(w, h)");
      for (const arg of args) if (this.names.is(arg, "parameter")) this.vectors.add(arg.name);
    } else if (args.length === 0) throw wrong("one argument with [i], or several");
  }

  #unknownFunction(node: Call): InputError {
    const { name } = node;
    const isKnown =
      Object.hasOwn(this.names.definition.parameters, name) ||
      this.names.meaning(name).kind !== "parameter";
    const near = nearest(name, CALLABLE);
    const problem = isKnown ? `${name} is no function` : `there is no function ${name}`;
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    return this.fail(`${problem}${hint} The functions are: ${CALLABLE.join(", ")}`, node);
  }

  /**
   * Checks that [i] stands only inside sum, dot, max and min, and that something in those depends
   * on the domain. All vectors must be known: `check` first.
   */
  checkScopes(node: Syntax, inside = false): void {
    if (node.kind === "name" && !inside) this.#checkOutside(node);
    if (node.kind !== "call" || !isOverDomains(node)) {
      for (const child of children(node)) this.checkScopes(child, inside);
      return;
    }
    for (const arg of node.args) {
      if (!this.#dependsOnDomain(arg))
        throw this.fail(
          `nothing in it depends on the domain: use h[i], or a parameter with [i]`,
          arg,
        );
      this.checkScopes(arg, true);
    }
  }

  /** Checks that there are shares where a parameter has a value for each domain. */
  checkShares(node: Syntax): void {
    const name = this.#firstVector(node);
    if (name === undefined || this.names.has(node, "weights")) return;
    throw this.fail(
      `${name.name} has a value for each domain, and no share stands in the formula: use h[i] too, or write it without [i]`,
      name,
    );
  }

  #firstVector(node: Syntax): Name | undefined {
    if (node.kind === "name") return this.isVector(node.name) ? node : undefined;
    for (const child of children(node)) {
      const name = this.#firstVector(child);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  #checkOutside(node: Name): void {
    if (node.of === "each")
      throw this.fail(
        `${node.name}[i] is the value of each domain: use it inside sum(…), dot(…), max(…) or min(…)`,
        node,
      );
    if (node.of === "self" && this.isVector(node.name))
      throw this.fail(
        `${node.name} has a value for each domain: write ${node.name}[i] inside sum(…), or dot(w, ${node.name})`,
        node,
      );
  }

  #dependsOnDomain(node: Syntax): boolean {
    if (node.kind === "name")
      return node.of === "each" || (node.of === "self" && this.isVector(node.name));
    const isInner = node.kind === "call" && isOverDomains(node);
    return !isInner && children(node).some((child) => this.#dependsOnDomain(child));
  }
}
