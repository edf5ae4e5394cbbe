/** Constraints as people write them: in a YAML or JSON file, as flags, or from a library caller. */
import { entryOf } from "../../base/known.ts";
import * as v from "valibot";
import { InputError } from "../../base/errors.ts";
import { CONSTRAINT_KINDS, type ConstraintRequest, valueOf } from "./constraint-kinds.ts";
import { anObject, checkValue, describeIssue } from "../../options/option-schema.ts";
import { parseYaml } from "../../options/parse-file.ts";
import type { TextReader } from "./kinds/kind.ts";

/** What constraints may be, by their keys. */
export const CONSTRAINTS = anObject(
  Object.fromEntries(CONSTRAINT_KINDS.map(({ key, schema }) => [key, v.optional(schema)])),
) as v.GenericSchema<ConstraintRequest>;

/**
 * A constraints file in YAML or JSON (which is YAML); `source` names it in messages. Its keys are
 * those of `ConstraintRequest`; shares may be written 5%, the lattice 1/1000. Throws InputError for
 * what is neither, and for a key or value that is not understood.
 * @example parseConstraints("floors: { code: 5% }", "limits.yaml") // { floors: { code: 0.05 } }
 */
export function parseConstraints(text: string, source: string): ConstraintRequest {
  const where = { file: source, option: "constraints" };
  const data = parseYaml(text, {
    source,
    remedy: "docs/optimize.md says what a constraints file holds",
  });
  const checked = checkValue(CONSTRAINTS, data ?? {});
  if ("output" in checked) return checked.output;
  const problem = describeIssue(
    checked.issue,
    `${source}: a constraints file`,
    (path) => `${source}: ${path}`,
  );
  throw new InputError(problem, where);
}

/**
 * The file's constraints and the flags' together. What both say about the same thing is an
 * InputError: nothing is overridden in silence.
 * @param texts of each kind, by its key, the texts of its flag as given
 */
export async function withFlags(
  file: ConstraintRequest,
  texts: Readonly<Record<string, readonly string[]>>,
  reader: TextReader,
): Promise<ConstraintRequest> {
  const merged: Record<string, unknown> = { ...file };
  for (const kind of CONSTRAINT_KINDS) {
    if (texts[kind.key] === undefined) continue;
    const inFile = valueOf(kind, file);
    const given = await kind.flag.parse(entryOf(texts, kind.key), reader);
    merged[kind.key] = inFile === undefined ? given : kind.merge(inFile, given);
  }
  return merged;
}
