/** The coordinates of a fit's replicates as text in the fit file, and back. */
import { decode64, encode64 } from "../../base/base64.ts";
import { InputError } from "../../base/errors.ts";
import type { Bootstrap, Fit } from "./fit-file.ts";

/** Points as text, one after the other; `size` is the number of coordinates of each. */
export function storePoints(points: readonly Float64Array[], size: number): string {
  const all = new Float64Array(points.length * size);
  for (const [n, point] of points.entries()) all.set(point, n * size);
  return encode64(all);
}

interface Stored {
  readonly replicates: Float64Array[];
  readonly jackknife: Float64Array[];
}

/** What has been decoded: intervals are made again and again of the same replicates. */
const decoded = new WeakMap<Bootstrap, Stored>();

/**
 * The coordinates of a fit's replicates and jackknife; undefined where it has no bootstrap. Throws
 * InputError for a damaged file.
 *
 * @param size how many coordinates the law has
 */
export function replicatesOf(fit: Fit, size: number): Stored | undefined {
  // Files of earlier versions have none.
  const bootstrap = fit.bootstrap as Bootstrap | null | undefined;
  if (bootstrap === null || bootstrap === undefined) return undefined;
  const known = decoded.get(bootstrap);
  if (known !== undefined) return known;
  const [replicates, jackknife] = [bootstrap.coordinates, bootstrap.jackknife].map((text) =>
    pointsIn(text, size),
  );
  if (jackknife === undefined || replicates?.length !== bootstrap.replicates)
    throw new InputError(
      `the bootstrap of ${fit.law} on ${fit.target} in the fit file is damaged. Fit again.`,
    );
  const stored = { replicates, jackknife };
  decoded.set(bootstrap, stored);
  return stored;
}

/** Points of `size` numbers each; undefined for a text that is no such points. */
export function pointsIn(text: string, size: number): Float64Array[] | undefined {
  try {
    const values = decode64(text);
    if (values.length % size !== 0) return undefined;
    return Array.from({ length: values.length / size }, (_, n) =>
      values.subarray(n * size, (n + 1) * size),
    );
  } catch {
    return undefined;
  }
}
