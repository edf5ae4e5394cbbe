/** Parameters that the runs do not determine, in words. */
import type { Fit } from "../../../fit/result/fit-file.ts";
import { count, shorten } from "../../../base/wording.ts";

/** Directions told in a sentence; the fit file has all of them. */
const MOST = 3;
const SAFE = "Predictions inside the range of the data are not affected.";

/**
 * Where parameters are not printed: how many there are, by law, and where to see them. Undefined
 * when there are none.
 */
export function undeterminedCount(fits: readonly Fit[]): string | undefined {
  const laws = [...new Set(fits.map(({ law }) => law))].flatMap((law) => {
    const mine = fits.filter((fit) => fit.law === law);
    const lost = mine.reduce((sum, { certificate }) => sum + certificate.notIdentified.length, 0);
    const all = mine.reduce((sum, { coordinates }) => sum + Object.keys(coordinates).length, 0);
    return lost === 0 ? [] : [{ law, lost, all }];
  });
  if (laws.length === 0) return undefined;
  const told = laws.map(({ law, lost, all }) => `${law} ${lost} of ${all}`);
  return `parameters that the runs do not determine one by one: ${told.join(", ")}, all targets together. --parameters says which and why. ${SAFE}`;
}

/** Where they are: which, and why. Undefined when there are none. */
export function undeterminedWhy({
  certificate: { notIdentified, directions },
  units,
}: Fit): string | undefined {
  if (notIdentified.length === 0) return undefined;
  const sentences = [...new Set(directions.map(({ sentence }) => sentence))];
  const more = sentences.length - MOST;
  const why =
    sentences.length === 0
      ? // No coordinate is lost: a coefficient is, that is reported for N and D of 1.
        `${units.params === 1 ? "as coefficients for N = 1 and D = 1, far below any run, they are uncertain by a factor of 7 or more" : "they are uncertain by a factor of 7 or more"}; the terms are determined where the runs are`
      : sentences.slice(0, MOST).join("; ") +
        (more > 0 ? `; and ${count(more, "more direction")}` : "");
  return `not determined: ${shorten(notIdentified)} (${why}). ${SAFE}`;
}
