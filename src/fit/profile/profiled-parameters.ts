/** Which coordinates are profiled for the parameters that a user names. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { suggest } from "../../base/wording.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { reportedNames } from "../../laws/parameters/parameters.ts";

/** Label of a parameter ("A", "C[web]") → position of its coordinate. */
export type ProfiledParameters = ReadonlyMap<string, number>;

/** The parameters of a law that `names` mean: "C" is all of C[…]. Names of other laws mean none. */
export const profiledParameters = (law: BoundLaw, names: readonly string[]): ProfiledParameters =>
  new Map(
    law.coordinates.flatMap(({ label, symbol }, i) =>
      names.includes(label) || names.includes(symbol) ? [[label, i] as const] : [],
    ),
  );

/** Throws the InputError for the first name that none of the laws has, or that is fixed or tied. */
export function checkProfiled(laws: readonly BoundLaw[], names: readonly string[]): void {
  for (const name of names) {
    if (laws.some((law) => profiledParameters(law, [name]).size > 0)) continue;
    const holding = laws.find(({ fixed, tied }) => name in fixed || name in tied);
    if (holding !== undefined) {
      const how = name in holding.fixed ? "fixed" : "tied";
      throw new InputError(
        `${option("profile", name)}: ${name} is ${how}, so it has no interval of its own`,
        {
          option: "profile",
        },
      );
    }
    const known = [...new Set(laws.flatMap(reportedNames))];
    throw new InputError(
      `${option("profile", name)}: no law of this fit has such a parameter; ${suggest(name, known, "parameters")}`,
      { option: "profile" },
    );
  }
}
