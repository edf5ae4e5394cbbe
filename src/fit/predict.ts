/** Predictions from a fit file. */
import { itemAt, ownOf } from "../base/known.ts";
import type { Runs, RunSet } from "../data/runs/run-set.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { bind, type BoundLaw } from "../laws/bind.ts";
import { bindingOf, lawOf } from "./file/law-of-fit.ts";
import { fitBands, type FitPrediction } from "./backtest/fit-bands.ts";
import { type Band, type BandOptions, checkBandOptions } from "./inference/bands.ts";
import type { Law } from "../laws/law.ts";
import { checkInputs } from "./checks/check-data.ts";
import { checkGuards, checkValues } from "./checks/check-values.ts";
import { holdingFits } from "./result/failed-fits.ts";
import { predictRows } from "./result/predictor.ts";
import type { Fit, FitFile } from "./result/fit-file.ts";

/** What has been restored, by fit and file: who predicts again and again binds a law once. */
const restored = new WeakMap<Fit, WeakMap<FitFile, BoundLaw>>();

/**
 * The law of a fit and the point it was fitted at, as the file has them.
 *
 * @throws InputError for a coordinate that is missing, or outside of the law's bounds.
 */
export function restore(file: FitFile, fit: Fit): { law: BoundLaw; theta: Float64Array } {
  const byFile = restored.get(fit) ?? new WeakMap<FitFile, BoundLaw>();
  restored.set(fit, byFile);
  const law = byFile.get(file) ?? lawOfFit(file, fit);
  byFile.set(file, law);
  const damaged = (problem: string): InputError =>
    new InputError(
      `the fit file ${problem} for the fit of ${fit.law} to ${fit.target}; it is damaged or was edited. Fit again.`,
    );
  const theta = Float64Array.from(law.coordinates, ({ name, bounds: [low, high] }) => {
    const value = ownOf(fit.coordinates, name);
    if (value === undefined) throw damaged(`has no coordinate "${name}"`);
    if (!(value >= low && value <= high && Number.isFinite(value)))
      throw damaged(
        `has the coordinate "${name}" at ${value}, outside of the law's ${low} … ${high},`,
      );
    return value;
  });
  return { law, theta };
}

/** What has been bound of a file, by law and what a fit binds it with. */
const bound = new WeakMap<FitFile, Map<Law, Map<string, BoundLaw>>>();

/** A law of its own for each fit; targets that bind it alike share its loss, compiled once. */
function lawOfFit(file: FitFile, fit: Fit): BoundLaw {
  const known = lawOf(file, fit);
  const domains = known.uses.weights ? file.data.domains : [];
  const byLaw = bound.get(file) ?? new Map<Law, Map<string, BoundLaw>>();
  bound.set(file, byLaw);
  const forms = byLaw.get(known) ?? new Map<string, BoundLaw>();
  byLaw.set(known, forms);
  const key = JSON.stringify([fit.center, fit.frame]);
  const first = forms.get(key);
  if (first !== undefined) return { ...first };
  const law = bind(known, domains, bindingOf(file, fit), fit.center);
  forms.set(key, law);
  return law;
}

/** One fit's predictions at every row of the points. */
export interface Prediction {
  /** Name of the law. */
  readonly law: string;
  /** Name of the loss column. */
  readonly target: string;
  /** One a row of `points`, in the units of the target's loss column. */
  readonly values: Float64Array;
  /** Interval of each value: of a new run's loss, or of the law's own value. */
  readonly band?: Band;
}

/**
 * Predicted losses of every fit in the file at every row of `points` (its `train` rows). Failed
 * fits predict nothing and are left out. Domains are matched by name. Each prediction has the
 * interval of a new run there; beyond the fitted runs its ends are infinite where there are no
 * back-tests. Throws InputError when an input or a domain is missing, or a domain the fit does not
 * know has a weight, for an option that cannot be used, where a prediction is not finite, and where
 * every fit has failed.
 *
 * @example predict(file, await readRuns("points.csv", { targets: "" }))[0].values
 */
export function predict(file: FitFile, points: Runs, options: BandOptions = {}): Prediction[] {
  return predictBy(file, new Set(file.fits.map(({ law }) => law)), points, options);
}

