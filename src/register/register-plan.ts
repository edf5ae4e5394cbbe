/** Plans from optima: what each law predicts of the mixtures that may be trained. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { InputError } from "../base/errors.ts";
import { firstOf, itemAt, ownOf } from "../base/known.ts";
import { byNames, pick } from "../base/objects.ts";
import { option } from "../base/option-text.ts";
import { VERSION } from "../base/version.ts";
import { averagePredictions } from "../fit/backtest/average-laws.ts";
import { fitBands } from "../fit/backtest/fit-bands.ts";
import { checkedFit } from "../fit/file/parse-fit-file.ts";
import { restore } from "../fit/predict.ts";
import { hasFailed } from "../fit/result/failed-fits.ts";
import type { Fit, FitFile } from "../fit/result/fit-file.ts";
import { mixturePredictions } from "../mixture/certainty/predicted-losses.ts";
import { scaleOf } from "../mixture/problem/choose-fits.ts";
import { mixtureFrom } from "../mixture/problem/mixture-from.ts";
import { poseProblem, type Problem } from "../mixture/problem/pose-problem.ts";
import { withInputNames } from "../mixture/request/named-inputs.ts";
import type { OptimizeRequest } from "../mixture/request/optimize-options.ts";
import { checkedOptimum } from "../mixture/request/optimum-schema.ts";
import type { Optimum } from "../mixture/request/optimum.ts";
import { isPredictedBy } from "../mixture/request/predicted-by.ts";
import { digestOfFile } from "../mixture/request/request-records.ts";
import { withSupply } from "../mixture/request/with-supply.ts";
import { averagedIn } from "../mixture/goal/goal.ts";
import { judgeOf } from "../mixture/judge.ts";
import type { Interval } from "../stats/interval.ts";
import type { Plan, RegisteredLoss, RegisteredMixture, RegisteredPoint } from "./plan.ts";
import { planDigest } from "./plan-file.ts";

/** Levels of the intervals, besides the one that is asked for: calibration is looked at at each. */
const LEVELS: readonly number[] = [0.5, 0.8, 0.95];
/** An optimum whose objective is farther than this from the fit's is of another fit. */
const SAME = 1e-6;
/** How plans call mixtures that are no candidates. */
const [OPTIMUM, REFERENCE] = ["optimum", "reference"] as const;

/**
 * What a fit file predicts of an optimum, of the reference where one was asked for, and of the
 * candidates of the request, by every law of the file that can tell: each target's loss, with
 * intervals of a new run's loss. Written down before the runs are trained, `check` compares them.
 *
 * @param optima of the fit file; several are those along a path, with one goal
 * @throws InputError for an optimum of another fit file, for optima of different goals or laws, and
 *   for mixtures of one name.
 * @example registerPlan(file, await engine.optimize(file, { params: 7e9, tokens: 150e9 })).sha256
 */
export function registerPlan(fitFile: FitFile, optima: Optimum | readonly Optimum[]): Plan {
  const file = checkedFit(fitFile);
  const all = (Array.isArray(optima) ? optima : [optima]) as readonly Optimum[];
  if (all.length === 0) throw new InputError("registerPlan needs an optimum, and got none.");
  for (const optimum of all) checkedOptimum(optimum, "the optimum");
  const { goal, laws, request } = firstOf(all);
  if (new Set(all.map((optimum) => planDigest(pick(optimum, ["goal", "laws"])))).size > 1)
    throw new InputError(
      "the optima of a plan have one goal and the same laws, and these differ: register each by itself.",
    );
  const level = request.level ?? levelOf(file, firstOf(all));
  const levels = [...new Set([...LEVELS, level])].toSorted((a, b) => a - b);
  const plan: Omit<Plan, "sha256"> = {
    schema: "mixlaw/plan@1",
    version: VERSION,
    fit: { sha256: bytesToHex(digestOfFile(file)), seed: file.settings.seed },
    data: {
      ...pick(file.data, ["source", "sha256", "rows"]),
      columns: pick(file.data.reading ?? {}, ["params", "tokens", "units", "weights", "phases", "normalize", "inputs"]), // prettier-ignore
    },
    domains: file.data.domains,
    goal,
    laws,
    level,
    levels,
    points: all.map((optimum) => pointOf(file, optimum, levels)),
  };
  return { ...plan, sha256: planDigest(plan) };
}

/** The level of the fits' bootstrap, else the file's. */
const levelOf = ({ fits, settings }: FitFile, optimum: Optimum): number =>
  fits.find((fit) => isPredictedBy(optimum, fit) && fit.bootstrap !== null)?.bootstrap?.level ??
  settings.level;

