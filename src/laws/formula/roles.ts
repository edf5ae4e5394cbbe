/**
 * What a formula's names are, and what part each parameter plays in it: read off the tree, before
 * any data are seen.
 */
import type { InputError, Span } from "../../base/errors.ts";
import { formulaError, type Syntax } from "../../syntax/formula.ts";
import { nearest } from "../../base/wording.ts";
import type { LawDefinition } from "../law.ts";

/** Functions of one number; of two or more; over the domains. */
export const FUNCTIONS = {
  one: ["exp", "log", "sqrt", "tanh", "abs", "atan", "sin", "cos"],
  several: ["min", "max"],
  domains: ["sum", "dot", "min", "max"],
} as const;
const CALLABLE: readonly string[] = [
  ...new Set([...FUNCTIONS.one, ...FUNCTIONS.several, ...FUNCTIONS.domains]),
];
const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI };
const ALIASES: Readonly<Record<string, string>> = { N: "params", D: "tokens" };

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

export interface ParameterUse {
  readonly per: "law" | "domain";
  readonly role: Role;
}

/**
 * A scale whose coordinate takes the data's centers in: A/N^α is written (A/N₀^α)/(N/N₀)^α. `term`:
 * the product that defines it; exponents are numbers or scalar parameters, with or without a minus
 * sign.
 */
export interface Centering {
  readonly term: Syntax;
  readonly powers: readonly {
    readonly input: string;
    readonly exponent: Syntax;
    readonly inverse: boolean;
  }[];
}

export interface Factor {
  readonly node: Syntax;
  readonly inverse: boolean;
}

export interface Reading {
  readonly text: string;
  readonly flag: string;
  readonly tree: Syntax;
  /** params, tokens and others, as far as the formula has them. */
  readonly inputs: readonly string[];
  readonly weights: boolean;
  readonly parameters: ReadonlyMap<string, ParameterUse>;
  readonly centered: ReadonlyMap<string, Centering>;
  readonly meaning: (name: string) => Meaning;
  readonly fail: (problem: string, at: Span) => InputError;
  readonly has: (node: Syntax, what: Meaning["kind"]) => boolean;
  readonly isVector: (name: string) => boolean;
  /** Domains that the formula names. */
  readonly named: readonly string[];
}

export type Meaning =
  | { readonly kind: "weights" }
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "parameter" };

export const children = (node: Syntax): readonly Syntax[] => {
  if (node.kind === "binary") return [node.left, node.right];
  return node.kind === "negate" ? [node.arg] : node.kind === "call" ? node.args : [];
};

/**
 * The factors of a product, of quotients and through minus signs; `negative`: an odd number of
 * those.
 */
export function factorsOf(
  node: Syntax,
  inverse = false,
): { factors: readonly Factor[]; negative: boolean } {
  if (node.kind === "negate") {
    const { factors, negative } = factorsOf(node.arg, inverse);
    return { factors, negative: !negative };
  }
  if (node.kind !== "binary" || (node.op !== "*" && node.op !== "/"))
    return { factors: [{ node, inverse }], negative: false };
  const left = factorsOf(node.left, inverse);
  const right = factorsOf(node.right, node.op === "/" ? !inverse : inverse);
  return {
    factors: [...left.factors, ...right.factors],
    negative: left.negative !== right.negative,
  };
}

