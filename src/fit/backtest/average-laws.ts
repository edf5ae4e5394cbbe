/**
 * The average of a file's laws, weighted by how well their back-tests' errors average out: stacking
 * (Wolpert 1992, Breiman 1996; Yao and others 2018 for the log score).
 *
 * In a back-test the laws have errors e_k ± s_k at a distance x. The average with weights w errs
 * by Σ w_k e_k, and scatters by Σ w_k s_k at most. With errors that are normal and grow with the
 * distance, as the error model has them, the log score at the best rate is least where
 *
 *     Σ_tests c ((Σ w_k e_k)² + (Σ w_k s_k)²)/x²
 *
 * is, with c what a back-test counts: the weights of the point of a convex hull that is nearest to
 * 0. They are common to all targets, which are few back-tests each.
 */
import { InputError, type Place } from "../../base/errors.ts";
import { percent } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { listed } from "../../base/wording.ts";
import { sharesInHull } from "../../convex/nearest-in-hull.ts";
import { normalQuantile } from "../../stats/normal.ts";
import type { Band } from "../inference/bands.ts";
import type { Fit, FitFile } from "../result/fit-file.ts";
import { backtestKey, testedLaws } from "./choose-law.ts";

/** What the average of laws is called, where the name of a law is asked for. */
export const AVERAGE = "average";
/** Back-tests at less than this distance count as at this one. */
const NEAR = 0.05;

/** Weights of laws in their average, by name; they sum to 1. */
export type LawWeights = ReadonlyMap<string, number>;

/** A law's back-tests by what they are of. */
const errorsOf = (fits: readonly Fit[]): ReadonlyMap<string, readonly [number, number]> =>
  new Map(
    fits.flatMap(({ target, backtests }) =>
      backtests === undefined
        ? []
        : backtests.list.map((test) => {
            const far = backtests.scale * Math.max(test.distance, NEAR);
            const unit = Math.sqrt(test.levels - 1) / far;
            const key = backtestKey(test, backtests, target);
            return [key, [unit * test.error, unit * test.scatter]] as const;
          }),
    ),
  );

/**
 * The weights of the laws that have back-tests of every target, common to all targets; undefined
 * where fewer than two laws have, or they have none in common.
 *
 * @example lawWeights(file)?.get("joint") // 0.4
 */
export function lawWeights({ fits }: Pick<FitFile, "fits">): LawWeights | undefined {
  const able = testedLaws(fits).map(({ law, own }) => ({ law, errors: errorsOf(own) }));
  const [first] = able;
  if (first === undefined || able.length < 2) return undefined;
  const common = [...first.errors.keys()].filter((key) => able.every(({ errors }) => errors.has(key))); // prettier-ignore
  if (common.length === 0) return undefined;
  const corners = able.map(({ errors }) =>
    Float64Array.from(common.flatMap((key) => [...(errors.get(key) ?? [])])),
  );
  const shares = sharesInHull(new Float64Array(2 * common.length), corners);
  return new Map(able.map(({ law }, n) => [law, itemAt(shares, n)]));
}

/** Whether a law's name asks for the average of a file's laws. */
export const isAverage = ({ fits }: Pick<FitFile, "fits">, name: string | undefined): boolean =>
  name === AVERAGE && !fits.some(({ law }) => law === AVERAGE);

/**
 * The weights of the laws of a file. Throws InputError, which says what is missing and how to get
 * it, where there are none.
 *
 * @param name how the message calls the file
 */
export function neededWeights(file: Pick<FitFile, "fits">, name: string, where: Place): LawWeights {
  const weights = lawWeights(file);
  if (weights !== undefined) return weights;
  const [law, ...others] = new Set(file.fits.map((fit) => fit.law));
  const lacks =
    law !== undefined && others.length === 0
      ? `${name} has ${law} alone, and an average is of several laws`
      : `${name} has no back-tests of two laws at every target, which would weigh them`;
  throw new InputError(
    `${option("law", AVERAGE)}: ${lacks}: fit several laws with ${option("backtest")}`,
    where,
  );
}

/** "average: additive 62 % and joint 38 %, by how their errors in back-tests average out". */
export const averageWords = (weights: LawWeights): string =>
  `average: ${listed([...weights].map(([law, weight]) => `${law} ${percent(weight, 3)}`))}, by how their errors in back-tests average out`;

/** What one law predicts of a target at some points. */
export interface Averaged {
  /** The law's name, or "average". */
  readonly law: string;
  /** The loss column. */
  readonly target: string;
  /** One a point. */
  readonly values: Float64Array;
  /** Interval of each value. */
  readonly band?: Band;
}

/**
 * The average prediction of each target. Its interval has the variance of the mixture of the laws'
 * predictions: Σ w_k (half_k² + (z (f_k − f̄))²) on each side, z the level's normal quantile.
 *
 * @param predictions of all laws at the same points
 * @example averagePredictions(predict(file, runs), weights)[0].values
 */
export function averagePredictions(
  predictions: readonly Averaged[],
  weights: LawWeights,
): Averaged[] {
  const targets = [...new Set(predictions.map(({ target }) => target))];
  return targets.map((target): Averaged => {
    const own = predictions.flatMap((each) => {
      const weight = each.target === target ? (weights.get(each.law) ?? 0) : 0;
      return weight > 0 ? [{ ...each, weight }] : [];
    });
    const values = (own[0]?.values ?? new Float64Array()).map((_, row) =>
      own.reduce((sum, { weight, values: each }) => sum + weight * itemAt(each, row), 0),
    );
    const band = averageBand(own, values);
    return { law: AVERAGE, target, values, ...(band === undefined ? {} : { band }) };
  });
}

function averageBand(
  own: readonly (Averaged & { readonly weight: number })[],
  values: Float64Array,
): Band | undefined {
  const bands = own.map(({ band }) => band);
  const [first] = bands;
  if (first === undefined || bands.some((band) => band === undefined)) return undefined;
  const z = normalQuantile((1 + first.level) / 2);
  const half = (end: "low" | "high", row: number): number =>
    Math.sqrt(
      own.reduce((sum, { weight, values: each, band }) => {
        const value = itemAt(each, row);
        const width = Math.abs((band?.[end][row] ?? NaN) - value);
        return sum + weight * (width ** 2 + (z * (value - itemAt(values, row))) ** 2);
      }, 0),
    );
  return {
    ...first,
    low: values.map((value, row) => value - half("low", row)),
    high: values.map((value, row) => value + half("high", row)),
  };
}
