/** Laws that users write: a formula becomes a law like those of the catalog. */
import { InputError } from "../../base/errors.ts";
import { NAME, parseFormula } from "../../syntax/formula.ts";
import { RESPONSE } from "../../expr/program.ts";
import { bind } from "../bind.ts";
import { type Law, type LawDefinition, type ParameterDefinition, reportCharts } from "../law.ts";
import { graphOf } from "./build-graph.ts";
import { formulaParameters } from "./formula-parameters.ts";
import { CALLABLE } from "./names.ts";
import { type Reading, readFormula } from "./read-formula.ts";

/** What is known of a formula. */
export interface FormulaOptions {
  /** The name of the law. Default "formula". */
  readonly name?: string | undefined;
  /**
   * Columns that the formula reads beside params (N), tokens (D) and the shares h: names, or with a
   * description.
   */
  readonly inputs?: readonly string[] | LawDefinition["inputs"] | undefined;
  /** What is known of parameters; those not described follow docs/laws.md. */
  readonly parameters?: Readonly<Record<string, ParameterDefinition>> | undefined;
  /** Where it was published. */
  readonly source?: string | undefined;
  /** What it is for, in one line. */
  readonly about?: string | undefined;
  /** Where the formula came from, for messages. */
  readonly origin?: string | undefined;
}

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
  const { origin = "the formula" } = options;
  const definition = definitionOf(formula.trim(), options);
  checkDefinition(definition, origin);
  const { formula: text, parameters } = definition;
  const reading = readFormula(parseFormula(text, origin), text, definition, origin);
  if (reading.parameters.size === 0)
    throw new InputError(`${origin}: there is no parameter to fit in ${text}`);
  const { specs, charts } = formulaParameters(reading, parameters);
  const law: Law = {
    name: definition.name,
    equation: text,
    source: definition.source ?? "a formula",
    about: definition.about ?? "a formula of the user's",
    uses: usesOf(reading),
    parameters: () => Object.fromEntries(specs),
    loss: (x) => graphOf(reading, charts, x),
    report: (c) => reportCharts(Object.fromEntries(specs), c),
    units: "absolute",
    definition,
    contains: {},
  };
  // Bound once for imaginary domains, so that what is wrong in a constant part is said now.
  const domains = reading.weights ? [...reading.domains, "a", "b"] : [];
  bind(law, domains, { signs: "positive" }, { params: 1, tokens: 1 });
  return law;
}

function definitionOf(
  formula: string,
  { name = "formula", inputs = {}, parameters = {}, source, about }: FormulaOptions,
): LawDefinition {
  const described = Array.isArray(inputs)
    ? Object.fromEntries(inputs.map((input: string) => [input, {}]))
    : (inputs as LawDefinition["inputs"]);
  return {
    name,
    formula,
    inputs: described,
    parameters,
    ...(source === undefined ? {} : { source }),
    ...(about === undefined ? {} : { about }),
  };
}

function usesOf({ inputs, weights, names }: Reading): Law["uses"] {
  const others = inputs.filter((input) => input !== "params" && input !== "tokens");
  return {
    params: inputs.includes("params"),
    tokens: inputs.includes("tokens"),
    weights,
    inputs: others.map((name) => {
      const { meaning = `column ${name}`, positive } = names.definition.inputs[name];
      return { name, meaning, values: positive === true ? "positive" : "any", typical: [] };
    }),
  };
}

/** The law of a definition, as a fit file carries it. */
export const lawOfDefinition = ({ formula, ...options }: LawDefinition, origin?: string): Law =>
  lawFromFormula(formula, { ...options, origin });

const RESERVED: ReadonlySet<string> = new Set([
  ...CALLABLE,
  "h",
  "i",
  "params",
  "tokens",
  RESPONSE,
]);

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
