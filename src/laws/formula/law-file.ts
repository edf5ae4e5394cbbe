/** Law files: a formula with its parameters and inputs, in YAML or JSON. */
import * as v from "valibot";
import { InputError } from "../../base/errors.ts";
import {
  aName,
  anObject,
  aText,
  byName,
  checkValue,
  describeIssue,
} from "../../options/option-schema.ts";
import { parseYaml } from "../../options/parse-file.ts";
import type { Law } from "../law.ts";
import { FORMULA_ENTRIES, INPUT, INPUTS_MESSAGE, PARAMETER } from "./formula-options.ts";
import { lawFromFormula } from "./formula.ts";

/** A law file. A parameter or an input may be named without saying anything of it: null. */
export const LAW_FILE = anObject({
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
  const data = parseYaml(text, { source, remedy: "docs/laws.md says what a law file holds" });
  const checked = checkValue(LAW_FILE, data ?? {});
  if ("issue" in checked) {
    const problem = describeIssue(
      checked.issue,
      `${source}: a law file`,
      (path) => `${source}: ${path}`,
    );
    throw new InputError(problem, { file: source });
  }
  const { formula, ...about } = checked.output;
  return lawFromFormula(formula, { ...about, origin });
}
