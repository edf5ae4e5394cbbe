/** From what is known of a fit to what the fit file says of it. */
import { backtestFindings } from "./backtest/backtest-findings.ts";
import { encode64 } from "../base/base64.ts";
import { itemAt } from "../base/known.ts";
import { given } from "../base/objects.ts";
import { type Finding, sentencesOf } from "../base/verdict.ts";
import { lossOf, type ScaledLoss } from "../expr/loss.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { isEmpty } from "../laws/parameters/frame.ts";
import { finiteReport } from "../laws/parameters/parameters.ts";
import { fittedForm, formOf } from "../laws/fitted-form.ts";
import type { LawForm } from "../laws/law.ts";
import { boundFindings } from "./bound-findings.ts";
import {
  profileFindings,
  formFindings,
  searchFindings,
  slopeFindings,
} from "./examine/fit-findings.ts";
import type { Replicates } from "./inference/bootstrap.ts";
import { bootstrapFindings, bootstrapSection } from "./inference/bootstrap-report.ts";
import type { Profiles } from "./profile/summary.ts";
import type { Backtests } from "./result/backtests.ts";
import { fitVerdict, isFailure } from "./result/fit-verdict.ts";
import { plateauFindings } from "./examine/plateau.ts";
import type { Fit, Plateau, Search } from "./result/fit-file.ts";
import { ridgeSection } from "./result/ridge-of-fit.ts";
import type { ExaminedFit, FittedTarget } from "./examine-fits.ts";

/** What is made beside a fit. */
export interface TargetInference {
  /** Undefined where none were asked for, or made. */
  readonly profiles: Profiles | undefined;
  readonly backtests: Backtests | undefined;
  readonly replicates: Replicates | undefined;
  /** What went wrong on the GPU, and what was done about it. */
  readonly faults: readonly Finding[];
}

/** The fit-file entry of one law and target. */
export function reportFit(examined: ExaminedFit, inference: TargetInference): Fit {
  const { fit, plateau, certificate, constant, residuals } = examined;
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
    ...plateauFindings(plateau, best.objective, examined.notIdentified),
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
  { fit: { runs, settings }, design, slopes }: ExaminedFit,
  { profiles, backtests }: TargetInference,
  bootstrap: Fit["bootstrap"] | undefined,
): Finding[] {
  return [
    ...slopeFindings(slopes),
    ...design,
    ...profileFindings(profiles),
    ...backtestFindings(backtests),
    ...(bootstrap === undefined ? [] : bootstrapFindings(bootstrap, runs, settings)),
  ];
}

/** δ of a loss that has one. */
const deltaOf = ({ name, delta }: ScaledLoss): Pick<Fit, "delta"> =>
  lossOf(name).scale === undefined ? {} : { delta };

/** Labels of the parameters that were fitted together with other targets. */
const commonOf = ({ law, best: { common = [] } }: FittedTarget): string[] =>
  common.map((i) => itemAt(law.coordinates, i).label);

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
    parameters: finiteReport(law.reportAt(theta)),
    fixed: law.fixed,
    tied: law.tied,
    units: reportedUnits(law),
    form: fittedForm(law, formAt(law, theta)),
    coordinates: Object.fromEntries(law.coordinates.map(({ name }, i) => [name, itemAt(theta, i)])),
    center: law.units,
    ...(isEmpty(law.frame) ? {} : { frame: law.frame }),
  };
}
