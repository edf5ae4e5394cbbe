/** What a fit with common parameters does not have. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { commonCoordinates } from "../../laws/common.ts";
import type { FitSettings } from "../../options/fit-options.ts";

/** Throws an InputError for it, and for parameters that cannot be common. */
export function checkCommon(
  laws: readonly BoundLaw[],
  { targets }: Pick<Runs, "targets">,
  { common }: Pick<FitSettings, "common">,
  profiled: readonly string[],
): void {
  if (common.length === 0) return;
  const refuse = (why: string): InputError =>
    new InputError(`${option("common")}: ${why}`, { option: "common" });
  for (const law of laws) commonCoordinates(law, common);
  if (targets.length < 2)
    throw refuse("there is one target; laws with a form for each target have none in common");
  if (profiled.length > 0) throw refuse(`leave out ${option("profile")}, which is of single targets`); // prettier-ignore
}
