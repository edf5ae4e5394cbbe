/** An optimum with the problem that it solves, posed again: what views of it are computed from. */
import { InputError } from "../../../base/errors.ts";
import { itemAt } from "../../../base/known.ts";
import { respell } from "../../../base/option-text.ts";
import type { FitFile } from "../../../fit/result/fit-file.ts";
import { ballExcess } from "../../../mixture/constraints/kinds/kind.ts";
import { lawValue, type OfMixture } from "../../../mixture/goal/goal.ts";
import { poseProblem, type Problem } from "../../../mixture/problem/pose-problem.ts";
import type { OptimizeOptions } from "../../../mixture/request/optimize-options.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { lacking, type Lacking } from "../../../views/kit/view.ts";
import { sharesIn } from "../material.ts";

export interface Decision {
  readonly file: FitFile;
  readonly optimum: Optimum;
  /** What was asked for; without constraints where the file does not say. */
  readonly request: OptimizeOptions;
  /** Whether the optimum file says what was asked for, so that constraints are known. */
  readonly isAsked: boolean;
  readonly problem: Problem;
  /** The optimum, shares in the order of the problem's domains. */
  readonly h: Float64Array;
}

/** The file's objective and that of the problem posed again differ by rounding at most. */
const ROUNDING = 1e-6;

/** The decision that an optimum file is about; or why the fit file does not tell of it. */
export function decisionOf(file: FitFile, optimum: Optimum): Decision | Lacking {
  // Files of earlier versions have no request.
  const asked = optimum.request as OptimizeOptions | undefined;
  const request = asked ?? withoutConstraints(optimum);
  try {
    const problem = poseProblem(file, request);
    const h = sharesOf(problem, optimum.weights);
    const decision = { file, optimum, request, isAsked: asked !== undefined, problem, h };
    const objective = lawValue(problem.goal, h);
    const isSame =
      optimum.robust !== null ||
      Math.abs(objective - optimum.objective) <= ROUNDING * Math.abs(optimum.objective);
    return isSame ? decision : lacking(OTHER_FILE);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return lacking(`${OTHER_FILE} (${respell(error.message, (path) => path)})`);
  }
}

const OTHER_FILE =
  "The optimum file does not belong to this fit file. Write it again with mixlaw optimize, from this fit file.";

/** What a file without a request says of it. */
const withoutConstraints = ({ at, laws, goal, reference }: Optimum): OptimizeOptions => ({
  ...(at.params === null ? {} : { params: at.params }),
  ...(at.tokens === null ? {} : { tokens: at.tokens }),
  units: "absolute",
  law: laws,
  objective: goal,
  reference: reference.weights,
  beyond: true,
});

/** A mixture by name as a vector. */
export const sharesOf = (
  { domains }: Problem,
  weights: Readonly<Record<string, number>>,
): Float64Array => Float64Array.from(sharesIn(domains, weights));

/**
 * By how much a mixture breaks the worst of the constraints; at most 0 for one that is allowed.
 * Shares below 0 are not looked at.
 */
export function excessOf({ region }: Problem): OfMixture {
  const { limits, l1, curved, choices } = region;
  const over = ({ coefficients, min, max }: (typeof limits)[number], h: Float64Array): number => {
    const value = h.reduce((sum, x, i) => sum + x * itemAt(coefficients, i), 0);
    return Math.max(value - max, min - value);
  };
  const ball: OfMixture = (h) => (l1 === undefined ? -Infinity : ballExcess(l1, h));
  return (h) =>
    Math.max(
      ball(h),
      ...limits.map((limit) => over(limit, h)),
      ...curved.map(({ excess }) => excess.value(h)),
      ...choices.map((pair) => Math.min(...pair.map((limit) => over(limit, h)))),
    );
}
