/** One law and the runs it is fitted to, put together as a search needs them. */
import { given } from "../../base/objects.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import { rowWeights } from "../../data/runs/row-weights.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { type Objective, residualProgram, scaledLoss } from "../../laws/objective.ts";
import { pack } from "../../solve/pack-tables.ts";
import { hasRidge, isAutomatic, type RidgeOption } from "../../options/ridge-option.ts";
import { ridgeOf } from "../../laws/ridge.ts";
import type { Penalties } from "../../solve/penalty/ridge.ts";
import type { Problem } from "./problem.ts";
import { startsFromData } from "../starts/starts.ts";

/** The rows that a law is fitted to: inputs and shares, and a loss column a target. */
export type FittedRows = Pick<
  RunSet,
  "rows" | "inputs" | "weights" | "losses" | "sigmas" | "rowWeights"
>;

/** An objective, and what a ridge adds to it. */
interface PenalizedObjective extends Objective {
  /** Default: nothing. */
  readonly ridge?: RidgeOption;
}

/**
 * The problem of fitting `law` to every loss column of `rows`: the residual compiled, the rows
 * packed and weighed, the law's own box. Shares are `rows × law.shares.length`, in the order of
 * the law's shares. Throws an Error where the rows lack an input of the law (`checkInputs` says so
 * to users before). `strengths`: λ of each target, where it was found by cross-validation.
 *
 * @example poseProblem(bind(laws.additive, runs.domains, settings, units), runs.train, settings)
 */
export function poseProblem(
  law: BoundLaw,
  rows: FittedRows,
  objective: PenalizedObjective,
  strengths?: readonly number[],
): Problem {
  const program = residualProgram(law, objective.residual);
  const weights = rowWeights(rows, objective.residual);
  return {
    title: law.law.name,
    program,
    packed: pack(program, rows, law.shares.length, rows.losses, weights),
    losses: rows.losses.map((y, t) => scaledLoss(objective, y, weights?.[t])),
    box: { lower: law.lower, upper: law.upper },
    ...(startsFromData(law) ? { anySize: true } : {}),
    ...given({ penalties: penaltiesOf(law, rows, objective, strengths) }),
  };
}

/** A λ that is to be found is 0 until it is. */
function penaltiesOf(
  law: BoundLaw,
  { losses }: FittedRows,
  { ridge: wanted = 0 }: PenalizedObjective,
  strengths: readonly number[] = losses.map(() => (isAutomatic(wanted) ? 0 : 1)),
): Penalties | undefined {
  const ridge = hasRidge(wanted) ? ridgeOf(law, wanted) : undefined;
  return ridge && { ridge, strengths };
}