/** Reads a formula's tree; throws InputErrors that point at what cannot be. */
export function readFormula(
  tree: Syntax,
  text: string,
  definition: LawDefinition,
  flag: string,
): Reading {
  const fail = (problem: string, at: Span): InputError => formulaError(problem, text, at, flag);
  const declared = definition.parameters;
  const inputs = new Set<string>();
  const meaning = (name: string): Meaning => {
    if (Object.hasOwn(declared, name)) return { kind: "parameter" };
    if (Object.hasOwn(definition.inputs, name) || name === "params" || name === "tokens")
      return { kind: "input", name };
    if (name === "h") return { kind: "weights" };
    if (Object.hasOwn(ALIASES, name)) return { kind: "input", name: ALIASES[name] };
    return Object.hasOwn(CONSTANTS, name)
      ? { kind: "constant", value: CONSTANTS[name] }
      : { kind: "parameter" };
  };
  const has = (node: Syntax, what: Meaning["kind"]): boolean =>
    (node.kind === "name" && meaning(node.name).kind === what) ||
    children(node).some((child) => has(child, what));

  const named = new Set<string>();
  const vectors = new Set(Object.keys(declared).filter((name) => declared[name].per === "domain"));
  checkNames(tree);
  const isVector = (name: string): boolean => name === "h" || vectors.has(name);
  checkScopes(tree, false);

  const roles = new Map<string, Role[]>();
  const centered = new Map<string, Centering>();
  const note = (name: string, role: Role): void =>
    void roles.set(name, [...(roles.get(name) ?? []), role]);
  visit(tree, { inverse: false, top: true });
  const law =
    [...inputs].some((name) => name === "params" || name === "tokens") || has(tree, "weights");
  const parameters = new Map(
    [...roles].map(([name, all]): [string, ParameterUse] => {
      const [first] = all;
      // Two parts at once: nothing is assumed of its sign.
      const same = all.every((role) => role.kind === first.kind);
      const role: Role = !same
        ? { kind: "free" }
        : first.kind === "constant" && !law
          ? { kind: "level" }
          : first;
      if (role.kind !== "scale") centered.delete(name);
      return [name, { per: vectors.has(name) ? "domain" : "law", role }];
    }),
  );
  // A described scale keeps its own units, which its author's range is in.
  for (const name of centered.keys()) {
    const given = Object.hasOwn(declared, name) ? declared[name] : {};
    if (given.start !== undefined || given.bounds !== undefined || (given.chart ?? "log") !== "log")
      centered.delete(name);
  }
  for (const name of Object.keys(declared))
    if (!parameters.has(name)) throw fail(notThere(name), { start: 0, end: text.length });
  return {
    text,
    flag,
    tree,
    inputs: [...inputs],
    weights: has(tree, "weights"),
    parameters,
    centered,
    meaning,
    fail,
    has,
    isVector,
    named: [...named],
  };

  /** Functions, numbers of arguments, indices; which parameters have a value for each domain. */
  function checkNames(node: Syntax): void {
    if (node.kind === "call") checkCall(node);
    if (node.kind === "name") {
      const what = meaning(node.name);
      if (CALLABLE.includes(node.name))
        throw fail(`${node.name} is a function: write ${node.name}(…)`, node);
      if (what.kind === "input") inputs.add(what.name);
      const indexed = node.of !== "self";
      if (typeof node.of === "object") named.add(node.of.domain);
      if (indexed && what.kind === "parameter") vectors.add(node.name);
      if (indexed && (what.kind === "input" || what.kind === "constant"))
        throw fail(
          `${node.name} has one value a run and none for each domain: write it without [ ]`,
          node,
        );
    }
    for (const child of children(node)) checkNames(child);
  }

  function checkCall(node: Syntax & { kind: "call" }): void {
    const { name, args } = node;
    if (!CALLABLE.includes(name)) {
      const near = nearest(name, CALLABLE);
      const what =
        Object.hasOwn(declared, name) || meaning(name).kind !== "parameter"
          ? `${name} is no function`
          : `there is no function ${name}`;
      throw fail(
        `${what}${near === undefined ? "" : `; did you mean ${near}?`} The functions are: ${CALLABLE.join(", ")}`,
        node,
      );
    }
    const wrong = (says: string): InputError =>
      fail(`${name} takes ${says}, and has ${args.length} here`, node);
    if (FUNCTIONS.one.some((f) => f === name) || name === "sum") {
      if (args.length !== 1) throw wrong("one argument");
    } else if (name === "dot") {
      if (args.length !== 2) throw wrong("two arguments, such as dot(w, h)");
      for (const arg of args)
        if (arg.kind === "name" && meaning(arg.name).kind === "parameter") vectors.add(arg.name);
    } else if (args.length === 0) throw wrong("one argument with [i], or several");
  }

  /** [i] only inside sum, dot, max, min; and something in them that depends on the domain. */
  function checkScopes(node: Syntax, inside: boolean): void {
    if (node.kind === "name" && !inside) {
      if (node.of === "each")
        throw fail(
          `${node.name}[i] is the value of each domain: use it inside sum(…), dot(…), max(…) or min(…)`,
          node,
        );
      if (node.of === "self" && isVector(node.name))
        throw fail(
          `${node.name} has a value for each domain: write ${node.name}[i] inside sum(…), or dot(w, ${node.name})`,
          node,
        );
    }
    if (node.kind !== "call" || !overDomains(node)) {
      for (const child of children(node)) checkScopes(child, inside);
      return;
    }
    for (const arg of node.args) {
      if (!dependsOnDomain(arg))
        throw fail(`nothing in it depends on the domain: use h[i], or a parameter with [i]`, arg);
      checkScopes(arg, true);
    }
  }

  function dependsOnDomain(node: Syntax): boolean {
    if (node.kind === "name")
      return node.of === "each" || (node.of === "self" && isVector(node.name));
    return !(node.kind === "call" && overDomains(node)) && children(node).some(dependsOnDomain);
  }

  /** Finds the part of every parameter. */
  function visit(node: Syntax, at: { readonly inverse: boolean; readonly top: boolean }): void {
    const inner = { ...at, top: false };
    if (node.kind === "number") return;
    if (node.kind === "name") {
      if (meaning(node.name).kind === "parameter")
        note(node.name, { kind: at.top ? "constant" : "free" });
    } else if (node.kind === "call") {
      const kept = FUNCTIONS.one.some((f) => f === node.name)
        ? { inverse: false, top: false }
        : inner;
      for (const arg of node.args) visit(arg, kept);
    } else if (node.kind === "binary" && (node.op === "+" || node.op === "-")) {
      visit(node.left, at);
      visit(node.right, at);
    } else if (node.kind === "binary" && node.op === "^") visitPower(node, at.inverse);
    else if (node.kind === "negate" && node.arg.kind !== "binary") visit(node.arg, at);
    else visitProduct(node, at.inverse);
  }

  function visitPower(node: Syntax & { kind: "binary" }, inverse: boolean): void {
    visit(node.left, { inverse, top: false });
    const sign = node.right.kind === "negate" ? !inverse : inverse;
    const exponent = node.right.kind === "negate" ? node.right.arg : node.right;
    const data =
      !has(node.left, "parameter") && (has(node.left, "input") || has(node.left, "weights"));
    const count = ["params", "tokens"].includes(inputName(node.left) ?? "");
    const of =
      node.left.kind === "name" && meaning(node.left.name).kind === "weights"
        ? "share"
        : count
          ? "count"
          : "other";
    if (data && exponent.kind === "name" && meaning(exponent.name).kind === "parameter")
      note(exponent.name, { kind: "exponent", of, inverse: sign });
    else visit(exponent, { inverse: false, top: false });
  }

  function visitProduct(node: Syntax, inverse: boolean): void {
    const { factors } = factorsOf(node);
    const scaled = factors.some((f) => isPower(f.node));
    for (const factor of factors) {
      const flipped = factor.inverse !== inverse;
      const { node: one } = factor;
      if (
        scaled &&
        !factor.inverse &&
        one.kind === "name" &&
        meaning(one.name).kind === "parameter"
      ) {
        note(one.name, { kind: "scale", inverse });
        center(one, node, factors);
      } else visit(one, { inverse: flipped, top: false });
    }
  }

  /** A power, or an exponential, in which N, D or the shares are: what it multiplies is a scale. */
  function isPower(node: Syntax): boolean {
    const ours = (part: Syntax): boolean =>
      has(part, "weights") ||
      (part.kind === "name" && ["params", "tokens"].includes(inputName(part) ?? "")) ||
      children(part).some(ours);
    if (node.kind === "binary" && node.op === "^")
      return ours(node.left) && !has(node.left, "parameter");
    return node.kind === "call" && node.name === "exp" && ours(node) && has(node, "parameter");
  }

  function inputName(node: Syntax): string | undefined {
    const what = node.kind === "name" ? meaning(node.name) : undefined;
    return what?.kind === "input" ? what.name : undefined;
  }

  /** The first product in which a scale stands decides how it is centered; one scale a product. */
  function center(
    scale: Syntax & { kind: "name" },
    term: Syntax,
    factors: readonly Factor[],
  ): void {
    if (centered.has(scale.name) || [...centered.values()].some((other) => other.term === term))
      return;
    const powers = factors.flatMap(({ node, inverse }) => {
      if (node.kind !== "binary" || node.op !== "^") return [];
      const name = inputName(node.left);
      const positive =
        name === "params" ||
        name === "tokens" ||
        (name !== undefined && definition.inputs[name].positive === true);
      const exponent = node.right.kind === "negate" ? node.right.arg : node.right;
      const plain =
        exponent.kind === "number" ||
        (exponent.kind === "name" &&
          meaning(exponent.name).kind === "parameter" &&
          !isVector(exponent.name) &&
          exponent.name !== scale.name);
      return name !== undefined && positive && plain
        ? [{ input: name, exponent: node.right, inverse }]
        : [];
    });
    if (powers.length > 0) centered.set(scale.name, { term, powers });
  }

  function notThere(name: string): string {
    const near = nearest(name, parameters.keys());
    return `the parameter ${name} is described but is not in the formula${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
}

/** Whether a call runs over the domains: sum and dot always, max and min with one argument. */
export const overDomains = ({
  name,
  args,
}: {
  readonly name: string;
  readonly args: readonly Syntax[];
}): boolean =>
  name === "sum" || name === "dot" || ((name === "max" || name === "min") && args.length === 1);
