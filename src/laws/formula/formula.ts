/** Laws that users write: a formula becomes a law like those of the catalog. */
import { InputError } from "../../base/errors.ts";
import { NAME, parseFormula } from "../../syntax/formula.ts";
import { RESPONSE } from "../../expr/program.ts";
import { bind } from "../bind.ts";
import { type Law, type LawDefinition, type ParameterDefinition, reportCharts } from "../law.ts";
import { lower } from "./build.ts";
import { FUNCTIONS, readFormula } from "./roles.ts";
import { partsOf } from "./defaults.ts";

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
  readonly flag?: string | undefined;
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
  const { name = "formula", inputs = {}, parameters = {}, flag = "--law" } = options;
  const described = Array.isArray(inputs)
    ? Object.fromEntries(inputs.map((input: string) => [input, {}]))
    : (inputs as LawDefinition["inputs"]);
  const text = formula.trim();
  const definition: LawDefinition = {
    name,
    formula: text,
    inputs: described,
    parameters,
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.about === undefined ? {} : { about: options.about }),
  };
  checkDefinition(definition, flag);
  const reading = readFormula(parseFormula(text, flag), text, definition, flag);
  if (reading.parameters.size === 0)
    throw new InputError(`${flag}: there is no parameter to fit in ${text}`, { flag });
  const parts = partsOf(reading, parameters);
  const law: Law = {
    name,
    equation: text,
    source: options.source ?? "a formula",
    about: options.about ?? "a formula of the user's",
    uses: {
      params: reading.inputs.includes("params"),
      tokens: reading.inputs.includes("tokens"),
      weights: reading.weights,
      inputs: reading.inputs
        .filter((input) => input !== "params" && input !== "tokens")
        .map((input) => ({
          name: input,
          meaning: definition.inputs[input].meaning ?? `column ${input}`,
          values: definition.inputs[input].positive === true ? "positive" : "any",
          typical: [],
        })),
    },
    parameters: () => Object.fromEntries(parts.specs),
    loss: (x) => lower(reading, parts.charts, x),
    report: (c) => reportCharts(Object.fromEntries(parts.specs), c),
    units: "absolute",
    definition,
    contains: {},
  };
  // Built once for imaginary domains, so that what is wrong in a constant part is said now.
  bind(
    law,
    reading.weights ? [...reading.named, "a", "b"] : [],
    { signs: "positive" },
    { params: 1, tokens: 1 },
  );
  return law;
}

/** The law of a definition, as a fit file carries it. */
export const lawOfDefinition = ({ formula, ...options }: LawDefinition, flag?: string): Law =>
  lawFromFormula(formula, { ...options, flag });

const RESERVED: ReadonlySet<string> = new Set([
  ...FUNCTIONS.one,
  ...FUNCTIONS.domains,
  "h",
  "i",
  "params",
  "tokens",
  RESPONSE,
]);

function checkDefinition({ name, inputs, parameters }: LawDefinition, flag: string): void {
  const fail = (problem: string): InputError => new InputError(`${flag}: ${problem}`, { flag });
  if (!/^[\p{L}\p{N}_.-]+$/u.test(name))
    throw fail(
      `${JSON.stringify(name)} is no name for a law: use letters, digits, "_", "-" and "."`,
    );
  for (const [what, names] of [["an input", Object.keys(inputs)], ["a parameter", Object.keys(parameters)]] as const) {
    for (const one of names) {
      if (!NAME.test(one)) throw fail(`"${one}" cannot be the name of ${what}: names are letters, digits and "_", a letter first`);
      if (RESERVED.has(one) && !(what === "an input" && (one === "params" || one === "tokens"))) throw fail(`"${one}" cannot be the name of ${what}: it has a meaning in formulas`);
    }
  } // prettier-ignore
  const both = Object.keys(inputs).find((input) => Object.hasOwn(parameters, input));
  if (both !== undefined) throw fail(`"${both}" is both an input and a parameter`);
}
