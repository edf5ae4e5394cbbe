/** A mixture as people write it, shares by name, as a vector. */
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { suggest } from "../../base/wording.ts";

/** Shares that sum to 1 within this are meant to; they are then renormalized, as those of runs. */
const ROUNDING = 1e-3;

/**
 * Shares in the order of the domains; those that are not named are 0. Throws InputError for an
 * unknown domain, a share outside 0 … 1 and a sum that is not 1.
 * @param path the option that has the mixture
 * @param name which mixture of several
 * @example mixtureFrom(["web", "code"], { web: 0.7, code: 0.3 }, "reference") // 0.7, 0.3
 */
export function mixtureFrom(
  domains: readonly string[],
  shares: Readonly<Record<string, number>>,
  path: string,
  name?: string,
): Float64Array {
  const what = name === undefined ? option(path) : `${option(path)}, ${name}`;
  for (const [domain, share] of Object.entries(shares)) {
    if (!domains.includes(domain))
      throw new InputError(
        `${what} names the domain "${domain}", which the fit does not have; ${suggest(domain, domains, "domains")}`,
        { option: path },
      );
    if (!(share >= 0 && share <= 1 + ROUNDING))
      throw new InputError(
        `${what} gives "${domain}" the share ${share}; shares are from 0 to 1.`,
        { option: path },
      );
  }
  const vector = Float64Array.from(domains, (each) => ownOf(shares, each) ?? 0);
  const sum = vector.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > ROUNDING)
    throw new InputError(`${what} sums to ${sum}; the shares of a mixture sum to 1.`, {
      option: path,
    });
  return vector.map((x) => x / sum);
}