/**
 * The same by some laws of the file. Their intervals are those that they have among all: beyond the
 * runs the spread of laws that back-tests cannot tell apart is part of them, as far as these have
 * values at the points.
 */
export function predictBy(
  file: FitFile,
  laws: ReadonlySet<string>,
  points: Runs,
  options: BandOptions = {},
): Prediction[] {
  checkBandOptions("predict", options);
  const { fits } = holdingFits(file).file;
  const predictions = fits
    .filter(({ law }) => laws.has(law))
    .map((fit) => predictionOf(file, fit, points));
  for (const prediction of predictions) checkFinite(prediction, points);
  const others = fits
    .filter(({ law }) => !laws.has(law) && file.chosen?.alike.includes(law) === true)
    .flatMap((fit) => valuesIfAny(file, fit, points));
  const bands = fitBands(file, [...predictions, ...others], options, predictions);
  return predictions.map(({ fit: { law, target }, values }, n) => {
    const band = bands[n];
    return { law, target, values, ...(band === undefined ? {} : { band }) };
  });
}

/** What a fit predicts that nobody asked for; nothing where it cannot at some of the points. */
function valuesIfAny(file: FitFile, fit: Fit, points: Runs): FitPrediction[] {
  try {
    const prediction = predictionOf(file, fit, points);
    return prediction.values.every(Number.isFinite) ? [prediction] : [];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Throws the InputError that names the first row at which a prediction is no finite number. */
function checkFinite({ fit, values }: FitPrediction, { source, train }: Runs): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const row = itemAt(train.rowNumbers, bad);
  throw new InputError(
    `${source}, row ${row}: the fit of ${fit.law} to ${fit.target} has no finite prediction there (${values[bad]}). Leave the row out, or use another law.`,
    { file: source, row },
  );
}

/**
 * What the fits that have not failed predict at each row of the points. Throws as `predict` does.
 */
export const predictionsAt = (file: FitFile, points: Runs): FitPrediction[] =>
  holdingFits(file).file.fits.map((fit) => predictionOf(file, fit, points));

/** What one fit of a file predicts at each row of the points. Throws as `predict` does. */
export function predictionOf(file: FitFile, fit: Fit, points: Runs): FitPrediction {
  const { law, theta } = restore(file, fit);
  const rows = pointsFor(law, points);
  return { fit, law, theta, points: rows, values: predictRows(law, theta, rows) };
}

/**
 * The points as a law takes them, domains in its order. Throws InputError when an input or a domain
 * is missing, or a domain the law does not know has a weight.
 */
export function pointsFor(
  law: BoundLaw,
  points: Runs,
): Pick<RunSet, "rows" | "inputs" | "weights"> {
  const weights = law.law.uses.weights ? matchDomains(law.shares, points) : new Float64Array();
  checkInputs(law, points.source, points.train.inputs);
  checkValues(law, points.source, points.train, "points");
  checkGuards(law, points.source, { ...points.train, weights }, "points");
  return { ...points.train, weights };
}

/** The points' weights in the fit's order of domains. */
function matchDomains(domains: readonly string[], points: Runs): Float64Array {
  const { rows, weights, rowNumbers } = points.train;
  const k = points.domains.length;
  const missing = domains.filter((d) => !points.domains.includes(d));
  if (missing.length > 0) {
    throw new InputError(
      `${points.source} has no weight for ${missing.map((d) => `"${d}"`).join(", ")}: the fit was made over the domains ${domains.join(", ")}. Add the columns (0 is allowed), or map them with ${option("weights")}.`,
      { file: points.source, option: "weights" },
    );
  }
  for (const [j, domain] of points.domains.entries()) {
    if (domains.includes(domain)) continue;
    for (let row = 0; row < rows; row++) {
      if (weights[row * k + j] === 0) continue;
      const number = itemAt(rowNumbers, row);
      throw new InputError(
        `${points.source}, row ${number}: domain "${domain}" has weight ${weights[row * k + j]}, but the fit knows only ${domains.join(", ")}. Leave the domain out, or fit with runs that have it.`,
        { file: points.source, row: number },
      );
    }
  }
  const positions = domains.map((domain) => points.domains.indexOf(domain));
  return Float64Array.from({ length: rows * domains.length }, (_, i) =>
    itemAt(weights, Math.floor(i / domains.length) * k + itemAt(positions, i % domains.length)),
  );
}
