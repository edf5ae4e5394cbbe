/** The fits of a file that a request means: one a target, and where along the scale it is meant. */
import { firstOf, ownOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { suggest } from "../../base/wording.ts";
import { fractionsIn, spaceOf } from "./space-of.ts";
import { inputsOf } from "../../laws/inputs.ts";
import type { Law } from "../../laws/law.ts";
import { givenBy } from "../request/named-inputs.ts";
import { domainOfSupply, supplyInputs } from "../../options/supply.ts";
import { lawIn } from "../../fit/file/law-of-fit.ts";
import { isAverage, neededWeights } from "../../fit/backtest/average-laws.ts";
import { restore } from "../../fit/predict.ts";
import { failureOf, hasFailed } from "../../fit/result/failed-fits.ts";
import type { Fit, FitFile } from "../../fit/result/fit-file.ts";
import type { TargetLoss } from "../goal/goal.ts";
import type { Scale } from "../goal/surface.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";

/** The targets of a file, each once; those that no law could be fitted to as well. */
export const targetsIn = ({ fits, failed = [] }: FitFile): string[] => [
  ...new Set([...fits, ...failed].map(({ target }) => target)),
];

/** The law that a request names for a target; undefined where it leaves that open. */
const lawFor = (law: OptimizeOptions["law"], target: string): string | undefined =>
  typeof law === "string" ? law : ownOf(law, target);

/**
 * The one fit of a target that a request means; `path` is the option that names it. Throws
 * InputError where there is none that holds, and where there are several and neither `law` nor the
 * file says which.
 */
export function fitOf(
  file: FitFile,
  target: string,
  law: OptimizeOptions["law"],
  path: string,
): Fit {
  const wanted = lawFor(law, target);
  const isMeant = (fit: Pick<Fit, "law" | "target">): boolean =>
    fit.target === target && (wanted === undefined || fit.law === wanted);
  const all = file.fits.filter((fit) => fit.target === target && !hasFailed(fit));
  const failed = [...file.fits.filter(hasFailed), ...(file.failed ?? [])].filter(isMeant);
  if (!all.some(isMeant) && failed.length > 0)
    throw new InputError(
      `${failed.map(failureOf).join(". ")}. Choose another law with ${option("law")}, leave ${target} out of ${option(path)}, or fit again.`,
      { option: path },
    );
  if (all.length === 0)
    throw new InputError(
      `${option(path)} names "${target}", which the fit file has no fit of; ${suggest(target, targetsIn(file), "targets")}`,
      { option: path },
    );
  const fits = chosenAmong(file, all.filter(isMeant));
  const names = all.map((fit) => fit.law).join(", ");
  if (fits.length === 0)
    throw new InputError(
      `${option("law")} is ${wanted}, but the fit file has only ${names} for ${target}.`,
      { option: "law" },
    );
  if (fits.length > 1)
    throw new InputError(
      `the fit file has several laws for ${target} (${names}), and no back-tests have chosen one: say which with ${option("law")}.`,
      { option: "law" },
    );
  return firstOf(fits);
}

/** Of several laws the chosen one, where it has what is asked for: a mixture if any of them has. */
function chosenAmong(file: FitFile, fits: readonly Fit[]): readonly Fit[] {
  const chosen = fits.filter(({ law }) => law === file.chosen?.law);
  const usesShares = ({ law }: Fit): boolean => lawIn(file, law).uses.weights;
  const isAble = chosen.some(usesShares) || !fits.some(usesShares);
  return chosen.length > 0 && isAble ? chosen : fits;
}

/** The losses of a target by what is asked for. Throws InputError for a law without a mixture. */
export function lossesOf(
  file: FitFile,
  target: string,
  { law }: OptimizeOptions,
  path: string,
  weight: number,
): TargetLoss[] {
  const losses = lossesBy(file, target, law, path, weight, hasMixture);
  const fixed = losses.find(({ fitted }) => !hasMixture(fitted.law.law.uses));
  if (fixed !== undefined)
    throw new InputError(
      `the law ${fixed.law} of ${target} does not depend on the mixture: choose another with ${option("law")}, or leave the target out of ${option("objective")}.`,
      { option: "law" },
    );
  return losses;
}

const hasMixture = ({ weights }: Law["uses"]): boolean => weights;

/** The file with the fits of able laws: by default those that depend on the mixture. */
export const ableFits = (
  file: FitFile,
  isAble: (uses: Law["uses"]) => boolean = hasMixture,
): FitFile => ({ ...file, fits: file.fits.filter(({ law }) => isAble(lawIn(file, law).uses)) });

/**
 * The losses of a target by the fit that `law` means, or by those of the laws that their average is
 * of, each in its part; laws without a weight are left out. Throws InputError where `fitOf` does,
 * and where no back-tests weigh laws for an average.
 *
 * @param isAble which laws an average is of, by what they read
 */
export function lossesBy(
  file: FitFile,
  target: string,
  law: OptimizeOptions["law"],
  path: string,
  weight: number,
  isAble: (uses: Law["uses"]) => boolean,
): TargetLoss[] {
  const lossBy = (name: OptimizeOptions["law"], part?: number): TargetLoss => {
    const fit = fitOf(file, target, name, path);
    return { target, law: fit.law, weight: weight * (part ?? 1), part, fitted: restore(file, fit) };
  };
  if (!isAverage(file, lawFor(law, target))) return [lossBy(law)];
  const weights = neededWeights(ableFits(file, isAble), "the fit file", { option: "law" });
  return [...weights].flatMap(([name, part]) => (part > 0 ? [lossBy(name, part)] : []));
}

/** The losses of the objective; their weights sum to 1. */
export function objectiveLosses(file: FitFile, options: OptimizeOptions): TargetLoss[] {
  const { objective } = options;
  const weights =
    objective === undefined || objective === "worst"
      ? Object.fromEntries(targetsIn(file).map((target) => [target, 1]))
      : objective;
  for (const [target, weight] of Object.entries(weights)) {
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new InputError(
        `${option(`objective.${target}`, weight)}: a weight must be a number of at least 0.`,
        { option: `objective.${target}` },
      );
  }
  const chosen = Object.entries(weights).filter(([, weight]) => weight > 0);
  if (chosen.length === 0)
    throw new InputError(
      `${option("objective")} has no target with a positive weight; give one, such as loss_code=2,loss_web=1.`,
      { option: "objective" },
    );
  const sum = chosen.reduce((total, [, weight]) => total + weight, 0);
  return chosen.flatMap(([target, weight]) =>
    lossesOf(file, target, options, "objective", weight / sum),
  );
}

/** Whether a law reads the supply, and so knows what it costs to repeat tokens. */
export const isRepetitionKnown = (fits: readonly TargetLoss[]): boolean =>
  fits.some(({ fitted }) => fitted.law.law.uses.supply === true);

/**
 * Where the optimum is wanted: N, D and other inputs. Those that no law reads count as 1. Throws
 * InputError for one that a law reads and the request does not give.
 */
export function scaleOf(
  file: FitFile,
  losses: readonly TargetLoss[],
  options: OptimizeOptions,
): Scale {
  const given = (name: "params" | "tokens", example: string): number => {
    const value = options[name];
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new InputError(`${option(name)} is ${value}; it must be a positive number.`, {
        option: name,
      });
    const user = losses.find(({ fitted }) => fitted.law.law.uses[name]);
    if (user !== undefined && value === undefined)
      throw new InputError(
        `the law ${user.fitted.law.law.name} of ${user.target} needs the ${name} of the run to plan. Give them with ${option(name)}, such as ${option(name, example)}.`,
        { option: name },
      );
    return value ?? 1;
  };
  const inputs = {
    ...options.inputs,
    ...supplyInputs(options.constraints?.available ?? {}),
    ...fractionsIn(spaceOf(file, options)),
  };
  for (const { fitted, target } of losses) {
    for (const { name, meaning } of inputsOf(
      fitted.law.law,
      fitted.law.domains,
      fitted.law.phases,
    )) {
      if (Number.isFinite(ownOf(inputs, name))) continue;
      const domain = domainOfSupply(name);
      if (domain !== undefined)
        throw new InputError(
          `the law of ${target} needs the supply of the domain "${domain}", which differed between the runs: give the unique tokens there are with ${option("constraints.available")}.`,
          { option: "constraints.available" },
        );
      throw new InputError(
        `the law of ${target} needs ${name} (${meaning}) of the run to plan. Give it with ${givenBy(file, name)}.`,
        { option: `inputs.${name}` },
      );
    }
  }
  return {
    params: given("params", "7e9"),
    tokens: given("tokens", "150e9"),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
  };
}
