/**
 * From a fit file and a request to the problem that the solvers work on: the goal to minimize and
 * the region of mixtures to look in. All that can be wrong with a request by itself is found here.
 */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { checkAsked } from "../../fit/result/asked-counts.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { type Demands, demandsOf } from "../constraints/constraint-kinds.ts";
import type { Setting } from "../constraints/kinds/kind.ts";
import { type Region, regionOf, targetsOf } from "../constraints/region.ts";
import {
  byLawAlone,
  byTarget,
  type LawGoal,
  meanGoal,
  refitted,
  type TargetLoss,
  worstGoal,
} from "../goal/goal.ts";
import { type Scale, type Surface, surface } from "../goal/surface.ts";
import { optimizeOptions } from "../request/check-options.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import { withInputNames } from "../request/named-inputs.ts";
import { withSupply } from "../request/with-supply.ts";
import { isRepetitionKnown, lossesOf, objectiveLosses, scaleOf } from "./choose-fits.ts";
import { type Space, uniformIn } from "../space/space.ts";
import { mixtureFrom } from "./mixture-from.ts";
import { spaceOf } from "./space-of.ts";

/** What a request is posed again with. */
export interface Moved {
  readonly at?: Scale;
  /** Coordinates of `fits`, in their order. */
  readonly theta?: readonly ArrayLike<number>[];
  /** A law that is part of an average: it alone then predicts. */
  readonly law?: string | undefined;
}

export interface Problem {
  /** What mixtures have shares of. */
  readonly domains: readonly string[];
  readonly space: Space;
  readonly at: Scale;
  /** The targets of the objective; of an average, a target by each of its laws. */
  readonly losses: readonly TargetLoss[];
  readonly goal: LawGoal;
  readonly reference: Float64Array;
  /** Equal shares, in each phase. */
  readonly uniform: Float64Array;
  readonly region: Region;
  /** The fits that goal and region are made of: `losses`, then others that constraints name. */
  readonly fits: readonly TargetLoss[];
  /**
   * The same request at another scale, with other coordinates of `fits`, or by one law of an
   * average: what is compiled stays.
   */
  with(change: Moved): Problem;
}

/**
 * Throws InputError, naming the option, for what the file cannot answer.
 * @example poseProblem(file, { params: 7e9, tokens: 150e9, constraints: { caps: { web: 0.5 } } })
 */
export function poseProblem(file: FitFile, asked: OptimizeOptions): Problem {
  const options = withInputNames(file, withSupply(file, optimizeOptions(asked)));
  checkAsked(file, options);
  const { domains } = file.data;
  if (domains.length === 0)
    throw new InputError(
      `the fits of ${file.data.source} have no mixture weights: there is no mixture to choose. Fit a law that uses them ("mixlaw laws"), or give ${option("flops")} alone to choose N and D.`,
    );
  const space = spaceOf(file, options);
  const { reference } = options;
  const demands = demandsOf(options);
  const losses = objectiveLosses(file, options);
  const others = targetsOf(demands).filter(
    ({ target }) => !losses.some((loss) => loss.target === target),
  );
  const fits = [
    ...losses,
    ...others.flatMap(({ target, path }) => lossesOf(file, target, options, path, 0)),
  ];
  const request: Request = {
    space,
    trained: file.data.mixtures.map(({ weights }) => weights),
    worst: options.objective === "worst",
    count: losses.length,
    demands,
    reference:
      reference === undefined ? uniformIn(space) : mixtureFrom(space, reference, "reference"),
  };
  return assemble(request, fits, scaleOf(file, fits, options), options.tokens);
}

/** What stays the same whatever the scale and the coordinates. */
interface Request {
  readonly space: Space;
  readonly trained: Setting["trained"];
  readonly worst: boolean;
  /** How many of the fits are the objective's: the first ones. */
  readonly count: number;
  readonly demands: Demands;
  readonly reference: Float64Array;
}

/** What constraints are meant in: `fits` has the losses that they may ask for. */
export const settingOf = (
  fits: readonly TargetLoss[],
  at: Scale,
  {
    space,
    reference,
    tokens,
    trained = [],
  }: Pick<Setting, "space" | "reference" | "tokens"> & Partial<Pick<Setting, "trained">>,
): Omit<Setting, "request"> => ({
  space,
  reference,
  trained,
  tokens,
  isRepetitionKnown: isRepetitionKnown(fits),
  lossOf(target) {
    const terms = byTarget(fits).find((each) => each.target === target)?.terms;
    if (terms === undefined) throw new Error(`a constraint did not ask for the fit of ${target}`);
    const loss = (times: number): Surface =>
      surface(terms.map(({ fitted, weight }) => ({ fitted, weight: weight * times })), at, space.domains.length); // prettier-ignore
    return {
      atReference: loss(1).value(reference),
      over: (unit) => loss(1 / unit),
    };
  },
});

/** @param tokens D where it is given: `at` has 1 where no law reads it */
function assemble(
  request: Request,
  fits: readonly TargetLoss[],
  at: Scale,
  tokens: number | undefined,
): Problem {
  const { space, worst, count, demands, reference, trained } = request;
  const { domains } = space;
  const k = domains.length;
  const losses = fits.slice(0, count);
  return {
    domains,
    space,
    at,
    losses,
    fits,
    reference,
    uniform: uniformIn(space),
    region: regionOf(demands, settingOf(fits, at, { space, reference, tokens, trained })),
    goal: worst ? worstGoal(losses, at, k, reference) : meanGoal(losses, at, k),
    with({ at: moved = at, theta, law }) {
      const all = theta === undefined ? fits : refitted(fits, theta);
      const objective = byLawAlone(all.slice(0, count), law);
      const others = byLawAlone(all.slice(count), law);
      const asked = { ...request, count: objective.length };
      return assemble(asked, [...objective, ...others], moved, moved === at ? tokens : moved.tokens); // prettier-ignore
    },
  };
}
