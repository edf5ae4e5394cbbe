/** Truth files: every part is checked, since files come from anywhere. */
import * as v from "valibot";
import { option } from "../base/option-text.ts";
import { SIGNS } from "../options/fit-options.ts";
import { aName, aNumber, aPart, aSeed, atLeastZero, byName, DOMAINS, INPUT_UNITS, listOf, oneOf } from "../options/option-schema.ts"; // prettier-ignore
import { checkFile, parseJson } from "../options/parse-file.ts";
import { REST } from "../options/phases.ts";
import { NOISES, type Truth } from "./draw-truth.ts";

/** A truth file. */
export const TRUTH = aPart({
  schema: v.literal("mixlaw/truth@1", 'it must be "mixlaw/truth@1"'),
  law: aName,
  signs: oneOf(SIGNS),
  domains: DOMAINS,
  phases: v.optional(
    byName(v.union([aNumber, v.literal(REST)], `it must be a number or "${REST}"`), aName),
  ),
  center: INPUT_UNITS,
  noise: aPart({ kind: oneOf(NOISES), sigma: atLeastZero }),
  seed: aSeed,
  targets: listOf(aPart({ target: aName, coordinates: byName(aNumber, aName) })),
});

/**
 * The truth that a JSON text is.
 *
 * @param source how messages name the file
 * @throws InputError when it is no JSON, is another kind of file, or has a part that is wrong.
 */
export function parseTruth(text: string, source: string): Truth {
  const words = { source, remedy: `"mixlaw simulate ${option("out", "runs.csv")}" writes one beside the runs` }; // prettier-ignore
  return checkFile(TRUTH, parseJson(text, words), "is no truth file", words) as unknown as Truth;
}
