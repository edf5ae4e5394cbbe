/** The problem of choosing sizes: losses as functions of tokens a parameter, at a compute. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { suggest } from "../../base/wording.ts";
import { checkInputs } from "../../fit/checks/check-data.ts";
import { checkGuards, checkValues } from "../../fit/checks/check-values.ts";
import { givenBy } from "../request/named-inputs.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { predictRows } from "../../fit/result/predictor.ts";
import type { Law, LawInput } from "../../laws/law.ts";
import type { TargetLoss } from "../goal/goal.ts";
import { lossesBy, targetsIn } from "../problem/choose-fits.ts";
import { RATIOS } from "../scaling/local-exponents.ts";
import type { Box } from "../scaling/refine-grid.ts";
import type { SizesOptions } from "./sizes.ts";

export interface SizeProblem {
  readonly losses: readonly TargetLoss[];
  /** The input that is chosen too: it decides how many parameters are active. */
  readonly open: LawInput | undefined;
  /** The values of the other inputs. */
  readonly given: Readonly<Record<string, number>>;
  /** Training compute over the active share of the parameters, where that is given. */
  readonly flops: number;
  /** Where to look: ln of tokens a parameter, and the open input. */
  readonly box: Box;
}

/**
 * Throws InputError for laws that lack N or D, for inputs that are missing, and for what cannot be
 * asked.
 */
export function poseSizeProblem(file: FitFile, options: SizesOptions): SizeProblem {
  const losses = lossesOf(file, options);
  const needed = new Map<string, LawInput>();
  for (const { fitted } of losses)
    for (const input of fitted.law.law.uses.inputs ?? []) needed.set(input.name, input);
  const given = options.inputs ?? {};
  const open = openInput(file, needed, given);
  const range = open === undefined ? undefined : file.data.range.inputs?.[open.name];
  if (open !== undefined && range === undefined)
    throw new InputError(
      `the fit file does not say which ${open.name} was trained: give ${givenBy(file, open.name)}.`,
      { option: "inputs" },
    );
  const fixed = [...needed.values()].find((input) => input.active !== undefined && input !== open);
  const problem: SizeProblem = {
    losses,
    open,
    given,
    flops: options.flops / (fixed?.active?.(given[fixed.name]) ?? 1),
    box: [
      [Math.log(RATIOS.least), Math.log(RATIOS.most)],
      ...(range === undefined ? [] : [[range.min, range.max] as const]),
    ],
  };
  const corner = problem.box.map(([low]) => low);
  checkPlace(problem, corner);
  return problem;
}

/** The losses of the objective, by laws of N and D and no mixture; their weights sum to 1. */
function lossesOf(file: FitFile, { objective, law }: SizesOptions): TargetLoss[] {
  if (objective === "worst")
    throw new InputError(
      `${option("objective", "worst")} compares mixtures, and these laws have none: name targets and weights.`,
      { option: "objective" },
    );
  const weights = Object.entries(
    objective ?? Object.fromEntries(targetsIn(file).map((target) => [target, 1])),
  );
  const sum = weights.reduce((all, [, weight]) => all + weight, 0);
  return weights.flatMap(([target, weight]): TargetLoss[] => {
    const losses = lossesBy(file, target, law, "objective", weight / sum, areSizes);
    for (const { law: name, fitted } of losses) {
      const { uses } = fitted.law.law;
      if (areSizes(uses)) continue;
      const lack = uses.weights
        ? "has a mixture to choose too"
        : `has no ${uses.params ? "tokens" : "parameters"}`;
      throw new InputError(
        `${option("flops")} chooses N and D, and the law ${name} of ${target} ${lack}: fit a law of both, or choose one with ${option("law")}.`,
        { option: "flops" },
      );
    }
    return losses;
  });
}

/** Whether a law has N and D to choose and no mixture. */
const areSizes = ({ params, tokens, weights }: Law["uses"]): boolean =>
  params && tokens && !weights;

/** The needed input that is not given, where it decides how many parameters are active. */
function openInput(
  file: FitFile,
  needed: ReadonlyMap<string, LawInput>,
  given: Readonly<Record<string, number>>,
): LawInput | undefined {
  const unknown = Object.keys(given).find((name) => !needed.has(name));
  if (unknown !== undefined) {
    const names =
      needed.size === 0
        ? "they have none beside N and D"
        : suggest(unknown, [...needed.keys()], "inputs");
    throw new InputError(
      `${option(`inputs.${unknown}`)}: these laws have no such input; ${names}`,
      { option: "inputs" },
    );
  }
  const notGiven = [...needed.values()].filter((input) => given[input.name] === undefined);
  const open = notGiven.find((input) => input.active !== undefined);
  const missing = notGiven.find((input) => input !== open);
  if (missing !== undefined)
    throw new InputError(
      `the laws need ${missing.name} (${missing.meaning}): give it with ${givenBy(file, missing.name)}.`,
      { option: "inputs" },
    );
  return open;
}

/** Throws InputError where a law has no value for what is given. */
function checkPlace(problem: SizeProblem, point: readonly number[]): void {
  const inputs = Object.fromEntries(
    Object.entries(placeOf(problem, point)).map(([name, x]) => [name, Float64Array.of(x)]),
  );
  const runs = { rows: 1, rowNumbers: Int32Array.of(1), inputs, weights: new Float64Array() };
  const source = "the run to plan";
  for (const { fitted } of problem.losses) {
    checkInputs(fitted.law, source, inputs);
    checkValues(fitted.law, source, runs, "request");
    checkGuards(fitted.law, source, runs, "request");
  }
}

/**
 * The inputs at a point (ln of tokens a parameter, and the open input). 6·N·active·D = C with D =
 * rN gives N = √(C/(6·r·active)).
 */
export function placeOf(
  { open, given, flops }: SizeProblem,
  [lnRatio, value]: readonly number[],
): Record<string, number> {
  const active = open?.active?.(value) ?? 1;
  const ratio = Math.exp(lnRatio);
  const params = Math.sqrt(flops / (6 * ratio * active));
  return {
    params,
    tokens: ratio * params,
    ...given,
    ...(open === undefined ? {} : { [open.name]: value }),
  };
}

/** Losses at points, weighted and each. */
export interface LossesAt {
  /** Infinite where a law has no value. */
  readonly total: Float64Array;
  /** By loss of the problem. */
  readonly each: readonly Float64Array[];
}

export function lossesAt(problem: SizeProblem, points: readonly number[][]): LossesAt {
  const { losses } = problem;
  const places = points.map((point) => placeOf(problem, point));
  const inputs = Object.fromEntries(
    Object.keys(places[0]).map((name) => [name, Float64Array.from(places, (place) => place[name])]),
  );
  const runs = { rows: points.length, inputs, weights: new Float64Array() };
  const each = losses.map(({ fitted: { law, theta } }) =>
    predictRows(law, Float64Array.from(theta), runs),
  );
  const total = Float64Array.from(points, (_, i) => {
    const loss = each.reduce((sum, values, t) => sum + losses[t].weight * values[i], 0);
    return Number.isFinite(loss) ? loss : Infinity;
  });
  return { total, each };
}
