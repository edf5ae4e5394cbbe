/** Laws that users write: a formula becomes a law like those of the catalog. */
import { entryOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { NAME, parseFormula } from "../../syntax/formula.ts";
import { RESPONSE } from "../../expr/program.ts";
import { bind } from "../bind.ts";
import { type Law, type LawDefinition, reportCharts } from "../law.ts";
import { graphOf } from "./build-graph.ts";
import { type FormulaOptions, formulaOptions, type FormulaSettings } from "./formula-options.ts";
import { formulaParameters } from "./formula-parameters.ts";
import { CALLABLE } from "./names.ts";
import { type Reading, readFormula } from "./read-formula.ts";

/**
 * A law from a formula; see docs/laws.md for what may be written and what is assumed of parameters.
 * Names that are no inputs are parameters.
 *
 * @throws InputError that points into the formula.
 * @example lawFromFormula("L = E + A/params^alpha + B/tokens^beta")
 * @example lawFromFormula("b1*(1 - exp(-b2*x))", { inputs: ["x"], parameters: { b1: { start: [100,
 *   500] } } })
 */
export function lawFromFormula(formula: string, options: FormulaOptions = {}): Law {
  const { origin, ...described } = formulaOptions(options);
  const definition = definitionOf(formula.trim(), described);
  checkDefinition(definition, origin);
  const { formula: text, parameters } = definition;
  const reading = readFormula(parseFormula(text, origin), text, definition, origin);
  if (reading.parameters.size === 0)
    throw new InputError(`${origin}: there is no parameter to fit in ${text}`);
  const { specs, ...coordinates } = formulaParameters(reading, parameters);
  const law: Law = {
    name: definition.name,
    equation: text,
    source: definition.source ?? "a formula",
    about: definition.about ?? "a formula of the user's",
    uses: usesOf(reading),
    parameters: () => Object.fromEntries(specs),
    loss: (x) => graphOf(reading, coordinates, x),
    report: (c) => reportCharts(Object.fromEntries(specs), c),
    units: "absolute",
    definition,
    contains: {},
  };
  // Bound once for imaginary domains, so that what is wrong in a constant part is said now.
  const domains = reading.weights ? [...reading.domains, "a", "b"] : [];
  bind(law, domains, { signs: "positive" }, { params: 1, tokens: 1 });
  made.add(law);
  return law;
}

/** Laws as formulas made them. */
const made = new WeakSet<Law>();

/** Whether a law is what `lawOfDefinition` makes of its definition, with nothing changed since. */
export const isFromDefinition = (law: Law): boolean => made.has(law);

/** Inputs that are only named have no description. */
const definitionOf = (
  formula: string,
  { name, inputs, ...about }: Omit<FormulaSettings, "origin">,
): LawDefinition => ({
  name,
  formula,
  inputs: Array.isArray(inputs) ? Object.fromEntries(inputs.map((input) => [input, {}])) : inputs,
  ...about,
});

function usesOf({ inputs, weights, supply, names, tree }: Reading): Law["uses"] {
  const others = inputs.filter((input) => input !== "params" && input !== "tokens");
  return {
    params: inputs.includes("params"),
    tokens: inputs.includes("tokens"),
    weights,
    ...(supply ? { supply } : {}),
    ...(names.hasPhases(tree) ? { phases: "shares" } : {}),
    inputs: others.map((name) => {
      const { meaning = `column ${name}`, positive } = entryOf(names.definition.inputs, name);
      return { name, meaning, values: positive === true ? "positive" : "any", typical: [] };
    }),
  };
}

/** The law of a definition, as a fit file carries it. */
export const lawOfDefinition = ({ formula, ...options }: LawDefinition, origin?: string): Law =>
  lawFromFormula(formula, { ...options, origin });

/**
 * Names that parameters and inputs cannot have. The letters h, N and D they can, if they say so.
 */
const RESERVED: ReadonlySet<string> = new Set([...CALLABLE, "params", "tokens", RESPONSE]);

function checkDefinition({ name, inputs, parameters }: LawDefinition, origin: string): void {
  const fail = (problem: string): InputError => new InputError(`${origin}: ${problem}`);
  if (!/^[\p{L}\p{N}_.-]+$/u.test(name))
    throw fail(
      `${JSON.stringify(name)} is no name for a law: use letters, digits, "_", "-" and "."`,
    );
  for (const input of Object.keys(inputs))
    if (input !== "params" && input !== "tokens") checkName(input, "an input", fail);
  for (const parameter of Object.keys(parameters)) checkName(parameter, "a parameter", fail);
  const both = Object.keys(inputs).find((input) => Object.hasOwn(parameters, input));
  if (both !== undefined) throw fail(`"${both}" is both an input and a parameter`);
}

function checkName(name: string, what: string, fail: (problem: string) => InputError): void {
  const cannot = `"${name}" cannot be the name of ${what}`;
  if (!NAME.test(name)) throw fail(`${cannot}: names are letters, digits and "_", a letter first`);
  if (RESERVED.has(name)) throw fail(`${cannot}: it has a meaning in formulas`);
}
