/** Errors of the fits of a law whose targets have parameters in common. */
import { itemAt } from "../base/known.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { errorBlocks } from "../data/runs/shared-errors.ts";
import { commonCoordinates } from "../laws/common.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { isShared } from "./fit-report.ts";
import { jointErrors } from "./inference/common/joint-errors.ts";
import type { JointErrors } from "./inference/fitted.ts";
import { informationAt } from "./inference/information.ts";
import type { SearchedLaw } from "./search-laws.ts";

/** By target; none where targets have nothing in common, and of tables that are too large. */
export function commonErrors(
  { law, problem, best }: SearchedLaw,
  runs: Runs,
  { common: names }: Pick<FitSettings, "common">,
): ReadonlyMap<number, JointErrors> {
  const common = commonCoordinates(law, names);
  const targets = [...best.keys()].filter((target) => best[target] !== undefined);
  if (common.length === 0 || targets.length < 2) return new Map();
  const blocks = errorBlocks(runs);
  const shared = isShared(blocks, law) ? blocks : undefined;
  const fits = targets.map((target) => {
    const theta = itemAt(best, target)?.theta ?? new Float64Array();
    return { theta, free: informationAt(problem, target, theta, undefined, shared).free };
  });
  const errors = jointErrors({ problem, common, targets, fits, shared }) ?? [];
  return new Map(errors.map((each, t) => [itemAt(targets, t), each]));
}
