/** What the laws say at a point: the values and intervals that `predict` gives there. */
import { itemAt, ownOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import type { Finding } from "../../base/verdict.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { intervalFindings } from "../../fit/backtest/interval-findings.ts";
import { fitBands, type FitPrediction } from "../../fit/backtest/fit-bands.ts";
import { predictionOf, predictionsAt } from "../../fit/predict.ts";
import { untoldFindings } from "../../fit/prediction-findings.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { outside } from "../../words/extrapolation.ts";
import type { Goal, LawChoice, Point, WhatIf } from "./data.ts";

/** A number at the point, and how much more it is than in the compared mixtures there. */
export interface Compared {
  readonly value: number;
  /** Value here less value there, in the order of the mixtures. */
  readonly differences: readonly number[];
}

/** A target at the point. */
export interface TargetOutcome extends Compared {
  readonly target: string;
  /** The interval of a new run; an end is infinite, or undefined without intervals. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** What the laws say at a point. */
export interface Outcome {
  readonly targets: readonly TargetOutcome[];
  /** Undefined where a target of the goal is not predicted. */
  readonly objective: Compared | undefined;
  /** Sentences on the point: where it lies outside of what was trained. */
  readonly outside: readonly string[];
  readonly findings: readonly Finding[];
}

/** Gives what the laws say; or in place of it why they have no value there. */
export type Evaluate = (point: Point, choice: LawChoice) => Outcome | { readonly refused: string };

export function evaluatorOf(data: WhatIf): Evaluate {
  const { file, mixtures, compared, goal, gaps } = data;
  const others = [...mixtures.slice(0, compared).map(({ shares }) => shares), goal.reference];
  return (point, choice) => {
    try {
      const here = pointsOf(file, point.inputs, [point.shares]);
      const chosen = file.fits.filter(({ law, target }) => choice.laws[target] === law);
      const beside = pointsOf(file, point.inputs, others);
      const there = chosen.map((fit) => predictionOf(file, fit, beside));
      // All laws predict: those that cannot be told apart are part of an interval beyond the runs.
      const all = predictionsAt(file, here);
      const predictions = all.filter(({ fit }) => chosen.includes(fit));
      const bands = fitBands(file, all, {}, predictions);
      const targets = predictions.map(({ fit: { target }, values }, t): TargetOutcome => {
        const value = itemAt(values, 0);
        const differences = [...itemAt(there, t).values.subarray(0, compared)].map((x) => value - x); // prettier-ignore
        return { target, value, differences, low: bands[t]?.low[0], high: bands[t]?.high[0] };
      });
      return {
        targets,
        objective: objectiveAt(goal, targets, there, compared),
        outside: outside(file, here),
        findings: [...untoldFindings(file, here, gaps), ...intervalFindings(file, predictions, {})],
      };
    } catch (error) {
      if (error instanceof InputError) return { refused: error.message };
      throw error;
    }
  };
}

/**
 * What an evaluation does first and keeps, in pieces of a few milliseconds: laws are bound and
 * compiled, and back-tests integrated. A page that does them one a turn stays free.
 */
export function preparations({ file, start }: WhatIf): (() => void)[] {
  const here = pointsOf(file, start.inputs, [start.shares]);
  return file.fits.map((fit) => () => {
    try {
      fitBands(file, [predictionOf(file, fit, here)], {});
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // an evaluation says it
    }
  });
}

/** Mixtures at one N and D, as `predict` takes points. */
export function pointsOf(
  { data: { domains } }: FitFile,
  inputs: Point["inputs"],
  mixtures: readonly (readonly number[])[],
): Runs {
  const rows = mixtures.length;
  return {
    source: "the point",
    sha256: "",
    domains,
    targets: [],
    train: {
      rows,
      rowNumbers: Int32Array.from({ length: rows }, (_, i) => i + 1),
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [name, new Float64Array(rows).fill(value)]),
      ),
      weights: Float64Array.from(mixtures.flat()),
      losses: [],
    },
    test: undefined,
    dropped: [],
    notes: [],
  };
}

/**
 * The objective here and there.
 *
 * @param there predictions at the compared mixtures and, last, at the goal's reference
 */
function objectiveAt(
  { objective }: Goal,
  targets: readonly TargetOutcome[],
  there: readonly FitPrediction[],
  compared: number,
): Compared | undefined {
  const losses = targets.map(({ target, value }, t) => ({
    target,
    all: [value, ...itemAt(there, t).values],
  }));
  const wanted = objective === "worst" ? targets.map(({ target }) => target) : Object.keys(objective); // prettier-ignore
  const parts = wanted.map((target) => {
    const all = losses.find((each) => each.target === target)?.all;
    return { all, weight: objective === "worst" ? 1 : (ownOf(objective, target) ?? 0) };
  });
  if (parts.length === 0 || parts.some(({ all }) => all === undefined)) return undefined;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const at = (i: number): number =>
    objective === "worst"
      ? Math.max(...parts.map(({ all = [] }) => itemAt(all, i) / itemAt(all, compared + 1)))
      : parts.reduce((sum, { all = [], weight }) => sum + (weight / total) * itemAt(all, i), 0);
  const value = at(0);
  return { value, differences: Array.from({ length: compared }, (_, i) => value - at(i + 1)) };
}
