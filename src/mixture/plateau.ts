/**
 * Plateaus: where mixtures that have little in common tie with the best one, it is no answer by
 * itself. They tie to the rounding of float64, or to the law's own error.
 */
import { itemAt } from "../base/known.ts";
import { inPercent, number } from "../base/format-number.ts";
import { finding, type Finding } from "../base/verdict.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { lawValue, type TargetLoss } from "./goal/goal.ts";
import { surface } from "./goal/surface.ts";
import type { Problem } from "./problem/pose-problem.ts";
import { areEven, readsMeanAlone } from "./solver/even-phases.ts";
import { rangeOfShare } from "./solver/near-optimal.ts";
import type { PieceSolution } from "./solver/solve.ts";

/** Losses tie to rounding where they differ by this share of the objective. */
const ROUNDING = 1e-11;
/**
 * A share moves this far on a plateau: to rounding, where an ordinary optimum is a point, and
 * within the law's error, where it may well move some way.
 */
const WIDE = { rounding: 0.05, error: 0.5 } as const;
/** The largest shares are looked at. */
const LOOKED_AT = 3;

/**
 * The law's own error in the objective: of a fit with p coordinates to n runs the mean variance of
 * its predictions at those runs is σ²p/n, with σ the standard deviation of its residuals. Targets
 * count as independent, the laws of an average as of one error. Where σ is not known it is 0.
 */
export function lawError(
  file: FitFile,
  { losses, goal, at, domains }: Problem,
  h: Float64Array,
): number {
  const { rows } = file.data;
  const errorOf = ({ target, law, fitted, weight, part = 1 }: TargetLoss): number => {
    const fit = file.fits.find((each) => each.target === target && each.law === law);
    const sd = fit?.residualSd ?? 0;
    if (fit === undefined || !(sd > 0)) return 0;
    const loss = surface([{ fitted, weight: 1 }], at, domains.length).law(h);
    const inNats = file.settings.residual === "raw" ? sd : sd * Math.abs(loss);
    const used = Math.min(1, Math.max(0, (rows - fit.degreesOfFreedom) / rows));
    const share = goal.kind === "mean" ? weight : (part * lawValue(goal, h)) / loss;
    return share * inNats * Math.sqrt(used);
  };
  const targets = [...new Set(losses.map(({ target }) => target))];
  const variances = targets.map((target) => {
    const own = losses.filter((loss) => loss.target === target);
    return own.reduce((sum, loss) => sum + errorOf(loss), 0) ** 2;
  });
  return goal.kind === "mean"
    ? Math.sqrt(variances.reduce((a, b) => a + b, 0))
    : Math.sqrt(Math.max(...variances));
}

/** The finding that the best mixture is one of many. */
export function plateauFindings(
  file: FitFile,
  problem: Problem,
  { polytope, solution }: PieceSolution,
): Finding[] {
  const { goal, region, domains } = problem;
  const { h } = solution;
  const base = lawValue(goal, h);
  if (!Number.isFinite(base)) return [];
  if (readsMeanAlone(problem))
    return [
      finding(
        "phases-not-told",
        `the laws read the mean of the phases' shares, weighted by tokens: how a domain's tokens are divided between the phases changes no prediction. ${areEven(problem.space, h) ? "Each phase has the same shares here" : "The phases have the shares of one of many ways that the constraints allow"}`,
      ),
    ];
  const around = { goal, curved: region.curved, set: polytope, from: h, base };
  const largest = [...h.keys()].toSorted((a, b) => itemAt(h, b) - itemAt(h, a)).slice(0, LOOKED_AT);
  const widest = (
    epsilon: number,
  ): { readonly i: number; readonly min: number; readonly max: number } =>
    largest
      .map((i) => ({ i, ...rangeOfShare(around, epsilon, i) }))
      .reduce((a, b) => (b.max - b.min > a.max - a.min ? b : a));
  const said = ({ i, min, max }: ReturnType<typeof widest>, within: string): Finding[] => [
    finding(
      "plateau",
      `many mixtures tie with this one: within ${within} of its objective ${domains[i]} can be ${inPercent(min)} to ${inPercent(max)} % of the data. The near-optimal ranges are the answer; choose in them by what else matters`,
      [itemAt(domains, i)],
    ),
  ];
  const tied = widest(ROUNDING * Math.abs(base));
  if (tied.max - tied.min >= WIDE.rounding) return said(tied, "rounding");
  const error = lawError(file, problem, h);
  if (!(error > 0)) return [];
  const close = widest(error);
  return close.max - close.min >= WIDE.error
    ? said(close, `the law's own error (${number(error, 2)})`)
    : [];
}
