/** A mixture as people write it, shares by name, as a vector. */
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { suggest } from "../../base/wording.ts";
import { ontoSpace, sameInPhases, shareNames, type Space } from "../space/space.ts";

/** Shares that sum to 1 within this are meant to; they are then renormalized, as those of runs. */
const ROUNDING = 1e-3;

/**
 * Shares in the order of the domains; those that are not named are 0. Of phases, shares of domains
 * are those of each phase; of cells, such as "main/web", those in their phases, or of all tokens.
 * Throws InputError for an unknown domain, a share outside 0 … 1 and a sum that is not 1.
 *
 * @param path the option that has the mixture
 * @param name which mixture of several
 * @example mixtureFrom({ domains: ["web", "code"] }, { web: 0.7, code: 0.3 }, "reference")
 */
export function mixtureFrom(
  space: Space,
  shares: Readonly<Record<string, number>>,
  path: string,
  name?: string,
): Float64Array {
  const what = name === undefined ? option(path) : `${option(path)}, ${name}`;
  const wrong = (problem: string): InputError =>
    new InputError(`${what} ${problem}`, { option: path });
  const known = shareNames(space);
  for (const [domain, share] of Object.entries(shares)) {
    if (!known.includes(domain))
      throw wrong(`names the domain "${domain}", which the fit does not have; ${suggest(domain, known, "domains")}`); // prettier-ignore
    if (!(share >= 0 && share <= 1 + ROUNDING))
      throw wrong(`gives "${domain}" the share ${share}; shares are from 0 to 1.`);
  }
  const { domains, phases } = space;
  const isOfCells = domains.some((cell) => Object.hasOwn(shares, cell));
  const names = isOfCells || phases === undefined ? domains : phases.domains;
  const both = Object.keys(shares).find((each) => !names.includes(each));
  if (both !== undefined)
    throw wrong(`names "${both}" beside domains of single phases: name those of each phase`);
  const vector = Float64Array.from(names, (each) => ownOf(shares, each) ?? 0);
  const sum = vector.reduce((a, b) => a + b, 0);
  if (phases !== undefined && isOfCells) return ofCells(space, vector, wrong);
  if (Math.abs(sum - 1) > ROUNDING)
    throw wrong(`sums to ${sum}; the shares of a mixture sum to 1.`);
  return sameInPhases(
    space,
    vector.map((x) => x / sum),
  );
}

/** Shares of cells, in their phases or of all tokens, as a mixture of the space. */
function ofCells(
  space: Space,
  shares: Float64Array,
  wrong: (problem: string) => InputError,
): Float64Array {
  const { phases, domains } = space;
  const k = phases?.domains.length ?? domains.length;
  const sums = (phases?.names ?? []).map((_, p) =>
    shares.subarray(p * k, (p + 1) * k).reduce((sum, share) => sum + share, 0),
  );
  const areSums = (expected: (p: number) => number): boolean =>
    sums.every((sum, p) => Math.abs(sum - expected(p)) <= ROUNDING);
  if (!areSums(() => 1) && !areSums((p) => phases?.fractions[p] ?? 0))
    throw wrong(
      `has shares that sum to ${sums.join(", ")} in ${phases?.names.join(", ")}; the shares of each phase sum to 1.`,
    );
  ontoSpace(space, shares);
  return shares;
}
