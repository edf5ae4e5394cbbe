/**
 * From a fit file and a request to what the solvers work on; everything that can be wrong with the
 * request is found here.
 */
import { suggest } from "../../base/wording.ts";
import { InputError } from "../../base/errors.ts";
import { restore } from "../../fit/predict.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { Curved } from "../../convex/smooth.ts";
import { type Goal, klBall, meanGoal, noWorse, type TargetLoss, worstGoal } from "./goal.ts";
import { checkOptions } from "../request/check-options.ts";
import type { OptimizeOptions } from "../request/optimum.ts";
import type { Scale } from "./surface.ts";

export interface Plan {
  readonly domains: readonly string[];
  readonly at: Scale;
  /** The targets of the objective. */
  readonly losses: readonly TargetLoss[];
  readonly goal: Goal;
  readonly reference: Float64Array;
  /** Conditions that are not linear. */
  readonly curved: readonly Curved[];
  /**
   * The fits that goal and conditions are made of: those of `losses`, then those that --no-worse
   * adds.
   */
  readonly fits: readonly TargetLoss[];
  /**
   * The same request at another scale, or with other coordinates of `fits`: what is compiled stays.
   */
  with(change: { readonly at?: Scale; readonly theta?: readonly ArrayLike<number>[] }): Plan;
}

/** Throws InputError, naming the flag, for what the file cannot answer. */
export function plan(file: FitFile, options: OptimizeOptions): Plan {
  checkOptions(options);
  const { domains } = file.data;
  if (domains.length === 0) {
    throw new InputError(
      `the fits of ${file.data.source} have no mixture weights: there is no mixture to choose. Fit a law that uses them ("mixlaw laws"), or give --flops alone to choose N and D.`,
    );
  }
  const losses = chooseLosses(file, options);
  const limited = Object.entries(options.noWorse ?? {}).map(([target, factor]) => {
    if (!(factor > 0 && Number.isFinite(factor)))
      throw new InputError(
        `--no-worse ${target}=${factor}: the factor must be a positive number, such as 1.02 for "at most 2 % more".`,
        {
          flag: "--no-worse",
        },
      );
    const { name, ...fitted } = fitOf(file, target, options, "--no-worse");
    return { loss: { target, law: name, weight: 0, fitted }, factor };
  });
  const fits = [...losses, ...limited.map(({ loss }) => loss)];
  const at = scaleOf(fits, options);
  const reference = referenceOf(domains, options.reference);
  return assemble(domains, at, losses.length, fits, reference, limited.map(({ factor }) => factor), options); // prettier-ignore
}

/** The first `count` fits are the objective's; each of the others has its factor. */
function assemble(
  domains: readonly string[],
  at: Scale,
  count: number,
  fits: readonly TargetLoss[],
  reference: Float64Array,
  factors: readonly number[],
  options: OptimizeOptions,
): Plan {
  const k = domains.length;
  const losses = fits.slice(0, count);
  const curved = factors.map((factor, j) => {
    const { target, fitted } = fits[count + j];
    return noWorse(`no-worse ${target} ≤ ${factor}`, fitted, factor, at, k, reference);
  });
  const trust = options.constraints?.trust;
  if (trust?.measure === "kl")
    curved.push(klBall(`trust kl ≤ ${trust.radius}`, reference, trust.radius));
  return {
    domains,
    at,
    losses,
    fits,
    reference,
    curved,
    goal:
      options.objective === "worst" ? worstGoal(losses, at, k, reference) : meanGoal(losses, at, k),
    with({ at: there = at, theta }) {
      const moved =
        theta === undefined
          ? fits
          : fits.map((fit, t) => ({ ...fit, fitted: { ...fit.fitted, theta: theta[t] } }));
      return assemble(domains, there, count, moved, reference, factors, options);
    },
  };
}

const targetsOf = (file: FitFile): string[] => [...new Set(file.fits.map((fit) => fit.target))];

