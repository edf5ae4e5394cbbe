/**
 * Goals over all replicates of a bootstrap: a mixture that is good on average over what the law may
 * be, or good even where it turns out badly.
 */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { mean } from "../../stats/moments.ts";
import type { OptimizeOptions } from "../request/optimum.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { replicatesFor } from "./replicates.ts";
import { type Fitted, lossesOf, type Surface } from "../goal/surface.ts";

/**
 * The share of a quantile, such as 0.95; undefined for the mean. Throws InputError for what is
 * neither.
 */
export function quantileOf(robust: string): number | undefined {
  if (robust === "mean") return undefined;
  const share = /^q(\d{1,2}(?:\.\d+)?)$/.exec(robust)?.[1];
  const p = Number(share) / 100;
  if (share === undefined || !(p > 0 && p < 1))
    throw new InputError(
      `${option("robust")} is ${JSON.stringify(robust)}; it must be mean, or a quantile from q1 to q99 such as q95.`,
      { option: "robust" },
    );
  return p;
}

/**
 * The plan with the mean or a quantile over the replicates as its goal. Throws InputError where
 * that cannot be.
 */
export function robustly(file: FitFile, problem: Problem, options: OptimizeOptions): Problem {
  const p = quantileOf(options.robust ?? "mean");
  if (problem.goal.kind === "worst")
    throw new InputError(
      `${option("robust")} goes with a weighted objective, not with ${option("objective", "worst")}.`,
      { option: "robust" },
    );
  if (options.solver === "mirror")
    throw new InputError(`${option("robust")} goes with ${option("solver", "gradient")}.`, {
      option: "robust",
    });
  const kept = replicatesFor(file, problem.fits);
  if (kept === undefined)
    throw new InputError(
      `${option("robust")} needs fits with a bootstrap: fit again with ${option("bootstrap", 1000)} ${option("group", "COL")}.`,
      { option: "robust" },
    );
  const { losses, at, domains, reference } = problem;
  const weights = losses.map(({ weight }) => weight);
  const fitted = (thetas: readonly Float64Array[]): Fitted[] =>
    losses.map(({ fitted: { law } }, t) => ({ law, theta: thetas[t] }));
  const k = domains.length;
  if (p === undefined) {
    const all = kept.replicates.flatMap(fitted);
    const each = all.map((_, i) => weights[i % losses.length] / kept.replicates.length);
    return { ...problem, goal: { kind: "mean", objective: lossesOf(all, at, k).sum(each) } };
  }
  const each = kept.replicates.map((thetas) => lossesOf(fitted(thetas), at, k).sum(weights));
  return { ...problem, goal: { kind: "mean", objective: smoothQuantile(each, p, reference) } };
}

/**
 * The quantile p of the losses as a smooth function of h: q with mean_b F((q − L_b)/s) = p, F the
 * logistic distribution: the quantile of the replicates' distribution smoothed by a kernel
 * (Nadaraya 1964). The width s is Silverman's for the losses at `start` (a logistic kernel of that
 * standard deviation) and stays the same, so that q is as smooth as the laws are.
 */
function smoothQuantile(each: readonly Surface[], p: number, start: Float64Array): Surface {
  const n = each.length;
  const first = each.map((one) => one.value(start));
  const center = mean(first);
  const sd = Math.sqrt(mean(first.map((x) => (x - center) ** 2)));
  const s = Math.max((0.9 * sd * n ** -0.2 * Math.sqrt(3)) / Math.PI, 1e-12 * Math.abs(center));
  const below = (z: number): number => 1 / (1 + Math.exp(-z));
  /**
   * q, by Newton's steps inside a bracket, to the last digits; and each replicate's part in its
   * slope.
   */
  const solve = (
    losses: readonly number[],
  ): { readonly q: number; readonly density: readonly number[] } => {
    const reach = 40 * s;
    let low = losses.reduce((a, b) => Math.min(a, b)) - reach;
    let high = losses.reduce((a, b) => Math.max(a, b)) + reach;
    let q = mean(losses);
    for (let k = 0; k < 200; k++) {
      const F = losses.map((loss) => below((q - loss) / s));
      const gap = mean(F) - p;
      const density = F.map((x) => x * (1 - x));
      if (gap > 0) high = q;
      else low = q;
      const next = q - (gap * s) / mean(density);
      const to = next > low && next < high ? next : 0.5 * (low + high);
      if (Math.abs(to - q) <= 4e-16 * Math.abs(q)) return { q: to, density };
      q = to;
    }
    return {
      q,
      density: losses.map((loss) => below((q - loss) / s) * (1 - below((q - loss) / s))),
    };
  };
  const { domains } = each[0];
  const slope = new Float64Array(domains);
  return {
    domains,
    value: (h) => solve(each.map((one) => one.value(h))).q,
    law: (h) => solve(each.map((one) => one.law(h))).q,
    gradient(h, out) {
      const { q, density } = solve(each.map((one) => one.value(h)));
      const total = density.reduce((a, b) => a + b, 0);
      out.fill(0);
      for (const [b, one] of each.entries()) {
        one.gradient(h, slope);
        for (let i = 0; i < domains; i++) out[i] += (density[b] / total) * slope[i];
      }
      return q;
    },
  };
}
