/** Reading truth files: the law that runs were drawn from. */
import { existsSync } from "node:fs";
import * as v from "valibot";
import { InputError } from "../../base/errors.ts";
import { SIGNS } from "../../options/fit-options.ts";
import { NOISES, type Truth } from "../../simulate/draw-truth.ts";
import { readJson } from "./read-text.ts";

const TRUTH = v.looseObject({
  schema: v.literal("mixlaw/truth@1"),
  law: v.string(),
  signs: v.picklist(SIGNS),
  domains: v.array(v.string()),
  center: v.looseObject({ params: v.number(), tokens: v.number() }),
  noise: v.looseObject({ kind: v.picklist(NOISES), sigma: v.number() }),
  seed: v.pipe(v.number(), v.safeInteger()),
  targets: v.array(
    v.looseObject({ target: v.string(), coordinates: v.record(v.string(), v.number()) }),
  ),
});

/** The truth in a file; undefined where there is no such file. */
export async function readTruth(path: string): Promise<Truth | undefined> {
  if (!existsSync(path)) return undefined;
  const checked = v.safeParse(TRUTH, await readJson(path));
  if (checked.success) return checked.output as unknown as Truth;
  const [issue] = checked.issues;
  throw new InputError(
    `--truth ${path} is no truth file: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`,
    { file: path },
  );
}
