/** What the names of a formula stand for. */
import { entryOf } from "../../base/known.ts";
import { children } from "../../syntax/tree.ts";
import type { Syntax } from "../../syntax/formula.ts";
import type { LawDefinition } from "../law.ts";

/** Functions of one number; of two or more; over the domains. */
export const FUNCTIONS = {
  one: ["exp", "log", "sqrt", "tanh", "abs", "atan", "sin", "cos"],
  several: ["min", "max"],
  domains: ["sum", "dot", "min", "max"],
} as const;

/** All functions. */
export const CALLABLE: readonly string[] = [
  ...new Set([...FUNCTIONS.one, ...FUNCTIONS.several, ...FUNCTIONS.domains]),
];

/** Whether a function takes one number. */
export const isOfOne = (name: string): boolean => FUNCTIONS.one.some((other) => other === name);

/** Whether a call runs over the domains: sum and dot always, max and min with one argument. */
export const isOverDomains = ({ name, args }: Syntax & { readonly kind: "call" }): boolean =>
  name === "sum" || name === "dot" || ((name === "max" || name === "min") && args.length === 1);

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI };
const ALIASES: Readonly<Record<string, string>> = { N: "params", D: "tokens" };

export type Meaning =
  /** h, or h0, h1, … in a phase, from 0. */
  | { readonly kind: "weights"; readonly phase?: number }
  | { readonly kind: "supply" }
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "parameter" };

/** Whether a name stands with [i] or a domain in a part of the formula. */
const hasEach = (node: Syntax, name: string): boolean =>
  (node.kind === "name" && node.name === name && node.of !== "self") ||
  children(node).some((child) => hasEach(child, name));

/** The shares in the first phase, h0, in the second one, h1, and so on. */
const IN_PHASE = /^h([0-9])$/;

/** The names of one formula. Those that mean nothing else are parameters. */
export class Names {
  readonly #hasSupply: boolean;

  /**
   * @param tree the formula: u stands for the supply, and h0, h1, … for the shares in each phase,
   *   where they have one value for each domain
   */
  constructor(
    readonly definition: Pick<LawDefinition, "inputs" | "parameters">,
    readonly tree: Syntax,
  ) {
    this.#hasSupply = hasEach(tree, "u");
  }

  meaning(name: string): Meaning {
    const { inputs, parameters } = this.definition;
    if (Object.hasOwn(parameters, name)) return { kind: "parameter" };
    if (Object.hasOwn(inputs, name) || name === "params" || name === "tokens")
      return { kind: "input", name };
    if (name === "h") return { kind: "weights" };
    const phase = this.#phaseOf(name);
    if (phase !== undefined) return { kind: "weights", phase };
    if (name === "u" && this.#hasSupply) return { kind: "supply" };
    if (Object.hasOwn(ALIASES, name)) return { kind: "input", name: entryOf(ALIASES, name) };
    return Object.hasOwn(CONSTANTS, name)
      ? { kind: "constant", value: entryOf(CONSTANTS, name) }
      : { kind: "parameter" };
  }

  /** The phase whose shares a name stands for. */
  #phaseOf(name: string): number | undefined {
    const digit = IN_PHASE.exec(name)?.[1];
    return digit !== undefined && hasEach(this.tree, name) ? Number(digit) : undefined;
  }

  /** Whether shares in a phase are anywhere in a part of the formula. */
  hasPhases(node: Syntax): boolean {
    const isOne = node.kind === "name" && this.#isInPhase(node.name);
    return isOne || children(node).some((child) => this.hasPhases(child));
  }

  #isInPhase(name: string): boolean {
    const meaning = this.meaning(name);
    return meaning.kind === "weights" && meaning.phase !== undefined;
  }

  /** Whether a part of the formula is a name that stands for this. */
  is(node: Syntax, what: Meaning["kind"]): node is Syntax & { kind: "name" } {
    return node.kind === "name" && this.meaning(node.name).kind === what;
  }

  /** Whether a name that stands for this is anywhere in a part of the formula. */
  has(node: Syntax, what: Meaning["kind"]): boolean {
    return this.is(node, what) || children(node).some((child) => this.has(child, what));
  }

  /** Whether a part of the formula has a value for each domain by what it reads of the data. */
  isOfDomains(node: Syntax): boolean {
    return this.has(node, "weights") || this.has(node, "supply");
  }

  /** Whether a part of the formula reads inputs, and neither parameters nor shares or supply. */
  isData(node: Syntax): boolean {
    return this.has(node, "input") && !this.has(node, "parameter") && !this.isOfDomains(node);
  }

  /** The input that a part of the formula is, where it is one alone. */
  input(node: Syntax): string | undefined {
    const meaning = node.kind === "name" ? this.meaning(node.name) : undefined;
    return meaning?.kind === "input" ? meaning.name : undefined;
  }

  /** Whether a part of the formula is N or D. */
  isCount(node: Syntax): boolean {
    const input = this.input(node);
    return input === "params" || input === "tokens";
  }
}
