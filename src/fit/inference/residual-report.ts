/** What the residuals of a fit say: their size, the noise of repeated runs, standard errors. */
import type { RunSet } from "../../data/runs/run-set.ts";
import { rowWeights } from "../../data/runs/row-weights.ts";
import { labelOf } from "../../laws/parameters/parameters.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { held } from "../../solve/damped-step.ts";
import { Residuals } from "../../solve/residuals.ts";
import type { Deviations } from "../result/deviations.ts";
import { examinedEquations } from "../search/problem.ts";
import { effectiveParameters } from "../ridge/effective-parameters.ts";
import type { Fitted } from "./fitted.ts";
import type { Identified } from "./identify.ts";
import { repeatNoise } from "./noise.ts";

/** The fit file's section on residuals; yields between passes over the rows. */
export function* residualReport(
  fitted: Fitted,
  { information, errors }: Identified,
  residual: FitSettings["residual"],
): Generator<undefined, Deviations> {
  const { runs, target } = fitted;
  const { squares, residualSd, degreesOfFreedom } = sizesOf(fitted);
  yield;
  const weights =
    rowWeights(runs, residual)?.[target] ??
    runs.losses[target].map((y) => (Number.isNaN(y) ? 0 : 1));
  const parameters = weights.filter((w) => w > 0).length - degreesOfFreedom;
  const over = overSigma(runs, target, residual, residualSd);
  yield;
  return {
    degreesOfFreedom,
    residualSd,
    ...(over === undefined ? {} : { overSigma: over }),
    standardErrors: degreesOfFreedom > 0 ? reportedErrors(fitted, errors) : null,
    errors: {
      degreesOfFreedom: degreesOfFreedom > 0 ? information.degreesOfFreedom : 0,
      blocks: fitted.shared?.kind ?? "rows",
    },
    noise: repeatNoise(runs, target, weights, residual, squares, parameters),
  };
}

/** Σw·r² and what follows from it. */
function sizesOf({
  problem,
  target,
  theta,
}: Fitted): Pick<Deviations, "residualSd" | "degreesOfFreedom"> & { readonly squares: number } {
  const { program, packed, box } = problem;
  const residuals = new Residuals(program, packed, target);
  const squares = residuals.squares(theta);
  const { rows, mass } = residuals;
  const normal = examinedEquations(problem, target);
  normal.evaluate(theta);
  const isHeld = held(theta, normal.gradient, box);
  const free = [...theta.keys()].filter((i) => !isHeld[i]);
  const degreesOfFreedom = rows - effectiveParameters(problem, target, theta, free);
  const residualSd =
    degreesOfFreedom > 0 ? Math.sqrt(((squares / degreesOfFreedom) * rows) / mass) : null;
  return { squares, residualSd, degreesOfFreedom };
}

/** The standard errors of what is reported; null for fixed ones and those that are infinite. */
function reportedErrors(
  { law, theta }: Fitted,
  errors: Identified["errors"],
): Deviations["standardErrors"] {
  const known = (label: string): number | null => {
    const error = errors.get(label);
    return error === undefined || error === 0 || !Number.isFinite(error) ? null : error;
  };
  const report = Object.entries(law.reportAt(theta)).map(([name, value]) => [
    name,
    value === null || typeof value === "number"
      ? known(name)
      : Object.fromEntries(
          Object.keys(value).map((domain) => [domain, known(labelOf(name, domain))]),
        ),
  ]);
  return Object.fromEntries(report) as Deviations["standardErrors"];
}

/**
 * Weights are 1/σ² over their mean, so that the residuals' standard deviation is this factor times
 * the σ of that mean.
 */
function overSigma(
  { sigmas, rowWeights: own, losses }: RunSet,
  target: number,
  residual: FitSettings["residual"],
  residualSd: number | null,
): number | undefined {
  if (sigmas === undefined || own !== undefined || residualSd === null) return undefined;
  const [y, sigma] = [losses[target], sigmas[target]];
  const precisions = [...y.keys()]
    .filter((row) => !Number.isNaN(y[row]))
    .map((row) => ((residual === "raw" ? 1 : y[row]) / sigma[row]) ** 2);
  return residualSd * Math.sqrt(precisions.reduce((a, b) => a + b, 0) / precisions.length);
}
