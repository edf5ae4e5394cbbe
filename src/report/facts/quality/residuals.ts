/** What the view of residuals shows. */
import { itemAt } from "../../../base/known.ts";
import type { RunSet } from "../../../data/runs/run-set.ts";
import { RESIDUAL_UNITS } from "../../../fit/backtest/residual-units.ts";
import type { ResidualKind } from "../../../options/fit-options.ts";
import { mean, median } from "../../../stats/moments.ts";
import { quantile } from "../../../stats/interval.ts";
import type { Lacking } from "../../../views/kit/view.ts";
import type {
  ResidualBin,
  ResidualsData,
  ResidualTrend,
  ResidualVariable,
} from "../../../views/quality/residuals-data.ts";
import { groupsOf } from "./row-groups.ts";
import { type FittedRows, fittedRows, withoutRows, type PredictedSet } from "./fitted-rows.ts";
import type { Material } from "../material.ts";

/** Panels that a reader looks at. */
const MOST_VARIABLES = 9;
/** Bins of a panel, of up to so many rows each; and distinct values that are a bin each. */
const BINS = 8;
const TREND_BINS = 5;
/** A median of fewer residuals says little. */
const LEAST_ROWS = 4;
/** Groups of fewer rows are none; of small tables, fewer. */
const leastGroup = ({ length }: Float64Array): number =>
  Math.max(2, Math.min(8, Math.floor(length / (2 * BINS))));
/** Residuals beyond this many standard deviations are shown by themselves, so many at most. */
const FAR = 3;
const MOST_OUTLIERS = 60;

const RESIDUAL_WORDS: Readonly<Record<ResidualKind, string>> = {
  raw: "predicted − observed",
  log: "ln(predicted/observed)",
  relative: "predicted/observed − 1",
};

/** A variable of the rows of a set. */
interface Variable {
  readonly name: string;
  readonly kind: ResidualVariable["kind"];
  readonly valuesIn: (set: RunSet) => Float64Array;
}

/** Residuals of a target by row, in what they are shown in; NaN where the loss is missing. */
type ByTarget = readonly Float64Array[];

export function residualsFacts(material: Material): ResidualsData | Lacking {
  const { file, rows } = material;
  if (rows === undefined) return withoutRows(file);
  const fitted = fittedRows(material, rows);
  const { residual } = file.settings;
  const isOne = fitted.length === 1;
  const sds = fitted.map((each) => sdOf(each, residual));
  const sd = itemAt(sds, 0);
  const units = sds.map((each) => (isOne ? 1 : each));
  const residualsIn = (pick: (each: FittedRows) => PredictedSet | undefined): ByTarget =>
    fitted.flatMap((each, t) => residualsOf(pick(each), residual, itemAt(units, t)) ?? []);
  const train = residualsIn((each) => each.train);
  const test = residualsIn((each) => each.test);
  const variables = variablesOf(rows.train, rows.domains);
  const trends = variables.map(({ name, valuesIn }) =>
    trendOf(name, valuesIn(rows.train), train, isOne ? sd : 1),
  );
  const shown = mostTelling(variables, trends);
  return {
    targets: fitted.map(({ fit }) => fit.target),
    residual: RESIDUAL_WORDS[residual],
    sd: isOne ? sd : null,
    variables: shown.map(({ name, kind, valuesIn }) => ({
      name,
      kind,
      train: binsOf(valuesIn(rows.train), train, kind),
      test: rows.test === undefined ? [] : binsOf(valuesIn(rows.test), test, kind),
      outliers: outliersOf(valuesIn(rows.train), train, FAR * (isOne ? sd : 1)),
    })),
    trends,
  };
}

/** The standard deviation of a fit's residuals. */
function sdOf({ fit, train }: FittedRows, residual: ResidualKind): number {
  if (fit.residualSd !== null && fit.residualSd > 0) return fit.residualSd;
  const values = [...(residualsOf(train, residual, 1) ?? [])].filter((r) => !Number.isNaN(r));
  return Math.sqrt(values.reduce((sum, r) => sum + r ** 2, 0) / values.length) || 1;
}

function residualsOf(
  set: PredictedSet | undefined,
  residual: ResidualKind,
  unit: number,
): Float64Array | undefined {
  const { error } = RESIDUAL_UNITS[residual];
  return set?.observed.map((loss, row) => error(itemAt(set.predicted, row), loss) / unit);
}

