/** The supply that a fit file's runs had, which requests have where they say no other. */
import { byNames } from "../../base/objects.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { domainOfSupply } from "../../options/supply.ts";
import type { OptimizeOptions } from "./optimize-options.ts";

/**
 * Unique tokens by domain, of the domains whose supply was the same for all runs.
 *
 * @example supplyOfFit(file) // { web: 1.2e12, code: 3e11 }
 */
export const supplyOfFit = ({ data }: FitFile): Record<string, number> =>
  byNames(
    Object.entries(data.range.inputs ?? {}).flatMap(([input, { min, max }]) => {
      const domain = domainOfSupply(input);
      return domain === undefined || min !== max ? [] : [[domain, min] as const];
    }),
  );

/**
 * The options with the unique tokens of each domain: those that `constraints.available` names, of
 * the others those of the runs. Of a file whose runs have no supply, the options as they are.
 */
export function withSupply<T extends Pick<OptimizeOptions, "constraints">>(
  file: FitFile,
  options: T,
): T {
  const known = supplyOfFit(file);
  if (Object.keys(known).length === 0) return options;
  const { constraints = {} } = options;
  return {
    ...options,
    constraints: { ...constraints, available: { ...known, ...constraints.available } },
  };
}
