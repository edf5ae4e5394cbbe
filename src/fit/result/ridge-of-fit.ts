/** What a fit file says of a ridge. */
import { given } from "../../base/objects.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { drawnParameters } from "../../laws/ridge.ts";
import { penaltyAt, penaltyOf } from "../../solve/penalty/ridge.ts";
import type { ChosenStrength } from "../ridge/choose-strength.ts";
import type { Problem } from "../search/problem.ts";

/** The ridge of a fit. */
export interface RidgeOfFit {
  /** λ by reported name: of all domains ("alpha"), or of one ("alpha[web]"). */
  readonly parameters: Readonly<Record<string, number>>;
  /** λ/2·Σq², the part that it has in the objective. */
  readonly penalty: number;
  /**
   * Where λ was found by cross-validation: each factor of the strengths that was tried, in falling
   * order, with the mean loss in the rows held out; null where a fit had none there.
   */
  readonly tried?: readonly (readonly [strength: number, loss: number | null])[];
}

/** A fit, and the λ of its ridge where that was found by cross-validation. */
interface PenalizedFit {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly target: number;
  readonly best: { readonly theta: Float64Array };
  readonly chosen?: ChosenStrength | undefined;
}

/** A number that JSON has. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** What the ridge of a fit drew, and added to its objective; undefined without one. */
export function ridgeSection(fit: PenalizedFit): RidgeOfFit | undefined {
  const { law, problem, target, best, chosen } = fit;
  const penalty = penaltyOf(problem.penalties, target);
  if (penalty === undefined) return undefined;
  const tried = chosen?.tried.map(([strength, loss]) => [strength, finite(loss)] as const);
  return {
    parameters: drawnParameters(law, penalty.ridge, penalty.strength),
    penalty: penaltyAt(penalty, best.theta),
    ...given({ tried }),
  };
}