/** N, D, other inputs, then shares; those that do not vary are left out. */
function variablesOf(train: RunSet, domains: readonly string[]): Variable[] {
  const inputs = Object.keys(train.inputs).map((name): Variable => {
    const isCount = name === "params" || name === "tokens";
    return {
      name: name === "params" ? "N" : name === "tokens" ? "D" : name,
      kind: isCount ? "count" : "other",
      valuesIn: (set) => set.inputs[name] ?? new Float64Array(set.rows).fill(NaN),
    };
  });
  const shares = domains.map((name, d): Variable => ({
    name,
    kind: "share",
    valuesIn: ({ rows, weights }) =>
      Float64Array.from({ length: rows }, (_, row) => itemAt(weights, row * domains.length + d)),
  }));
  return [...inputs, ...shares].filter(({ valuesIn }) => new Set(valuesIn(train)).size > 1);
}

/** N and D, and of the others those whose medians lie farther apart than by chance. */
function mostTelling(
  variables: readonly Variable[],
  trends: readonly ResidualTrend[],
): readonly Variable[] {
  const tells = (variable: Variable): number => {
    const trend = trends[variables.indexOf(variable)];
    if (variable.kind === "count" || trend === undefined) return Infinity;
    return Math.max(...trend.spread.map((spread) => (spread ?? 0) - trend.chance));
  };
  const chosen = variables.toSorted((a, b) => tells(b) - tells(a)).slice(0, MOST_VARIABLES);
  return variables.filter((variable) => chosen.includes(variable));
}

/** Groups whose medians would be drawn closer than this part of the range are one. */
const CLOSE = 0.03;

/** The groups, neighbours put together where they would be drawn at one place. */
function apart(x: Float64Array, groups: readonly number[][], kind: Variable["kind"]): number[][] {
  const placeOf = (rows: readonly number[]): number => {
    const at = median(Float64Array.from(rows, (row) => itemAt(x, row)));
    return kind === "count" ? Math.log(at) : at;
  };
  const places = groups.map(placeOf);
  const close = CLOSE * (Math.max(...places) - Math.min(...places));
  const joined: number[][] = [];
  for (const rows of groups) {
    const last = joined.at(-1);
    if (last !== undefined && placeOf(rows) - placeOf(last) < close) last.push(...rows);
    else joined.push([...rows]);
  }
  return joined;
}

const present = (values: Float64Array, rows: readonly number[]): Float64Array =>
  Float64Array.from(rows, (row) => itemAt(values, row)).filter((value) => !Number.isNaN(value));

function binsOf(
  x: Float64Array,
  byTarget: ByTarget,
  kind: ResidualVariable["kind"],
): ResidualBin[] {
  return apart(x, groupsOf(x, BINS, leastGroup(x)), kind).flatMap((rows) => {
    const targets = byTarget.map((values) => present(values, rows));
    const all = Float64Array.from(targets.flatMap((values) => [...values])).sort();
    if (all.length === 0) return [];
    const at = Float64Array.from(rows, (row) => itemAt(x, row));
    return [
      {
        from: at[0] ?? 0,
        at: median(at),
        to: at.at(-1) ?? 0,
        count: all.length,
        low: quantile(all, 0.1),
        middle: quantile(all, 0.5),
        high: quantile(all, 0.9),
        medians: targets.map((values) => (values.length < LEAST_ROWS ? null : median(values))),
      },
    ];
  });
}

/** How far medians of residuals lie apart between fifths of the rows. */
function trendOf(name: string, x: Float64Array, byTarget: ByTarget, sd: number): ResidualTrend {
  const groups = groupsOf(x, TREND_BINS, leastGroup(x));
  return {
    name,
    spread: byTarget.map((residuals) => {
      const medians = groups
        .map((rows) => present(residuals, rows))
        .filter(({ length }) => length >= LEAST_ROWS)
        .map(median);
      return medians.length < 2 ? null : (Math.max(...medians) - Math.min(...medians)) / sd;
    }),
    chance: chanceSpread(groups.map(({ length }) => length)),
  };
}

/** The range of n independent standard normal numbers, on average: n from 1 to 5. */
const RANGES = [0, 1.128, 1.693, 2.059, 2.326] as const;

/**
 * The spread of medians of groups of independent normal residuals, on average: a median of m has
 * the standard deviation √(π/2m).
 */
const chanceSpread = (sizes: readonly number[]): number =>
  (RANGES[sizes.length - 1] ?? 0) * Math.sqrt(mean(sizes.map((size) => Math.PI / 2 / size)));

/** The rows that lie farthest out. */
function outliersOf(
  x: Float64Array,
  byTarget: ByTarget,
  least: number,
): ResidualVariable["outliers"] {
  const far = byTarget
    .flatMap((values) => Array.from(values, (y, row) => ({ x: itemAt(x, row), y })))
    .filter(({ y }) => Math.abs(y) > least)
    .sort((a, b) => Math.abs(b.y) - Math.abs(a.y))
    .slice(0, MOST_OUTLIERS);
  return { x: Float64Array.from(far, (each) => each.x), y: Float64Array.from(far, ({ y }) => y) };
}
