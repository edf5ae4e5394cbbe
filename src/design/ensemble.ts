/** The fits that a design is for, each with the replicates of its bootstrap. */
import { ownOf } from "../base/known.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { restore } from "../fit/predict.ts";
import { holdingFits } from "../fit/result/failed-fits.ts";
import type { Fit, FitFile } from "../fit/result/fit-file.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { inputsOf } from "../laws/inputs.ts";
import type { NextOptions } from "./next-options.ts";
import { withSupply } from "../mixture/request/with-supply.ts";
import { domainOfSupply, supplyInputs } from "../options/supply.ts";
import type { Scale } from "../mixture/goal/surface.ts";

/** A fit's replicates, as coordinates; undefined where it has none. */
export type ReplicatesOf = (fit: Fit, size: number) => readonly Float64Array[] | undefined;

/** A fit of the file that takes part, with its replicates. */
export interface Member {
  readonly fit: Fit;
  readonly law: BoundLaw;
  readonly theta: Float64Array;
  readonly replicates: readonly Float64Array[];
  readonly weight: number;
}

/**
 * The fits that the goal is made of, with weights that sum to 1. Throws InputError for a law or
 * target that the file does not have, for fits without a bootstrap, and where all have failed.
 */
export function membersOf(
  file: FitFile,
  { law: wanted, objective }: NextOptions,
  replicatesOf: ReplicatesOf,
): Member[] {
  const fits = fitsOf(holdingFits(file).file, wanted);
  const weights = weightsOf(fits, objective);
  return fits.map((fit, n) => {
    const { law, theta } = restore(file, fit);
    const replicates = replicatesOf(fit, law.size);
    if (replicates === undefined)
      throw new InputError(
        `the fit of ${fit.law} to ${fit.target} has no bootstrap, which says what is not known yet. Fit again with ${option("bootstrap", 1000)} (and ${option("group")} where rows hang together).`,
        { option: "bootstrap" },
      );
    return { fit, law, theta, replicates, weight: weights[n] };
  });
}

const lawsIn = (fits: readonly Fit[]): string[] => [...new Set(fits.map(({ law }) => law))];

/** The fits of the law that is wanted, else all. Throws InputError for one that there is not. */
export function fitsBy(file: FitFile, wanted: string | undefined): readonly Fit[] {
  const fits = file.fits.filter(({ law }) => wanted === undefined || law === wanted);
  if (fits.length > 0) return fits;
  const laws = lawsIn(file.fits).join(", ");
  throw new InputError(`${option("law")} is ${wanted}, but the fit file has only ${laws}.`, {
    option: "law",
  });
}

/** The fits of one law. */
function fitsOf(file: FitFile, wanted: string | undefined): readonly Fit[] {
  const fits = fitsBy(file, wanted);
  const laws = lawsIn(fits);
  if (laws.length === 1) return fits;
  throw new InputError(
    `the fit file has several laws (${laws.join(", ")}): say which with ${option("law")}.`,
    { option: "law" },
  );
}

/** Of each fit's target. */
function weightsOf(fits: readonly Fit[], objective: NextOptions["objective"]): number[] {
  const targets = fits.map(({ target }) => target);
  const unknown = Object.keys(objective ?? {}).find((target) => !targets.includes(target));
  if (unknown !== undefined)
    throw new InputError(
      `${option("objective")} names "${unknown}"; the targets are ${targets.join(", ")}.`,
      { option: "objective" },
    );
  const weights = targets.map((target) =>
    objective === undefined ? 1 : (ownOf(objective, target) ?? 0),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(sum > 0) || weights.some((weight) => weight < 0))
    throw new InputError(
      `${option("objective")} needs weights of at least 0, one of them positive, such as loss_code=2,loss_web=1.`,
      { option: "objective" },
    );
  return weights.map((weight) => weight / sum);
}

/**
 * N and D of the run that is planned, 1 where no law reads it and it is not given, and the supply
 * of each domain, the runs' own where none is given. Throws InputError for what is missing.
 */
export function scaleOf(file: FitFile, members: readonly Member[], options: NextOptions): Scale {
  const [{ fit }] = members;
  const { constraints = {} } = options;
  const inputs = supplyInputs(withSupply(file, { constraints }).constraints.available ?? {});
  for (const { name } of members.flatMap(({ law }) => inputsOf(law.law, law.domains, law.phases))) {
    if (Number.isFinite(inputs[name])) continue;
    const domain = domainOfSupply(name);
    throw domain === undefined
      ? new InputError(
          `the law ${fit.law} has the input ${name} besides N, D and the shares, where the goal is not defined: use ${option("goal", "points")}, or another ${option("law")}.`,
          { option: "law" },
        )
      : new InputError(
          `the law ${fit.law} needs the supply of the domain "${domain}", which differed between the runs: give the unique tokens there are with ${option("constraints.available")}.`,
          { option: "constraints.available" },
        );
  }
  const countOf = (name: "params" | "tokens"): number => {
    const value = options[name];
    if (value === undefined && members.some(({ law }) => law.law.uses[name]))
      throw new InputError(
        `the law ${fit.law} needs the ${name} of the run to plan: give ${option(name)}.`,
        { option: name },
      );
    return value ?? 1;
  };
  return { params: countOf("params"), tokens: countOf("tokens"), inputs };
}
