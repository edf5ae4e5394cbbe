/** What the view of back-tests shows. */
import { itemAt } from "../../../base/known.ts";
import type { RunSet } from "../../../data/runs/run-set.ts";
import { distancesFrom } from "../../../fit/backtest/distance.ts";
import type { ErrorRate } from "../../../fit/backtest/error-model.ts";
import { levelOf, rateOf } from "../../../fit/backtest/fit-bands.ts";
import { halfWidth } from "../../../fit/backtest/half-width.ts";
import { LEAST_LEVELS } from "../../../fit/backtest/ladder.ts";
import { RESIDUAL_UNITS } from "../../../fit/backtest/residual-units.ts";
import { lawIn } from "../../../fit/file/law-of-fit.ts";
import type { Backtests } from "../../../fit/result/backtests.ts";
import type { Fit } from "../../../fit/result/fit-file.ts";
import { mean } from "../../../stats/moments.ts";
import type {
  BacktestsData,
  BacktestsTarget,
  ErrorBeyond,
} from "../../../views/quality/backtests.ts";
import { type Lacking, lacking } from "../../../views/kit/view.ts";
import { type Material, usedFits } from "../material.ts";
import { fewFits, type FittedRows, fittedRows } from "./fitted-rows.ts";
import { groupsOf } from "./row-groups.ts";

const MOST_TARGETS = 12;
/** Points of the curve of expected errors, and groups of held-out runs. */
const POINTS = 24;
const MOST_GROUPS = 6;
/** The curve goes this much farther than what is shown on it. */
const ROOM = 1.12;

const AXES = { params: "N", tokens: "D", compute: "6ND" } as const;

/** A fit that has back-tests. */
type Tested = Fit & { readonly backtests: Backtests };
const isTested = (fit: Fit): fit is Tested => (fit.backtests?.list.length ?? 0) > 0;

export function backtestsFacts(material: Material): BacktestsData | Lacking {
  const { file, rows } = material;
  const fits = usedFits(material);
  const tested = fits.filter(isTested);
  const [first] = tested;
  if (first === undefined) return lacking(whyNone(material, fits));
  const atRows = rows === undefined ? [] : fittedRows(material, rows);
  const shown = fewFits(tested, MOST_TARGETS).filter(isTested);
  return {
    targets: shown.map(
      (fit) =>
      targetOf(material, fit, rateOf(file.fits, fit), atRows.find((each) => each.fit === fit)), // prettier-ignore
    ),
    allTargets: fits.length,
    axis: AXES[first.backtests.axis],
    level: levelOf(file, first),
    untested: fits.filter((fit) => !isTested(fit)).map(({ target }) => target),
  };
}

/** Why there are no back-tests, and what would give them. */
function whyNone({ file, rows }: Material, fits: readonly Fit[]): string {
  const { sizes, tokenCounts } = file.data.coverage;
  const what =
    "How far the law errs beyond its runs is not known: there are no back-tests, refits to the smaller runs that predict the larger ones.";
  if (file.settings.backtest === false)
    return `${what} The fit was made without them; fit again without --no-backtest.`;
  const uses = fits.map(({ law }) => lawIn(file, law).uses);
  const isScaled = uses.some((use) => use.params || use.tokens);
  if (!isScaled) return `${what} The law has neither N nor D.`;
  const levels = Math.max(sizes ?? 0, (sizes ?? 1) === 1 ? (tokenCounts ?? 0) : 0);
  if (levels < LEAST_LEVELS)
    return `${what} They need runs of ${LEAST_LEVELS} sizes, and these have ${sizes ?? "none"}: train some at another size.`;
  return rows === undefined || file.settings.backtest === "auto"
    ? `${what} By default they are made where they cost less than the fit; fit again with --backtest.`
    : what;
}

function targetOf(
  { file, optima: [planned] }: Material,
  fit: Tested,
  rate: ErrorRate | undefined,
  atRows: FittedRows | undefined,
): BacktestsTarget {
  const { scale, noise, list } = fit.backtests;
  const inPercent = (error: number): number => (100 * error) / scale;
  const { uses } = lawIn(file, fit.law);
  const distanceOf = (points: Pick<RunSet, "rows" | "inputs">): Float64Array =>
    distancesFrom(file.data.range, uses, points);
  const at = planned?.optimum.at;
  const plan = at === undefined ? null : itemAt(distanceOf(pointAt(at)), 0);
  const heldOut = heldOutErrors(atRows, distanceOf, file.settings.residual, inPercent);
  const far = Math.max(plan ?? 0, ...[...list, ...heldOut].map(({ distance }) => distance));
  const distance = Float64Array.from({ length: POINTS }, (_, i) => (ROOM * far * i) / (POINTS - 1));
  const level = levelOf(file, fit);
  return {
    target: fit.target,
    law: fit.law,
    tests: list.map(({ error, scatter, ...test }) => ({
      fittedTo: test.fittedTo,
      predicted: test.predicted,
      levels: test.levels,
      rows: test.rows,
      distance: test.distance,
      mean: inPercent(error),
      sd: inPercent(scatter),
    })),
    heldOut,
    expected: { distance, half: distance.map((x) => inPercent(halfWidth(noise, x, rate, level))) },
    plan,
  };
}

/** A run as rows; an N or D that is not planned says nothing. */
const pointAt = (at: {
  readonly params: number | null;
  readonly tokens: number | null;
}): Pick<RunSet, "rows" | "inputs"> => ({
  rows: 1,
  inputs: {
    ...(at.params === null ? {} : { params: Float64Array.of(at.params) }),
    ...(at.tokens === null ? {} : { tokens: Float64Array.of(at.tokens) }),
  },
});

/** The errors at held-out runs beyond the fitted ones, in groups by distance. */
function heldOutErrors(
  fitted: FittedRows | undefined,
  distanceOf: (points: Pick<RunSet, "rows" | "inputs">) => Float64Array,
  residual: keyof typeof RESIDUAL_UNITS,
  inPercent: (error: number) => number,
): ErrorBeyond[] {
  const test = fitted?.test;
  if (test === undefined) return [];
  const { error } = RESIDUAL_UNITS[residual];
  const distances = distanceOf(test.set);
  const beyond = [...distances.keys()].filter(
    (row) => itemAt(distances, row) > 0 && !Number.isNaN(itemAt(test.observed, row)),
  );
  const far = Float64Array.from(beyond, (row) => itemAt(distances, row));
  return groupsOf(far, MOST_GROUPS, 1).map((group) => {
    const errors = group.map((i) => {
      const row = itemAt(beyond, i);
      return inPercent(error(itemAt(test.predicted, row), itemAt(test.observed, row)));
    });
    const center = mean(errors);
    return {
      distance: mean(group.map((i) => itemAt(far, i))),
      mean: center,
      sd: Math.sqrt(mean(errors.map((x) => (x - center) ** 2))),
      rows: group.length,
    };
  });
}