function pointOf(file: FitFile, optimum: Optimum, levels: readonly number[]): RegisteredPoint {
  const { candidates = [], ...request } = optimum.request;
  const problem = poseProblem(file, { ...request, law: optimum.laws });
  const judge = judgeOf(problem);
  const mixtures = mixturesOf(problem, optimum, candidates);
  checkIsOf(problem, optimum, judge(firstOf(mixtures).h).predicted);
  const predictions = predictionsOf(file, problem, request, mixtures, levels);
  return {
    at: {
      params: request.params ?? null,
      tokens: request.tokens ?? null,
      inputs: byNames(Object.entries(problem.at.inputs ?? {})),
    },
    request,
    reference: judge(problem.reference).predicted,
    mixtures: mixtures.map(({ name, h }, m): RegisteredMixture => ({
      name,
      weights: byNames(problem.domains.map((domain, i) => [domain, itemAt(h, i)])),
      predictions: itemAt(predictions, m),
    })),
  };
}

/** Throws the InputError for an optimum whose losses are not what the file's laws give. */
function checkIsOf({ losses }: Problem, optimum: Optimum, predicted: Optimum["predicted"]): void {
  const isOther = losses.some(({ target }) => {
    const own = ownOf(predicted, target) ?? NaN;
    const told = ownOf(optimum.predicted, target) ?? NaN;
    return !(Math.abs(own - told) <= SAME * Math.abs(own));
  });
  if (isOther)
    throw new InputError(
      "the optimum is of another fit file: its predicted losses are not what this one predicts. Optimize this one.",
    );
}

interface NamedMixture {
  readonly name: string;
  readonly h: Float64Array;
}

/** The mixtures of a plan: the optimum, the reference where one was asked for, the candidates. */
function mixturesOf(
  { space, reference }: Problem,
  { weights, request }: Optimum,
  candidates: NonNullable<OptimizeRequest["candidates"]>,
): NamedMixture[] {
  const asked = candidates.map(({ name, weights: shares }) => ({
    name,
    h: mixtureFrom(space, shares, "candidates", name),
  }));
  const isAsked = asked.some(({ h }) => h.every((x, i) => Math.abs(x - itemAt(reference, i)) < SAME)); // prettier-ignore
  const all = [
    { name: OPTIMUM, h: mixtureFrom(space, weights, "weights") },
    ...(request.reference === undefined || isAsked ? [] : [{ name: REFERENCE, h: reference }]),
    ...asked,
  ];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice === undefined) return all;
  throw new InputError(
    `${option("candidates")} has a mixture "${twice}", and the plan has another of that name: give it another name.`,
    { option: "candidates" },
  );
}

/** By mixture: what each law says of each target of the goal. */
function predictionsOf(
  file: FitFile,
  { losses, at }: Problem,
  request: OptimizeRequest,
  mixtures: readonly NamedMixture[],
  levels: readonly number[],
): RegisteredLoss[][] {
  const { interval = "percentile" } = request;
  const { average } = averagedIn(losses);
  const options = withInputNames(file, withSupply(file, request));
  const fits = file.fits.filter(
    (fit) => losses.some(({ target }) => target === fit.target) && !hasFailed(fit) && isAble(fit),
  );
  const all = mixturePredictions(file, fits, at, mixtures.map(({ h }) => h)); // prettier-ignore
  const bands = levels.map((level) => fitBands(file, all, { level, interval, intervalOf: "run" }));
  const byLevel = bands.map((each) => {
    const told = all.map(({ fit: { law, target }, values }, n) => {
      const band = each[n];
      return { law, target, values, ...(band === undefined ? {} : { band }) };
    });
    return average === undefined
      ? told
      : [...averagePredictions(told, new Map(Object.entries(average))), ...told];
  });
  return mixtures.map((_, m) =>
    firstOf(byLevel).map(({ law, target, values }, n) => ({
      law,
      target,
      value: itemAt(values, m),
      intervals: byLevel.map((each): Interval => {
        const { band } = itemAt(each, n);
        return band === undefined ? [null, null] : [end(band.low[m]), end(band.high[m])];
      }),
    })),
  );

  /** Whether the request gives what the fit's law reads. */
  function isAble(fit: Fit): boolean {
    const { law, target } = fit;
    try {
      scaleOf(file, [{ target, law, weight: 0, fitted: restore(file, fit) }], options);
      return true;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  }
}

const end = (x: number | undefined): number | null =>
  x === undefined || !Number.isFinite(x) ? null : x;
