/** Parameters that the runs do not determine, in words. */
import type { Fit } from "../fit/result/fit-file.ts";
import { flatten } from "../laws/parameters/parameters.ts";
import { count, shorten } from "../base/wording.ts";
import { fitsByLaw } from "./fits-by-law.ts";

/** Directions that are told; the fit file has all of them. */
const MOST = 3;
const SAFE = "Predictions inside the range of the data are not affected.";

/**
 * Where parameters are not shown: how many there are, by law, and where to see them. Undefined when
 * there are none.
 */
export function undeterminedCount(fits: readonly Fit[], elsewhere: string): string | undefined {
  const counts = [...fitsByLaw(fits)].flatMap(([law, ofLaw]) => {
    const lost = ofLaw.reduce((sum, { certificate }) => sum + certificate.notIdentified.length, 0);
    const all = ofLaw.reduce((sum, { parameters }) => sum + flatten(parameters).size, 0);
    return lost === 0 ? [] : [`${law} ${lost} of ${all}`];
  });
  if (counts.length === 0) return undefined;
  return `parameters that the runs do not determine one by one: ${counts.join(", ")}, all targets together. ${elsewhere} ${SAFE}`;
}

/** Which parameters of a fit the runs do not determine, and why. Undefined when there are none. */
export function undeterminedWhy({
  certificate: { notIdentified, directions },
}: Fit): string | undefined {
  if (notIdentified.length === 0) return undefined;
  const sentences = [...new Set(directions.map(({ sentence }) => sentence))];
  const more = sentences.length - MOST;
  const why =
    sentences.length === 0
      ? "their 95 % intervals hold 0, or span a factor of 10 either way"
      : sentences.slice(0, MOST).join("; ") +
        (more > 0 ? `; and ${count(more, "more direction")}` : "");
  return `not determined: ${shorten(notIdentified)} (${why}). ${SAFE}`;
}
