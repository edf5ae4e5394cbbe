/** What is known of a fit from passes over all of its rows. */
import { RESIDUAL_UNITS } from "../backtest/residual-units.ts";
import { covarianceInSteps, storeCovariance } from "../backtest/covariance.ts";
import { itemAt } from "../../base/known.ts";
import { given } from "../../base/objects.ts";
import type { Finding } from "../../base/verdict.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { rowWeights } from "../../data/runs/row-weights.ts";
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import { usedBlocks } from "../../data/runs/shared-errors.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import { summandsOf } from "../../laws/summands.ts";
import { constantFindings, designFindings } from "./fit-findings.ts";
import { againstConstant } from "../inference/against-constant.ts";
import { certify, isExact, isStationary } from "../inference/certificate.ts";
import { jointCovariance } from "../inference/common/joint-errors.ts";
import type { Fitted, JointErrors } from "../inference/fitted.ts";
import { type Identified, identify } from "../inference/identify.ts";
import { residualReport } from "../inference/residual-report.ts";
import { slopesByMixture, type SlopeTest } from "./slopes-by-mixture.ts";
import type { Deviations } from "../result/deviations.ts";
import { coverageOf } from "../result/coverage.ts";
import { mirrorFindings, samePredictions } from "./mirrors.ts";
import { plateauOf } from "./plateau.ts";
import type { Certificate, Plateau, Score } from "../result/fit-file.ts";
import { isFailure } from "../result/fit-verdict.ts";
import { predictionInSteps } from "../result/predictor.ts";
import { scoring } from "../result/score.ts";
import type { Problem } from "../search/problem.ts";
import type { Best } from "../search/search.ts";

/** A fit to one target, and what it is a fit of. */
export interface FoundFit {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly runs: Runs;
  readonly settings: FitSettings;
  readonly target: number;
  readonly scale: LossScale;
  readonly best: Best;
  /** Errors by the one fit of targets that have parameters in common. */
  readonly joint?: JointErrors | undefined;
}

/** What is known of a fit from passes over all of its rows: plain data, which threads can send. */
export interface FitFacts {
  /** Reported parameters that the runs do not determine. */
  readonly notIdentified: readonly string[];
  /** What the runs lack, and runs to add; of what is no fit, nothing. */
  readonly design: readonly Finding[];
  readonly mirrors: readonly Finding[];
  readonly plateau: Plateau | undefined;
  readonly residuals: Deviations;
  readonly isDone: boolean;
  readonly certificate: Certificate;
  readonly constant: readonly Finding[];
  readonly slopes: SlopeTest | undefined;
  readonly train: Score;
  readonly test: Score | null;
  /** Undefined where it is not known. */
  readonly covariance: string | undefined;
}

/** The items that are so, and the others. */
function partition<T>(items: readonly T[], isSo: (item: T) => boolean): [T[], T[]] {
  const so = items.filter(isSo);
  return [so, items.filter((item) => !so.includes(item))];
}

/**
 * Examines a fit. Passes over a million rows take seconds: it yields between them, so that a signal
 * is heard.
 */
export function* examineFit(fit: FoundFit): Generator<undefined, FitFacts> {
  const { law, problem, runs, target, settings, best, scale } = fit;
  const { theta } = best;
  const { train } = runs;
  const predicted = yield* predictionInSteps(law, theta, train);
  yield;
  const observed = itemAt(train.losses, target);
  const fitted = yield* fittedOf(fit);
  yield;
  const identified = yield* identify(fitted, (sigma) => percentOf(sigma, fit));
  yield;
  const same = samePredictions(law, train);
  const [mirrored, tied] = partition(
    best.tied,
    (point) => law.law.definition !== undefined && same(theta, point),
  );
  const plateau = plateauOf(law, { theta, tied }, scale);
  const isExactFit = isExact(predicted, observed);
  const certificate = certificateOf(fit, identified, isExactFit, plateau);
  const mirrors = mirrorFindings(law, theta, mirrored, same, identified.notIdentified);
  yield;
  const residuals = yield* residualReport(fitted, identified, settings.residual);
  yield;
  const fittedRuns = { law, theta, runs: train, observed, residual: settings.residual };
  const gradientNorm = certificate.gradientNorm ?? Infinity;
  const isDone = isStationary(gradientNorm, fittedRuns, residuals.residualSd);
  yield;
  const constant = constantFindings(
    yield* againstConstant(problem, target, theta, observed, settings.residual),
  );
  yield;
  const slopes = slopesIn(fit, predicted);
  yield;
  const covariance =
    jointCovariance(problem, fit.joint) ?? (yield* covarianceInSteps({ ...fit, theta }));
  yield;
  // a target without training rows is not fitted
  const trained = (yield* scoring(predicted, observed, weightsIn(fit, train))) as Score;
  const scores = { train: trained, test: yield* testScore(fit) };
  yield;
  const { notIdentified } = identified;
  // What could be done for its parameters is nothing to say of no fit.
  const design = constant.some(isFailure) ? [] : designFindings(fitted, identified);
  const known = { notIdentified, design, mirrors, plateau, residuals };
  const stored = covariance && storeCovariance(covariance, law.size);
  return { ...known, isDone, certificate, constant, slopes, ...scores, covariance: stored };
}

