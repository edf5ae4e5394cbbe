/** Errors of the fits of a law whose targets have parameters in common. */
import { itemAt } from "../../../base/known.ts";
import type { Runs } from "../../../data/runs/run-set.ts";
import { usedBlocks } from "../../../data/runs/shared-errors.ts";
import type { BoundLaw } from "../../../laws/bind.ts";
import type { Problem } from "../../search/problem.ts";
import type { Best } from "../../search/search.ts";
import type { JointErrors } from "../fitted.ts";
import { jointErrors } from "./joint-errors.ts";

/** A law's best fits, by target. */
interface BestFits {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly best: readonly (Best | undefined)[];
}

/**
 * By target; none where targets have nothing in common, and of tables that are too large. It yields
 * between passes over the rows.
 */
export function* commonErrors(
  { law, problem, best }: BestFits,
  runs: Runs,
): Generator<undefined, ReadonlyMap<number, JointErrors>> {
  const joined = best.flatMap((fit, target) =>
    fit?.common === undefined ? [] : [{ target, theta: fit.theta, common: fit.common }],
  );
  const common = joined[0]?.common ?? [];
  if (common.length === 0) return new Map();
  const errors = yield* jointErrors({ law, problem, common, fits: joined, shared: usedBlocks(runs, law.size) }); // prettier-ignore
  return new Map(errors?.map((each, t) => [itemAt(joined, t).target, each]));
}
