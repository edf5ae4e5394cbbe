import type { Fit } from "../../../fit/result/fit-file.ts";

/** The fits of each law, in the order in which laws and fits come. */
export function fitsByLaw(fits: readonly Fit[]): ReadonlyMap<string, readonly Fit[]> {
  const groups = new Map<string, Fit[]>();
  for (const fit of fits) groups.set(fit.law, [...(groups.get(fit.law) ?? []), fit]);
  return groups;
}
