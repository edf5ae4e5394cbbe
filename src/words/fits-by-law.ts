import type { Fit } from "../fit/result/fit-file.ts";

/** A fit, or a law and a target that have none. */
export type LawAndTarget = Pick<Fit, "law" | "target">;

/** The fits of each law, in the order in which laws and fits come. */
export function fitsByLaw<F extends LawAndTarget>(
  fits: readonly F[],
): ReadonlyMap<string, readonly F[]> {
  const groups = new Map<string, F[]>();
  for (const fit of fits) groups.set(fit.law, [...(groups.get(fit.law) ?? []), fit]);
  return groups;
}