/**
 * Whether residuals have slopes in ln N of their own by mixture; undefined without mixtures or N.
 */
function slopesIn(fit: FoundFit, predicted: Float64Array): SlopeTest | undefined {
  const { law, target, settings, runs } = fit;
  const { train } = runs;
  if (!law.law.uses.weights || !law.law.uses.params) return undefined;
  const { error } = RESIDUAL_UNITS[settings.residual];
  const observed = itemAt(train.losses, target);
  const residuals = predicted.map((y, row) => error(y, itemAt(observed, row)));
  const isThere = observed.map((y) => (Number.isNaN(y) ? 0 : 1));
  return slopesByMixture(train, residuals, weightsIn(fit, train) ?? isThere);
}

function* fittedOf(fit: FoundFit): Generator<undefined, Fitted> {
  const { law, problem, target, best, scale, runs, settings } = fit;
  const { train } = runs;
  const shared = usedBlocks(runs, law.size);
  yield;
  const withLoss = rowsWithLoss(train, target);
  yield;
  return {
    law,
    problem,
    target,
    theta: best.theta,
    scale,
    runs: train,
    coverage: coverageOf(withLoss),
    parts: summandsOf(law),
    span: spanOf(scale, settings.residual),
    ...given({ shared, joint: fit.joint }),
  };
}

/** The largest loss less the smallest, in units of the residual. */
const spanOf = ({ min, mean, max }: LossScale, residual: FitSettings["residual"]): number => {
  if (residual === "log") return Math.log(max / min);
  return residual === "raw" ? max - min : (max - min) / Math.abs(mean);
};

/** The inputs of the rows that have a loss of the target: the others do not say anything of it. */
function rowsWithLoss({ inputs, losses }: RunSet, target: number): Pick<RunSet, "inputs" | "rows"> {
  const isThere = itemAt(losses, target).map((y) => (Number.isNaN(y) ? 0 : 1));
  const kept = Object.entries(inputs).map(
    ([name, values]) => [name, values.filter((_, row) => isThere[row] === 1)] as const,
  );
  return { inputs: Object.fromEntries(kept), rows: isThere.reduce((a, b) => a + b, 0) };
}

/** A standard deviation of the residuals in percent of the loss. */
const percentOf = (sigma: number, { settings, scale }: FoundFit): number =>
  (100 * sigma) / (settings.residual === "raw" ? Math.abs(scale.mean) : 1);

function certificateOf(
  fit: FoundFit,
  { information, notIdentified, directions }: Identified,
  isExactFit: boolean,
  plateau: Plateau | undefined,
): Certificate {
  const { law, problem, target, best } = fit;
  const lost = new Set([...notIdentified, ...Object.keys(plateau?.parameters ?? {})]);
  const labels = flatten(law.reportAt(best.theta)).keys();
  const names = law.coordinates.map(({ name }) => name);
  const checked = certify(problem, target, best.theta, names, information);
  const { conditionNumber, spectrum, atBound } = checked;
  // What is common is stationary for all targets together.
  const gradientNorm = best.common === undefined ? checked.gradientNorm : best.norm;
  return {
    gradientNorm: isExactFit ? 0 : Number.isFinite(gradientNorm) ? gradientNorm : null,
    conditionNumber,
    spectrum,
    notIdentified: [...labels].filter((label) => lost.has(label)),
    directions,
    atBound,
  };
}

/** What the rows of a set weigh in the target's objective; undefined where all count alike. */
const weightsIn = (
  { target, settings: { residual } }: FoundFit,
  set: RunSet,
): Float64Array | undefined => rowWeights(set, residual)?.[target];

function* testScore(fit: FoundFit): Generator<undefined, Score | null> {
  const { law, runs, target, best } = fit;
  const { test } = runs;
  if (test === undefined) return null;
  const predicted = yield* predictionInSteps(law, best.theta, test);
  return yield* scoring(predicted, itemAt(test.losses, target), weightsIn(fit, test));
}
