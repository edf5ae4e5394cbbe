/**
 * Goals over all replicates of a bootstrap: a mixture that is good on average over what the law may
 * be, or good even where it turns out badly.
 */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import { poseProblem, type Problem } from "../problem/pose-problem.ts";
import { lawsDrawn, replicatesFor } from "./replicates.ts";
import { byLawAlone, refitted } from "../goal/goal.ts";
import { surface } from "../goal/surface.ts";
import { smoothQuantile } from "./smooth-quantile.ts";

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

/** The problem of a request, with the goal that `robust` asks for. */
export function posedRobustly(file: FitFile, options: OptimizeOptions): Problem {
  const fitted = poseProblem(file, options);
  return options.robust === undefined ? fitted : robustly(file, fitted, options);
}

/**
 * The problem with the mean or a quantile over the replicates as its goal. Throws InputError where
 * that cannot be.
 */
export function robustly(file: FitFile, problem: Problem, options: OptimizeOptions): Problem {
  const p = quantileOf(options.robust ?? "mean");
  const replicates = replicatesOf(file, problem, options);
  const { losses, at, domains, reference } = problem;
  const count = replicates.length;
  const k = domains.length;
  const all = replicates.map((thetas) => refitted(losses, thetas));
  const drawn = lawsDrawn(losses, count);
  const objective =
    p === undefined
      ? surface(all.flat().map((loss) => ({ ...loss, weight: loss.weight / count })), at, k)
      : smoothQuantile(all.map((each, b) => surface(byLawAlone(each, drawn?.[b]), at, k)), p, reference); // prettier-ignore
  return { ...problem, goal: { kind: "mean", laws: losses.length * count, objective } };
}

/**
 * The fits' replicates. Throws InputError where there are none or another option rules them out.
 */
function replicatesOf(
  file: FitFile,
  { goal, fits }: Problem,
  { solver }: OptimizeOptions,
): readonly (readonly Float64Array[])[] {
  const wrong = (message: string): InputError => new InputError(message, { option: "robust" });
  if (goal.kind === "worst")
    throw wrong(
      `${option("robust")} goes with a weighted objective, not with ${option("objective", "worst")}.`,
    );
  if (solver === "mirror")
    throw wrong(`${option("robust")} goes with ${option("solver", "gradient")}.`);
  const stored = replicatesFor(file, fits);
  if (stored === undefined)
    throw wrong(
      `${option("robust")} needs fits with a bootstrap: fit again with ${option("bootstrap", 1000)} ${option("group", "COL")}.`,
    );
  return stored.replicates;
}
