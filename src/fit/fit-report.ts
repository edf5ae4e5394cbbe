/** From the best point of a search to what the fit file says of it. */
import { backtestFindings } from "./backtest/backtest-findings.ts";
import { RESIDUAL_UNITS } from "./backtest/residual-units.ts";
import { covarianceInSteps, storeCovariance } from "./backtest/covariance.ts";
import { encode64 } from "../base/base64.ts";
import { itemAt } from "../base/known.ts";
import { given } from "../base/objects.ts";
import { type Finding, sentencesOf } from "../base/verdict.ts";
import { lossOf, type ScaledLoss } from "../expr/loss.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { rowWeights } from "../data/runs/row-weights.ts";
import type { Runs, RunSet } from "../data/runs/run-set.ts";
import { usedBlocks } from "../data/runs/shared-errors.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { isEmpty } from "../laws/parameters/frame.ts";
import type { ChosenStrength } from "./ridge/choose-strength.ts";
import { fittedForm, formOf } from "../laws/fitted-form.ts";
import type { LawForm } from "../laws/law.ts";
import type { LossScale } from "../laws/parameters/parameter-spec.ts";
import { flatten } from "../laws/parameters/parameters.ts";
import { summandsOf } from "../laws/summands.ts";
import { boundFindings } from "./bound-findings.ts";
import {
  constantFindings,
  designFindings,
  profileFindings,
  formFindings,
  searchFindings,
  slopeFindings,
} from "./fit-findings.ts";
import { againstConstant } from "./inference/against-constant.ts";
import type { Replicates } from "./inference/bootstrap.ts";
import { bootstrapFindings, bootstrapSection } from "./inference/bootstrap-report.ts";
import { certify, isExact, isStationary } from "./inference/certificate.ts";
import { jointCovariance } from "./inference/common/joint-errors.ts";
import type { Fitted, JointErrors } from "./inference/fitted.ts";
import { type Identified, identify } from "./inference/identify.ts";
import { residualReport } from "./inference/residual-report.ts";
import { slopesByMixture, type SlopeTest } from "./slopes-by-mixture.ts";
import type { Profiles } from "./profile/summary.ts";
import type { Backtests } from "./result/backtests.ts";
import type { Deviations } from "./result/deviations.ts";
import { coverageOf } from "./result/coverage.ts";
import { fitVerdict, isFailure } from "./result/fit-verdict.ts";
import { mirrorFindings, samePredictions } from "./mirrors.ts";
import { plateauFindings, plateauOf } from "./plateau.ts";
import type { Certificate, Fit, Plateau, Score, Search } from "./result/fit-file.ts";
import { predictionInSteps } from "./result/predictor.ts";
import { ridgeSection } from "./result/ridge-of-fit.ts";
import { scoring } from "./result/score.ts";
import type { Problem } from "./search/problem.ts";
import type { Best } from "./search/search.ts";

/** One target's fit. */
export interface FittedTarget {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly runs: Runs;
  readonly target: number;
  readonly scale: LossScale;
  readonly settings: FitSettings;
  readonly best: Best;
  /** Rows of the sample that was searched; undefined where all rows were. */
  readonly sampledRows: number | undefined;
  /** λ of the ridge, where it was found by cross-validation. */
  readonly chosen?: ChosenStrength | undefined;
  /** Errors by the one fit of targets that have parameters in common. */
  readonly joint?: JointErrors | undefined;
  /** Whether the search was stopped, or what follows it before it had seen all rows. */
  readonly interrupted: boolean;
}

/** What is made beside a fit. */
export interface TargetInference {
  /** Undefined where none were asked for, or made. */
  readonly profiles: Profiles | undefined;
  readonly backtests: Backtests | undefined;
  readonly replicates: Replicates | undefined;
  /** What went wrong on the GPU, and what was done about it. */
  readonly faults: readonly Finding[];
}

