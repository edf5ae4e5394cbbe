/** Optimum files, checked for what the commands rely on. */
import * as v from "valibot";
import { byNames } from "../../base/objects.ts";
import { InputError, type Optimum } from "../../node.ts";
import { byName } from "../../options/option-schema.ts";
import { readJson } from "./read-text.ts";

const number = v.pipe(v.number(), v.finite());
const shares = byName(number);
const span = v.tuple([number, number]);
const judged = v.looseObject({ weights: shares, objective: number, predicted: shares });

const optimumSchema = v.looseObject({
  schema: v.literal("mixlaw/optimum@1"),
  version: v.string(),
  weights: shares,
  objective: number,
  predicted: shares,
  at: v.looseObject({ params: v.nullable(number), tokens: v.nullable(number) }),
  laws: byName(v.string()),
  undetermined: v.optional(byName(span), () => byNames()),
  reference: judged,
  uniform: judged,
  sharpness: v.looseObject({ epsilon: number, ranges: byName(span) }),
  verdict: v.looseObject({
    status: v.string(),
    findings: v.array(v.looseObject({ code: v.string(), sentence: v.string() })),
  }),
});

/**
 * Reads an optimum file.
 *
 * @throws InputError when it is not there, is no JSON, is another kind of file, or lacks something.
 */
export async function readOptimum(path: string): Promise<Optimum> {
  const value = await readJson(path);
  const checked = v.safeParse(optimumSchema, value);
  if (checked.success) return checked.output as unknown as Optimum;
  const [issue] = checked.issues;
  throw new InputError(
    `${path} is no optimum file (${v.getDotPath(issue) ?? "the file"}: ${issue.message}): write one with "mixlaw optimize FIT --out ${path}"`,
    { file: path },
  );
}
