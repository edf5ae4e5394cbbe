/** From the best point of a search to what the fit file says of it. */
import type { Runs } from "../data/runset.ts";
import type { BoundLaw } from "../laws/define.ts";
import { certify } from "./certificate.ts";
import { predictRows } from "./predict.ts";
import type { Problem } from "./problem.ts";
import type { Fit, FitFile, Score, Span } from "./result.ts";
import { score } from "./score.ts";
import type { Best } from "./search.ts";

/** A scaled gradient norm up to this certifies a stationary point. */
const STATIONARY = 1e-6;
/** Predictions this near every observation, relative, are exact: rounding of a few dozen operations. Their gradient is rounding too, and says nothing. */
const EXACT = 64 * Number.EPSILON;

/** The fit-file entry of one law and target. */
export function assemble(law: BoundLaw, problem: Problem, runs: Runs, target: number, best: Best, interrupted: boolean): Fit {
  const { names } = law;
  const predicted = predictRows(law, best.theta, runs.train);
  const observed = runs.train.losses[target];
  const exact = observed.every((y, row) => Number.isNaN(y) || Math.abs(predicted[row] - y) <= EXACT * Math.abs(y));
  const found = certify(problem, target, best.theta, names);
  const certificate = exact ? { ...found, gradientNorm: 0 } : found;
  const train = score(predicted, observed) as Score; // a target without training rows is not fitted
  const test = runs.test === undefined ? null : score(predictRows(law, best.theta, runs.test), runs.test.losses[target]);
  const converged = certificate.gradientNorm <= STATIONARY;
  const units = law.law.units === "fit" ? law.units : { params: 1, tokens: 1 };
  return {
    law: law.law.name,
    target: runs.targets[target],
    formula: law.law.equation,
    objective: best.objective,
    parameters: law.law.report(law.coordinates(best.theta)),
    fixed: law.fixed,
    tied: law.tied,
    units,
    coordinates: Object.fromEntries(names.map((name, i) => [name, best.theta[i]])),
    center: law.units,
    train,
    test,
    search: {
      starts: best.starts,
      reachedBest: best.reachedBest,
      hops: best.hops,
      status: interrupted ? "interrupted" : converged ? "converged" : "not-converged",
      ended: best.ended,
      origin: best.origin,
    },
    certificate,
    warnings: warnings(certificate, best, interrupted, converged),
  };
}

function warnings(certificate: Fit["certificate"], best: Best, interrupted: boolean, converged: boolean): string[] {
  const said: string[] = [];
  if (interrupted) said.push("interrupted: this is the best found so far, not a finished fit");
  else if (!converged)
    said.push(
      `the polish did not converge (scaled gradient norm ${certificate.gradientNorm.toExponential(1)}): more --restarts or a smaller law may help`,
    );
  if (certificate.notIdentified.length > 0)
    said.push(
      `the data do not determine ${certificate.notIdentified.join(", ")}: their values mean nothing one by one; predictions inside the data's range are not affected`,
    );
  const reached = best.reachedBest + best.hops.reachedBest;
  if (reached <= 1 && best.starts > 1) {
    said.push(
      `${reached === 0 ? "none" : "only one"} of ${best.starts} starts and ${best.hops.starts} hops came within 0.1 % of the best fit: a better one may exist; try more --restarts`,
    );
  }
  return said;
}

const span = (values: Float64Array | undefined): Span | null =>
  values === undefined || values.length === 0
    ? null
    : { min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b)) };

/** The file's `data` section. */
export function dataSection(runs: Runs): FitFile["data"] {
  const k = runs.domains.length;
  const { train } = runs;
  const mixtures = new Map<string, { weights: number[]; runs: number }>();
  if (k > 0) {
    for (let row = 0; row < train.rows; row++) {
      const weights = [...train.weights.subarray(row * k, (row + 1) * k)];
      const known = mixtures.get(weights.join());
      if (known === undefined) mixtures.set(weights.join(), { weights, runs: 1 });
      else known.runs++;
    }
  }
  return {
    source: runs.source,
    sha256: runs.sha256,
    rows: train.rows,
    testRows: runs.test?.rows ?? 0,
    domains: runs.domains,
    dropped: runs.dropped,
    notes: runs.notes,
    range: { params: span(train.inputs["params"]), tokens: span(train.inputs["tokens"]) },
    mixtures: [...mixtures.values()],
  };
}