/** What is known of a fit from passes over all of its rows. */
export interface ExaminedFit {
  readonly fit: FittedTarget;
  readonly fitted: Fitted;
  readonly identified: Identified;
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
export function* examineFit(fit: FittedTarget): Generator<undefined, ExaminedFit> {
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
  const residuals = yield* residualReport(fitted, identified.information, settings.residual);
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
  const known = { fit, fitted, identified, mirrors, plateau, residuals };
  const stored = covariance && storeCovariance(covariance, law.size);
  return { ...known, isDone, certificate, constant, slopes, ...scores, covariance: stored };
}

/** The fit-file entry of one law and target. */
export function reportFit(examined: ExaminedFit, inference: TargetInference): Fit {
  const { fit, identified, plateau, certificate, constant, residuals } = examined;
  const { law, problem, runs, target, settings, best } = fit;
  const { profiles, backtests, replicates, faults } = inference;
  const { theta } = best;
  const common = commonOf(fit);
  const search = searchSection(fit, examined.isDone, plateau);
  const bootstrap = replicates && bootstrapSection(law, best, replicates, runs, settings);
  const verdict = fitVerdict([
    ...constant,
    ...searchFindings(search, certificate.gradientNorm ?? Infinity),
    ...formFindings(formAt(law, theta)),
    ...boundFindings(law, theta, certificate.atBound, settings, fit.scale),
    ...plateauFindings(plateau, best.objective, identified.notIdentified),
    ...examined.mirrors,
    // What could be done for its parameters is nothing to say of no fit.
    ...(constant.some(isFailure) ? [] : inferenceFindings(examined, inference, bootstrap)),
    ...faults,
  ]);
  return {
    law: law.law.name,
    target: itemAt(runs.targets, target),
    formula: law.law.equation,
    objective: best.objective,
    ...deltaOf(itemAt(problem.losses, target)),
    ...given({ ridge: ridgeSection(fit) }),
    ...(common.length === 0 ? {} : { common }),
    ...parametersAt(law, theta),
    train: examined.train,
    test: examined.test,
    ...residuals,
    search,
    certificate,
    ...(profiles === undefined ? {} : { profile: profiles.profiles }),
    bootstrap: bootstrap ?? null,
    ...given({ covariance: examined.covariance }),
    ...(backtests === undefined ? {} : { backtests }),
    verdict,
    warnings: sentencesOf(verdict),
  };
}

function inferenceFindings(
  { fit: { runs, settings }, fitted, identified, slopes }: ExaminedFit,
  { profiles, backtests }: TargetInference,
  bootstrap: Fit["bootstrap"] | undefined,
): Finding[] {
  return [
    ...slopeFindings(slopes),
    ...designFindings(fitted, identified),
    ...profileFindings(profiles),
    ...backtestFindings(backtests),
    ...(bootstrap === undefined ? [] : bootstrapFindings(bootstrap, runs, settings)),
  ];
}

/**
 * Whether residuals have slopes in ln N of their own by mixture; undefined without mixtures or N.
 */
function slopesIn(fit: FittedTarget, predicted: Float64Array): SlopeTest | undefined {
  const { law, target, settings, runs } = fit;
  const { train } = runs;
  if (!law.law.uses.weights || !law.law.uses.params) return undefined;
  const { error } = RESIDUAL_UNITS[settings.residual];
  const observed = itemAt(train.losses, target);
  const residuals = predicted.map((y, row) => error(y, itemAt(observed, row)));
  const isThere = observed.map((y) => (Number.isNaN(y) ? 0 : 1));
  return slopesByMixture(train, residuals, weightsIn(fit, train) ?? isThere);
}

function* fittedOf(fit: FittedTarget): Generator<undefined, Fitted> {
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
/** δ of a loss that has one. */
const deltaOf = ({ name, delta }: ScaledLoss): Pick<Fit, "delta"> =>
  lossOf(name).scale === undefined ? {} : { delta };

/** Labels of the parameters that were fitted together with other targets. */
const commonOf = ({ law, best: { common = [] } }: FittedTarget): string[] =>
  common.map((i) => itemAt(law.coordinates, i).label);

/** A standard deviation of the residuals in percent of the loss. */
const percentOf = (sigma: number, { settings, scale }: FittedTarget): number =>
  (100 * sigma) / (settings.residual === "raw" ? Math.abs(scale.mean) : 1);

function certificateOf(
  fit: FittedTarget,
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
  const gradientNorm = commonOf(fit).length === 0 ? checked.gradientNorm : best.norm;
  return {
    gradientNorm: isExactFit ? 0 : Number.isFinite(gradientNorm) ? gradientNorm : null,
    conditionNumber,
    spectrum,
    notIdentified: [...labels].filter((label) => lost.has(label)),
    directions,
    atBound,
  };
}

function searchSection(
  { best, sampledRows, interrupted, settings }: FittedTarget,
  isDone: boolean,
  plateau: Plateau | undefined,
): Search {
  const { starts, random, basins: found, ended, origin } = best;
  const { followed, hopped, basins, objectives, others, unseen } = found;
  return {
    starts,
    restarts: { asked: settings.adaptiveRestarts ? "auto" : settings.restarts, done: random },
    ...given({ sampledRows }),
    followed,
    reachedBest: basins[0]?.starts ?? 0,
    hops: { starts: hopped, reachedBest: basins[0]?.hops ?? 0 },
    basins,
    objectives: encode64(objectives),
    ...(others.basins === 0 ? {} : { otherBasins: others }),
    unseen,
    ...(plateau === undefined ? {} : { plateau }),
    status: interrupted ? "interrupted" : isDone ? "converged" : "not-converged",
    ended,
    origin,
  };
}

/** What N and D are divided by in the reported formula. */
const reportedUnits = ({ law, units }: BoundLaw): BoundLaw["units"] =>
  law.units === "fit" ? units : { params: 1, tokens: 1 };

const formAt = (law: BoundLaw, theta: Float64Array): LawForm =>
  formOf(law, law.reportAt(theta), reportedUnits(law));

function parametersAt(
  law: BoundLaw,
  theta: Float64Array,
): Pick<
  Fit,
  "parameters" | "fixed" | "tied" | "units" | "form" | "coordinates" | "center" | "frame"
> {
  return {
    parameters: law.reportAt(theta),
    fixed: law.fixed,
    tied: law.tied,
    units: reportedUnits(law),
    form: fittedForm(law, formAt(law, theta)),
    coordinates: Object.fromEntries(law.coordinates.map(({ name }, i) => [name, itemAt(theta, i)])),
    center: law.units,
    ...(isEmpty(law.frame) ? {} : { frame: law.frame }),
  };
}

/** What the rows of a set weigh in the target's objective; undefined where all count alike. */
const weightsIn = (
  { target, settings: { residual } }: FittedTarget,
  set: RunSet,
): Float64Array | undefined => rowWeights(set, residual)?.[target];

function* testScore(fit: FittedTarget): Generator<undefined, Score | null> {
  const { law, runs, target, best } = fit;
  const { test } = runs;
  if (test === undefined) return null;
  const predicted = yield* predictionInSteps(law, best.theta, test);
  return yield* scoring(predicted, itemAt(test.losses, target), weightsIn(fit, test));
}
