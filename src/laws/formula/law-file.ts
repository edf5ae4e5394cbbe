/** Law files: a formula with its parameters and inputs, in YAML or JSON. */
import * as v from "valibot";
import { parse } from "yaml";
import { InputError } from "../../base/errors.ts";
import { aName, anObject, aText, byName, describeIssue } from "../../options/option-schema.ts";
import type { Law } from "../law.ts";
import { FORMULA_ENTRIES, INPUT, INPUTS_MESSAGE, PARAMETER } from "./formula-options.ts";
import { lawFromFormula } from "./formula.ts";

/** A parameter or an input may be named without saying anything of it: null. */
const SCHEMA = anObject({
  ...FORMULA_ENTRIES,
  name: aName,
  formula: aText,
  inputs: v.optional(v.union([v.array(aText), byName(v.nullable(INPUT, {}))], INPUTS_MESSAGE), {}),
  parameters: v.optional(byName(v.nullable(PARAMETER, {})), {}),
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
    const problem = describeIssue(
      checked.issues[0],
      `${source}: a law file`,
      (path) => `${source}: ${path}`,
    );
    throw new InputError(problem, { file: source });
  }
  const { formula, ...about } = checked.output;
  return lawFromFormula(formula, { ...about, origin });
}
