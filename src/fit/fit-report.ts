/** From the best point of a search to what the fit file says of it. */
import { option } from "../base/option-text.ts";
import { shorten } from "../base/wording.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { BoundLaw } from "../laws/bind.ts";
import type { LossScale } from "../laws/parameters/parameter-spec.ts";
import { partsOf } from "../laws/summands.ts";
import type { FitSettings } from "../base/fit-options.ts";
import { certify } from "./inference/certificate.ts";
import { cure } from "./inference/cure.ts";
import { collinear } from "./inference/reasons.ts";
import { coverageOf, isCollinear, span } from "./result/coverage.ts";
import { type Fitted, type Identified, identify } from "./inference/identify.ts";
import type { Profiles } from "./inference/profile-summary.ts";
import { measured } from "./inference/residual-report.ts";
import { predictRows } from "./result/predictor.ts";
import type { Problem } from "./search/problem.ts";
import type { Bootstrap, Fit, FitFile, Score } from "./result/fit-file.ts";
import { score } from "./result/score.ts";
import type { Best } from "./search/search.ts";
import { exponential } from "../base/format-number.ts";

/** A scaled gradient norm up to this certifies a stationary point. */
const STATIONARY = 1e-6;
/**
 * Predictions this near every observation, relative, are exact: rounding of a few dozen operations.
 * Their gradient is rounding too, and says nothing.
 */
const EXACT = 64 * Number.EPSILON;

/** The fit-file entry of one law and target. */
export function assemble(
  law: BoundLaw,
  problem: Problem,
  runs: Runs,
  target: number,
  best: Best,
  {
    scale,
    settings,
    interrupted,
    profile,
    bootstrap,
    said,
  }: {
    readonly scale: LossScale;
    readonly settings: FitSettings;
    readonly interrupted: boolean;
    readonly profile: Profiles | undefined;
    readonly bootstrap: Bootstrap | null;
    /** What is to be said of the bootstrap. */
    readonly said: readonly string[];
  },
): Fit {
  const names = law.coordinates.map(({ name }) => name);
  const { residual } = settings;
  const { theta } = best;
  const predicted = predictRows(law, theta, runs.train);
  const observed = runs.train.losses[target];
  const exact = observed.every(
    (y, row) => Number.isNaN(y) || Math.abs(predicted[row] - y) <= EXACT * Math.abs(y),
  );
  const fitted: Fitted = {
    law,
    problem,
    target,
    theta,
    scale,
    runs: runs.train,
    coverage: coverageOf(runs.train),
    parts: partsOf(law),
  };
  const identified = identify(
    fitted,
    (sigma) => (100 * sigma) / (residual === "raw" ? Math.abs(scale.mean) : 1),
  );
  const { notIdentified, directions } = identified;
  const { gradientNorm, conditionNumber, spectrum, atBound } = certify(
    problem,
    target,
    theta,
    names,
    identified.information,
  );
  const certificate = {
    gradientNorm: exact ? 0 : gradientNorm,
    conditionNumber,
    spectrum,
    notIdentified,
    directions,
    atBound,
  };
  const train = score(predicted, observed) as Score; // a target without training rows is not fitted
  const test =
    runs.test === undefined
      ? null
      : score(predictRows(law, best.theta, runs.test), runs.test.losses[target]);
  const residuals = measured(law, problem, runs, target, theta, settings);
  const converged = isStationary(
    certificate.gradientNorm,
    observed,
    residual,
    residuals.residualSd,
  );
  const units = law.law.units === "fit" ? law.units : { params: 1, tokens: 1 };
  return {
    law: law.law.name,
    target: runs.targets[target],
    formula: law.law.equation,
    objective: best.objective,
    parameters: law.reportAt(best.theta),
    fixed: law.fixed,
    tied: law.tied,
    units,
    coordinates: Object.fromEntries(names.map((name, i) => [name, best.theta[i]])),
    center: law.units,
    train,
    test,
    ...residuals,
    search: {
      starts: best.starts,
      reachedBest: best.reachedBest,
      hops: best.hops,
      status: interrupted ? "interrupted" : converged ? "converged" : "not-converged",
      ended: best.ended,
      origin: best.origin,
    },
    certificate,
    ...(profile === undefined ? {} : { profile: profile.profiles }),
    bootstrap,
    warnings: [
      ...warnings(certificate, best, interrupted, converged),
      ...designed(fitted, identified),
      ...profileWarnings(profile),
      ...said,
    ],
  };
}