/** The one fit of a target that the request means. */
function fitOf(
  file: FitFile,
  target: string,
  options: OptimizeOptions,
  flag: string,
): TargetLoss["fitted"] & { name: string } {
  const all = file.fits.filter((fit) => fit.target === target);
  if (all.length === 0)
    throw new InputError(
      `${flag} names "${target}", which the fit file has no fit of; ${suggest(target, targetsOf(file), "targets")}`,
      {
        flag,
      },
    );
  const law = typeof options.law === "string" ? options.law : options.law?.[target];
  const fits = law === undefined ? all : all.filter((fit) => fit.law === law);
  const names = all.map((fit) => fit.law).join(", ");
  if (fits.length === 0)
    throw new InputError(`--law is ${law}, but the fit file has only ${names} for ${target}.`, {
      flag: "--law",
    });
  if (fits.length > 1)
    throw new InputError(
      `the fit file has several laws for ${target} (${names}): say which with --law.`,
      { flag: "--law" },
    );
  const fitted = restore(file, fits[0]);
  if (!fitted.law.law.uses.weights)
    throw new InputError(
      `the law ${fits[0].law} of ${target} does not depend on the mixture: choose another with --law, or leave the target out of --objective.`,
      { flag: "--law" },
    );
  return { ...fitted, name: fits[0].law };
}

function chooseLosses(file: FitFile, options: OptimizeOptions): TargetLoss[] {
  const asked =
    options.objective === undefined || options.objective === "worst"
      ? undefined
      : options.objective;
  const weights = asked ?? Object.fromEntries(targetsOf(file).map((t) => [t, 1]));
  for (const [target, w] of Object.entries(weights)) {
    if (!(w >= 0 && Number.isFinite(w)))
      throw new InputError(`--objective ${target}=${w}: a weight must be a number of at least 0.`, {
        flag: "--objective",
      });
  }
  const chosen = Object.entries(weights).filter(([, w]) => w > 0);
  if (chosen.length === 0)
    throw new InputError(
      "--objective has no target with a positive weight; give one, such as loss_code=2,loss_web=1.",
      {
        flag: "--objective",
      },
    );
  const sum = chosen.reduce((total, [, w]) => total + w, 0);
  return chosen.map(([target, weight]) => {
    const { name, ...fitted } = fitOf(file, target, options, "--objective");
    return { target, law: name, weight: weight / sum, fitted };
  });
}

function scaleOf(losses: readonly TargetLoss[], options: OptimizeOptions): Scale {
  const need = (name: "params" | "tokens"): number => {
    const value = options[name];
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new InputError(`--${name} is ${value}; it must be a positive number.`, {
        flag: `--${name}`,
      });
    const user = losses.find(({ fitted }) => fitted.law.law.uses[name]);
    if (user !== undefined && value === undefined) {
      throw new InputError(
        `the law ${user.fitted.law.law.name} of ${user.target} needs the ${name} of the run to plan. Give them with --${name}, such as --${name} ${name === "params" ? "7e9" : "150e9"}.`,
        { flag: `--${name}` },
      );
    }
    return value ?? 1;
  };
  const others = losses.flatMap(({ fitted, target }) =>
    (fitted.law.law.uses.inputs ?? []).map((input) => ({ ...input, target })),
  );
  for (const { name, meaning, target } of others) {
    const value = options.inputs?.[name];
    if (value !== undefined && Number.isFinite(value)) continue;
    throw new InputError(
      `the law of ${target} needs ${name} (${meaning}) of the run to plan. Give it with --input ${name}=VALUE.`,
      {
        flag: "--input",
      },
    );
  }
  const inputs = options.inputs === undefined ? {} : { inputs: options.inputs };
  return { params: need("params"), tokens: need("tokens"), ...inputs };
}

/**
 * Shares by name as a vector. They must sum to 1 within 1e-3 and are then renormalized, as weights
 * of runs are; `what` names them in messages, a flag first.
 */
export function mixtureFrom(
  domains: readonly string[],
  shares: Readonly<Record<string, number>>,
  what: string,
): Float64Array {
  const [flag] = what.split(",");
  for (const [name, share] of Object.entries(shares)) {
    if (!domains.includes(name))
      throw new InputError(
        `${what} names the domain "${name}", which the fit does not have; ${suggest(name, domains, "domains")}`,
        {
          flag,
        },
      );
    if (!(share >= 0 && share <= 1.001))
      throw new InputError(`${what} gives "${name}" the share ${share}; shares are from 0 to 1.`, {
        flag,
      });
  }
  const vector = Float64Array.from(domains, (d) => shares[d] ?? 0);
  const sum = vector.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-3)
    throw new InputError(`${what} sums to ${sum}; the shares of a mixture sum to 1.`, { flag });
  return vector.map((x) => x / sum);
}

const referenceOf = (
  domains: readonly string[],
  shares: OptimizeOptions["reference"],
): Float64Array =>
  shares === undefined
    ? new Float64Array(domains.length).fill(1 / domains.length)
    : mixtureFrom(domains, shares, "--reference");
