/** Law files: a formula with its parameters and inputs, in YAML or JSON. */
import * as v from "valibot";
import { parse } from "yaml";
import { InputError } from "../../base/errors.ts";
import type { Law, LawDefinition } from "../law.ts";
import { lawFromFormula } from "./formula.ts";

const finite = v.pipe(v.number("is no number"), v.finite("is no finite number"));
const PARAMETER = v.strictObject({
  meaning: v.optional(v.string()),
  per: v.optional(v.picklist(["law", "domain"], 'is "law" or "domain"')),
  chart: v.optional(v.picklist(["log", "positive", "free"], 'is "log", "positive" or "free"')),
  start: v.optional(v.tuple([finite, finite], "is [low, high]")),
  bounds: v.optional(
    v.tuple([v.nullable(finite), v.nullable(finite)], "is [low, high], null for none"),
  ),
});
const INPUT = v.strictObject({
  meaning: v.optional(v.string()),
  positive: v.optional(v.boolean()),
});
const SCHEMA = v.strictObject({
  name: v.string("is the law's name, as text"),
  formula: v.string("is the formula, as text"),
  about: v.optional(v.string()),
  source: v.optional(v.string()),
  inputs: v.optional(
    v.union(
      [v.array(v.string()), v.record(v.string(), v.nullable(INPUT))],
      "is a list of names, or of names with meaning and positive",
    ),
  ),
  parameters: v.optional(v.record(v.string(), v.nullable(PARAMETER))),
});

/**
 * The law of a law file; see docs/laws.md.
 *
 * @param source names the file in messages
 * @param origin names the formula in messages; default: the file
 * @throws InputError that names the key, or points into the formula.
 * @example parseLawFile("name: mine\nformula: L = E + A/params^alpha\nparameters: { A: { start: [1,
 *   1e4] } }", "mine.yaml")
 */
export function parseLawFile(text: string, source: string, origin = source): Law {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new InputError(`${source} is not YAML or JSON: ${problem}`, { file: source });
  }
  const checked = v.safeParse(SCHEMA, data ?? {});
  if (!checked.success) {
    const [issue] = checked.issues;
    const path = v.getDotPath(issue) ?? "the file";
    throw new InputError(
      `${source}: ${path}: ${reworded(issue.message)}. A law file has ${Object.keys(SCHEMA.entries).join(", ")}.`,
      { file: source },
    );
  }
  const { formula, inputs, parameters, ...rest } = checked.output;
  const described = (Array.isArray(inputs) ? inputs : withoutNull(inputs ?? {})) as
    | readonly string[]
    | LawDefinition["inputs"];
  return lawFromFormula(formula, {
    ...rest,
    inputs: described,
    parameters: withoutNull(parameters ?? {}),
    origin,
  });
}

/** A name without a description has an empty one. */
const withoutNull = <T extends object>(
  described: Readonly<Record<string, T | null>>,
): Record<string, T> =>
  Object.fromEntries(Object.entries(described).map(([name, value]) => [name, value ?? ({} as T)]));

/** valibot's messages about keys, for people. */
const reworded = (problem: string): string => {
  if (problem.startsWith("Invalid key: Expected never")) return "is not known";
  return problem.startsWith("Invalid key") ? "is missing" : problem;
};