/** Whether a scaled gradient is as small as it can get. */
export const isStationary = (
  norm: number,
  observed: Float64Array,
  residual: FitSettings["residual"],
  residualSd: number | null,
): boolean => norm <= Math.max(STATIONARY, rounding(observed, residual, residualSd));

/**
 * What rounding of the predictions leaves of a scaled gradient: as much as it makes of the
 * residuals. Those of NIST's Lanczos1 are 1e-13 of the response.
 */
function rounding(
  observed: Float64Array,
  residual: FitSettings["residual"],
  residualSd: number | null,
): number {
  if (residualSd === null || residualSd === 0) return 0;
  const size =
    residual === "raw"
      ? observed.reduce((most, y) => (Number.isNaN(y) ? most : Math.max(most, Math.abs(y))), 0)
      : 1;
  return (EXACT * size) / residualSd;
}

/**
 * |ρ| from which a collinear design is told even when the fit seems to determine its parameters: 1/(1 − ρ²) of 100.
 */
const NEARLY_ONE = 0.995;
function warnings(
  certificate: Fit["certificate"],
  best: Best,
  interrupted: boolean,
  converged: boolean,
): string[] {
  const said: string[] = [];
  if (interrupted) said.push("interrupted: this is the best found so far, not a finished fit");
  else if (!converged)
    said.push(
      `the polish did not converge (scaled gradient norm ${exponential(certificate.gradientNorm, 1)}): more ${option("restarts")} or a smaller law may help`,
    );
  const reached = best.reachedBest + best.hops.reachedBest;
  if (reached <= 1 && best.starts > 1) {
    said.push(
      `${reached === 0 ? "none" : "only one"} of ${best.starts} starts and ${best.hops.starts} hops came within 0.1 % of the best fit: a better one may exist; try more ${option("restarts")}`,
    );
  }
  return said;
}

/** Profiles that go through a fit better than the best, and those of which an end is not known. */
function profileWarnings(found: Profiles | undefined): string[] {
  if (found === undefined) return [];
  const better = Object.entries(found.profiles).flatMap(([name, { better: objective }]) =>
    objective === null ? [] : [{ name, objective }],
  );
  return [
    ...(better.length === 0
      ? []
      : [
          `the profile of ${shorten(better.map(({ name }) => name))} goes through a better fit (objective ${exponential(better[0].objective, 3)}): try more ${option("restarts")}`,
        ]),
    ...(found.unreached.length === 0
      ? []
      : [
          `the profile of ${shorten(found.unreached)} was not walked to its end: an end that is missing there may not be open`,
        ]),
  ];
}

/**
 * A design that cannot tell N and D apart, and runs that would cure what it leaves open. What is
 * not determined, and why, is in the certificate.
 */
function designed(fitted: Fitted, identified: Identified): string[] {
  const { law, coverage } = fitted;
  const { notIdentified } = identified;
  const both = law.law.uses.params && law.law.uses.tokens && isCollinear(coverage);
  if (notIdentified.length === 0 && !(both && Math.abs(coverage.correlation ?? 0) >= NEARLY_ONE))
    return [];
  const remedy = cure(fitted, identified);
  return [
    ...(both
      ? [
          `α and β ${notIdentified.length > 0 ? "cannot" : "can hardly"} be told apart: ${collinear(coverage)}`,
        ]
      : []),
    ...(remedy === undefined
      ? []
      : [`to ${both ? "cure that" : `determine ${shorten(remedy.lost, 4)}`}, ${remedy.sentence}`]),
  ];
}

/** The file's `data` section. */
export function dataSection(runs: Runs): FitFile["data"] {
  const k = runs.domains.length;
  const { train } = runs;
  const others = Object.keys(train.inputs).flatMap((name) => {
    const range = name === "params" || name === "tokens" ? null : span(train.inputs[name]);
    return range === null ? [] : [[name, range] as const];
  });
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
    coverage: coverageOf(train),
    range: {
      params: span(train.inputs["params"]),
      tokens: span(train.inputs["tokens"]),
      ...(others.length === 0 ? {} : { inputs: Object.fromEntries(others) }),
    },
    mixtures: [...mixtures.values()],
  };
}
