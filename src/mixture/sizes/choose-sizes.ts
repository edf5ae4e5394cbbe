/**
 * Choosing sizes where there is no mixture to choose: N, D and what else a law leaves open, at a
 * training compute.
 */
import { checkedFit } from "../../fit/file/parse-fit-file.ts";
import { given } from "../../base/objects.ts";
import { sentencesOf } from "../../base/verdict.ts";
import { VERSION } from "../../base/version.ts";
import { checkAsked } from "../../fit/result/asked-counts.ts";
import { withInputNames } from "../request/named-inputs.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { interval } from "../../stats/interval.ts";
import { lawsDrawn, replicatesFor } from "../certainty/replicates.ts";
import type { ScalingExponents } from "../request/exponents.ts";
import { scalingExponents } from "../scaling/scaling-exponents.ts";
import { averagedIn, byLawAlone, byTarget, lawsByTarget, refitted } from "../goal/goal.ts";
import { refineGrid } from "../scaling/refine-grid.ts";
import { lossesAt, placeOf, poseSizeProblem, type SizeProblem } from "./size-problem.ts";
import { type Sizes, sizesOptions, type SizesOptions } from "./sizes.ts";
import { sizesVerdict } from "./sizes-verdict.ts";

/** Grids of the search by the fits, and by each replicate. */
const ROUNDS = { best: 14, replicate: 6 } as const;
/** The near-optimal sizes: within this share of the objective. */
const EPSILON = 5e-4;
/** Halvings for each end of their range. */
const HALVINGS = 40;

/**
 * The best N and D at a training compute by laws without a mixture, and the best value of an input
 * that decides how many parameters are active (the sparsity of a mixture of experts), within the
 * values that were trained. Inputs that are not chosen are given by `inputs` (unique tokens).
 *
 * @throws InputError for laws that lack N or D, for inputs that are missing, and for what cannot be
 *   asked.
 * @example optimizeSizes(file, { flops: 1e21 }).at.params
 */
export function optimizeSizes(fitFile: FitFile, options: SizesOptions): Sizes {
  const file = checkedFit(fitFile);
  const checked = withInputNames(file, sizesOptions(options));
  checkAsked(file, checked);
  const problem = poseSizeProblem(file, checked);
  const { losses, open, box } = problem;
  const best = refineGrid((points) => lossesAt(problem, points).total, box, ROUNDS.best);
  const at = placeOf(problem, best.point);
  const { each } = lossesAt(problem, [best.point]);
  const predictedOf = (target: string): number =>
    losses.reduce((sum, loss, t) => (loss.target === target ? sum + (loss.part ?? 1) * each[t][0] : sum), 0); // prettier-ignore
  const epsilon = EPSILON * Math.abs(best.value);
  const exponents = exponentsAt(file, problem, at, checked);
  const verdict = sizesVerdict(file, problem, at, best.point, exponents);
  const chosen = ["params", "tokens", ...(open === undefined ? [] : [open.name])];
  return {
    schema: "mixlaw/sizes@1",
    version: VERSION,
    flops: checked.flops,
    at,
    chosen,
    laws: lawsByTarget(losses),
    ...averagedIn(losses),
    objective: best.value,
    predicted: Object.fromEntries(byTarget(losses).map(({ target }) => [target, predictedOf(target)])), // prettier-ignore
    nearOptimal: { epsilon, params: nearOptimal(problem, best.point, best.value + epsilon) },
    interval: intervalsOf(file, problem, at, chosen, checked),
    exponents,
    epochs: at["unique_tokens"] === undefined ? null : at["tokens"] / at["unique_tokens"],
    verdict,
    warnings: sentencesOf(verdict),
  };
}

/** How the best N and D grow with compute, the other inputs held. */
function exponentsAt(
  file: FitFile,
  { losses }: SizeProblem,
  at: Readonly<Record<string, number>>,
  { level, intervals }: SizesOptions,
): ScalingExponents {
  const { params, tokens, ...inputs } = at;
  const point = { flops: 6 * params * tokens, inputs, weights: new Float64Array() };
  return scalingExponents(file, losses, point, given({ level, intervals }));
}

/** Smallest and largest N within the level, the open input at its best: bisection on both sides. */
function nearOptimal(
  problem: SizeProblem,
  [best, ...others]: readonly number[],
  level: number,
): [number, number] {
  const isWithin = (lnRatio: number): boolean =>
    lossesAt(problem, [[lnRatio, ...others]]).total[0] <= level;
  const end = (edge: number): number => {
    if (isWithin(edge)) return edge;
    let [good, bad] = [best, edge];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (good + bad) / 2;
      if (isWithin(middle)) good = middle;
      else bad = middle;
    }
    return good;
  };
  const paramsAt = (lnRatio: number): number => placeOf(problem, [lnRatio, ...others])["params"];
  const [[least, most]] = problem.box;
  return [paramsAt(end(most)), paramsAt(end(least))];
}

/** The choice again for every replicate; null where there are none or none are wanted. */
function intervalsOf(
  file: FitFile,
  problem: SizeProblem,
  at: Readonly<Record<string, number>>,
  chosen: readonly string[],
  options: SizesOptions,
): Sizes["interval"] {
  if (options.intervals === false) return null;
  const stored = replicatesFor(file, problem.losses, {
    level: options.level,
    interval: options.interval,
  });
  if (stored === undefined) return null;
  const drawn = lawsDrawn(problem.losses, stored.replicates.length);
  const places = stored.replicates.map((thetas, b) => {
    const losses = byLawAlone(refitted(problem.losses, thetas), drawn?.[b]);
    const total = (points: readonly number[][]): Float64Array =>
      lossesAt({ ...problem, losses }, points).total;
    return placeOf(problem, refineGrid(total, problem.box, ROUNDS.replicate).point);
  });
  return Object.fromEntries(
    chosen.map((name) => {
      const values = Float64Array.from(places, (place) => place[name]);
      const [low, high] = interval(
        "percentile",
        at[name],
        values,
        new Float64Array(),
        stored.level,
      );
      return [name, [low ?? -Infinity, high ?? Infinity]] as const;
    }),
  );
}
