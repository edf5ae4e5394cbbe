/** A fit of a file beside the same fit, repeated. */
import { itemAt } from "../base/known.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { covarianceIn } from "../fit/backtest/covariance.ts";
import { bandOf } from "../fit/inference/bands.ts";
import { standardErrors } from "../fit/inference/fitted.ts";
import { pointsFor, restore } from "../fit/predict.ts";
import type { Fit, FitFile } from "../fit/result/fit-file.ts";
import { predictRows } from "../fit/result/predictor.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { labelOf } from "../laws/parameters/parameters.ts";
import { differingLeaves, type Leaf } from "./leaves.ts";
import { type FitScale, INTERVALS, isWithin, PREDICTIONS, ROUNDING, type Rule, ruleFor } from "./tolerances.ts"; // prettier-ignore
import type { ValueDifference } from "./verification.ts";

/** A fit, with the file that it is in. */
export interface FitIn {
  readonly file: FitFile;
  readonly fit: Fit;
}

/**
 * Where the two differ, and what of that does not count.
 *
 * @param isSamePlace whether version and adapter are those of the file: then all must be equal
 */
export function compareFits(
  recorded: FitIn,
  repeated: FitIn,
  runs: Runs,
  isSamePlace: boolean,
): ValueDifference[] {
  const then = restore(recorded.file, recorded.fit);
  const now = restore(repeated.file, repeated.fit);
  const { law, target } = recorded.fit;
  const scale: FitScale = {
    rows: repeated.fit.train.rows,
    errors: errorsOf(now, repeated.fit.covariance),
  };
  const undetermined = undeterminedIn([recorded.fit, repeated.fit], now.law);
  const whyNot = (leaf: Leaf, { tolerance, isOfSearch }: Rule): ValueDifference["why"] => {
    if (!isSamePlace && isWithin(leaf.recorded, leaf.repeated, tolerance))
      return "within its tolerance";
    if (undetermined.has(labelIn(leaf.path))) return "not determined";
    return isOfSearch && !isSamePlace ? "the way of the search" : undefined;
  };
  const judged = (leaf: Leaf, rule: Rule): ValueDifference[] => {
    const { path, ...values } = leaf;
    if (values.recorded === values.repeated) return []; // 0 and -0, which JSON does not tell apart
    const why = whyNot(leaf, rule);
    const tolerance = isSamePlace ? null : rule.tolerance;
    const key = path.join(".");
    const difference = { law, target, key, ...values, tolerance, counts: why === undefined };
    return [why === undefined ? difference : { ...difference, why }];
  };
  const leaves = [
    ...differingLeaves(recorded.fit, repeated.fit),
    ...predictionLeaf(then, now, runs),
    ...intervalLeaf(recorded.fit, then, repeated.fit, now, runs),
  ];
  const edited = notFromCoordinates(recorded.fit, then);
  const isTold = ({ path: [section, ...rest] }: Leaf): boolean =>
    section === "parameters" && edited.some(({ key }) => key === `parameters.${rest.join(".")}`);
  return [
    ...edited,
    ...leaves
      .filter((leaf) => !isTold(leaf))
      .flatMap((leaf) => judged(leaf, ruleFor(leaf.path, leaf.recorded, labelIn(leaf.path), scale))), // prettier-ignore
  ];
}

type Point = ReturnType<typeof restore>;

/** The parameter or coordinate that a path of a fit leads to: "C[web]", "lnC[web]"; "" for none. */
function labelIn(path: readonly string[]): string {
  const [section, ...rest] = path[0] === "bootstrap" ? path.slice(1) : path;
  const [name = "", domain] = rest;
  if (section === "coordinates") return path[0] === "bootstrap" ? "" : name;
  if (section !== "parameters" && section !== "standardErrors") return "";
  return labelOf(name, domain === undefined || /^[01]$/.test(domain) ? undefined : domain);
}

/** Standard errors by the covariance of the repeated fit. */
function errorsOf({ law, theta }: Point, text: string | undefined): FitScale["errors"] {
  if (text === undefined) return { parameters: new Map(), coordinates: new Map() };
  const { size } = law;
  const covariance = covarianceIn(text, size);
  const indices = [...theta.keys()];
  const standardError = (gradient: ArrayLike<number>): number => {
    let variance = 0;
    for (const i of indices)
      for (const j of indices)
        variance += itemAt(gradient, i) * itemAt(covariance, i * size + j) * itemAt(gradient, j);
    return Math.sqrt(Math.max(0, variance));
  };
  return {
    parameters: standardErrors(law, theta, { standardError, free: indices, runaway: [] }),
    coordinates: new Map(
      law.coordinates.map(({ name }, i) => [name, Math.sqrt(itemAt(covariance, i * size + i))]),
    ),
  };
}

/** Labels of what the runs do not determine, and names of their coordinates. */
function undeterminedIn(fits: readonly Fit[], { coordinates }: BoundLaw): ReadonlySet<string> {
  const labels = new Set(fits.flatMap(({ certificate }) => certificate.notIdentified));
  const names = coordinates.flatMap(({ name, label }) => (labels.has(label) ? [name] : []));
  return new Set([...labels, ...names]);
}

/** The largest relative difference of predicted losses, over all rows that are used. */
function predictionLeaf(then: Point, now: Point, runs: Runs): Leaf[] {
  const sets = [runs.train, ...(runs.test === undefined ? [] : [runs.test])];
  let largest = 0;
  for (const train of sets) {
    const [a, b] = [then, now].map(({ law, theta }) =>
      predictRows(law, theta, pointsFor(law, { ...runs, train })),
    ) as [Float64Array, Float64Array];
    for (const [row, x] of a.entries()) {
      const gap = Math.abs(itemAt(b, row) - x);
      if (gap > 0) largest = Math.max(largest, gap / Math.abs(x));
    }
  }
  return largest === 0 ? [] : [{ path: [PREDICTIONS], recorded: 0, repeated: largest }];
}

/** How far the intervals of the law's value are apart at the fitted rows: a mean, in widths. */
function intervalLeaf(recorded: Fit, then: Point, repeated: Fit, now: Point, runs: Runs): Leaf[] {
  if (recorded.bootstrap?.coordinates === repeated.bootstrap?.coordinates) return [];
  const [a, b] = [[recorded, then] as const, [repeated, now] as const].map(
    ([fit, { law, theta }]) => {
      const points = pointsFor(law, runs);
      return bandOf(fit, law, predictRows(law, theta, points), points, {});
    },
  );
  if (a === undefined || b === undefined) return [];
  let sum = 0;
  for (const [row, low] of a.low.entries()) {
    const high = itemAt(a.high, row);
    const gap = Math.max(Math.abs(itemAt(b.low, row) - low), Math.abs(itemAt(b.high, row) - high));
    if (gap > 0) sum += gap / (high - low);
  }
  return [{ path: [INTERVALS], recorded: 0, repeated: sum / a.low.length }];
}

/** Reported parameters that do not follow from the coordinates of the same file. */
function notFromCoordinates(fit: Fit, { law, theta }: Point): ValueDifference[] {
  return differingLeaves(fit.parameters, law.reportAt(theta)).flatMap(
    ({ path, recorded, repeated }) => {
      const size = typeof recorded === "number" ? Math.abs(recorded) : 0;
      const tolerance = ROUNDING * size;
      if (isWithin(recorded, repeated, tolerance)) return [];
      const key = ["parameters", ...path].join(".");
      return [{ law: fit.law, target: fit.target, key, recorded, repeated, tolerance, counts: true, why: "not what the coordinates give" as const }]; // prettier-ignore
    },
  );
}
