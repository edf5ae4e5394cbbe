/**
 * What a formula says, before any data are seen: its inputs, and its parameters with their roles.
 */
import { entryOf, firstOf } from "../../base/known.ts";
import { nearest } from "../../base/wording.ts";
import { formulaError, type Syntax } from "../../syntax/formula.ts";
import type { LawDefinition } from "../law.ts";
import type { Centering } from "./centering.ts";
import type { Fail } from "../../syntax/tokens.ts";
import { NameCheck } from "./check-names.ts";
import { Names } from "./names.ts";
import { type Role, RoleFinder } from "./roles.ts";

export interface ParameterUse {
  readonly per: "law" | "domain";
  readonly role: Role;
}

export interface Reading {
  readonly text: string;
  readonly origin: string;
  readonly tree: Syntax;
  readonly names: Names;
  readonly fail: Fail;
  /** params, tokens and others, as far as the formula has them. */
  readonly inputs: readonly string[];
  readonly weights: boolean;
  /** Whether the formula reads the unique tokens of domains. */
  readonly supply: boolean;
  readonly parameters: ReadonlyMap<string, ParameterUse>;
  readonly centered: ReadonlyMap<string, Centering>;
  readonly isVector: (name: string) => boolean;
  /** Domains that the formula names. */
  readonly domains: readonly string[];
}

/**
 * Reads a formula's tree.
 *
 * @throws InputError that points at what cannot be.
 */
export function readFormula(
  tree: Syntax,
  text: string,
  definition: LawDefinition,
  origin: string,
): Reading {
  const fail: Fail = (problem, at) => formulaError(problem, text, at, origin);
  const names = new Names(definition, tree);
  const checked = new NameCheck(names, fail);
  checked.check(tree);
  checked.checkScopes(tree);
  checked.checkShares(tree);
  const isVector = (name: string): boolean => checked.isVector(name);
  const finder = new RoleFinder(names, isVector);
  finder.visit(tree);
  const inputs = [...checked.inputs];
  const weights = names.has(tree, "weights");
  const supply = names.has(tree, "supply");
  const isLoss = weights || inputs.includes("params") || inputs.includes("tokens");
  const parameters = new Map(
    [...finder.roles].map(([name, roles]): [string, ParameterUse] => [
      name,
      { per: checked.vectors.has(name) ? "domain" : "law", role: oneRole(roles, isLoss) },
    ]),
  );
  checkDescribed(definition, parameters, text, fail);
  const centered = new Map(
    [...finder.centered].filter(
      ([name]) =>
        parameters.get(name)?.role.kind === "scale" && !hasOwnUnits(definition.parameters, name),
    ),
  );
  const domains = [...checked.domains];
  return {
    text, origin, tree, names, fail, inputs, weights, supply, parameters, centered, isVector, domains,
  }; // prettier-ignore
}

/**
 * A parameter's role. Where it has two at once, nothing is assumed of its sign. `isLoss`: the
 * formula reads N, D or the shares.
 */
function oneRole(roles: readonly Role[], isLoss: boolean): Role {
  const first = firstOf(roles);
  if (roles.some(({ kind }) => kind !== first.kind)) return { kind: "free" };
  return first.kind === "constant" && !isLoss ? { kind: "level" } : first;
}

/** Whether a scale is described: it then keeps its own units, which its author's range is in. */
function hasOwnUnits(described: LawDefinition["parameters"], name: string): boolean {
  if (!Object.hasOwn(described, name)) return false;
  const { start, bounds, chart = "log" } = entryOf(described, name);
  return start !== undefined || bounds !== undefined || chart !== "log";
}

/** Checks that what is described stands in the formula. */
function checkDescribed(
  { parameters: described }: LawDefinition,
  parameters: ReadonlyMap<string, ParameterUse>,
  text: string,
  fail: Fail,
): void {
  const missing = Object.keys(described).find((name) => !parameters.has(name));
  if (missing === undefined) return;
  const near = nearest(missing, parameters.keys());
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw fail(`the parameter ${missing} is described but is not in the formula${hint}`, {
    start: 0,
    end: text.length,
  });
}
