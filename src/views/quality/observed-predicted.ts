/** Observed against predicted losses: a panel a target, a mark a run. */
import { errorPercent } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";
import { isIn, type SizeGroup, sizeGroups, sizeKeys } from "./size-groups.ts";

/** Rows of a set; all arrays have one number a row. */
export interface ObservedRows {
  /** How many rows the set has; these may be a sample. */
  readonly all: number;
  /** Data row of the table, from 1. */
  readonly rowNumbers: Float64Array;
  /** N; null where the runs have none. */
  readonly params: Float64Array | null;
  /** By target; NaN where the cell is missing. */
  readonly observed: readonly Float64Array[];
  /** By target. */
  readonly predicted: readonly Float64Array[];
}

/** A refit to the smaller runs at the runs of a larger level, as means over these. */
export interface BacktestPoint {
  readonly observed: number;
  readonly predicted: number;
  /** One standard deviation of the errors around their mean, downwards and upwards. */
  readonly spread: readonly [low: number, high: number];
}

/** A panel. */
export interface ObservedTarget {
  readonly target: string;
  readonly law: string;
  /** Mean relative error in percent, of the fitted and of the held-out rows; null where none. */
  readonly trainPercent: number | null;
  readonly testPercent: number | null;
  readonly backtests: readonly BacktestPoint[];
}

export interface ObservedPredictedData {
  readonly targets: readonly ObservedTarget[];
  /** How many targets there are in all: of many, those with the largest errors are shown. */
  readonly allTargets: number;
  readonly train: ObservedRows;
  /** Null where no rows were held out. */
  readonly test: ObservedRows | null;
}

/** A mark of a panel. */
interface Dot {
  readonly observed: number;
  readonly predicted: number;
  readonly size: number | null;
}

const SIZES = { least: 150, most: 480 } as const;

function draw(data: ObservedPredictedData, frame: Frame): Element {
  const { targets, train, test } = data;
  const groups = sizeGroups([...(train.params ?? []), ...(test?.params ?? [])]);
  const all = targets.map((target, t): Panel => {
    const dots = { train: dotsOf(train, t), test: test === null ? [] : dotsOf(test, t) };
    return {
      title: `${target.target}${target.law === targets[0]?.law ? "" : ` (${target.law})`}`,
      note: errorsOf(target),
      draw: (panel) => drawTarget(panel, target, groups, dots),
    };
  });
  const { document } = frame;
  const keys = legend(document, keysOf(data, groups));
  return element(document, "div", {}, keys, panels(frame, all, SIZES), noteOf(data, document));
}

const dotsOf = ({ observed, predicted, params }: ObservedRows, target: number): Dot[] =>
  Array.from(observed[target] ?? [], (value, row) => ({
    observed: value,
    predicted: predicted[target]?.[row] ?? NaN,
    size: params?.[row] ?? null,
  })).filter((dot) => Number.isFinite(dot.observed) && Number.isFinite(dot.predicted));

function drawTarget(
  frame: Frame,
  { target, backtests }: ObservedTarget,
  groups: readonly SizeGroup[],
  { train, test }: { readonly train: readonly Dot[]; readonly test: readonly Dot[] },
): Element {
  const values = [...train, ...test, ...backtests].flatMap((dot) => [dot.observed, dot.predicted]);
  const domain = paddedRange(values);
  const ticks = tickCount(frame.width, 75);
  return plotted(frame, `Observed against predicted ${target}`, {
    height: frame.width,
    marginLeft: 38,
    marginRight: 8,
    marginTop: 20,
    marginBottom: 34,
    x: { domain, label: "observed", ticks, grid: true },
    y: { domain, label: "predicted", ticks, grid: true },
    marks: [
      Plot.line([domain, domain].map((ends, i) => ({ x: ends[i], y: ends[i] })), { x: "x", y: "y", stroke: COLOR.muted, strokeDasharray: "4 3" }), // prettier-ignore
      ...dotMarks(train, groups, { fill: COLOR.train, symbol: "circle" }),
      ...dotMarks(test, groups, { fill: COLOR.test, symbol: "triangle", stroke: COLOR.test }),
      Plot.link(backtests, { x1: "observed", x2: "observed", y1: (point: BacktestPoint) => point.spread[0], y2: (point: BacktestPoint) => point.spread[1], stroke: COLOR.backtest, strokeWidth: 1.5 }), // prettier-ignore
      Plot.dot(backtests, { x: "observed", y: "predicted", symbol: "diamond", r: 3.6, fill: COLOR.paper, stroke: COLOR.backtest, strokeWidth: 2 }), // prettier-ignore
    ],
  });
}

/** Mean relative errors in words: "0.47 %, held out 1.83 %". */
const errorsOf = ({ trainPercent, testPercent }: ObservedTarget): string =>
  [
    ...(trainPercent === null ? [] : [`${errorPercent(trainPercent)} %`]),
    ...(testPercent === null ? [] : [`held out ${errorPercent(testPercent)} %`]),
  ].join(", ");

/** Runs of one set, in groups by size: color is an attribute of a group and not of each mark. */
function dotMarks(
  dots: readonly Dot[],
  groups: readonly SizeGroup[],
  look: { readonly fill: string; readonly symbol: "circle" | "triangle"; readonly stroke?: string },
): Plot.Markish[] {
  const of = (some: readonly Dot[], fill: string): Plot.Markish =>
    Plot.dot(some, { x: "observed", y: "predicted", r: look.symbol === "circle" ? 2 : 2.6, ...look, fill, fillOpacity: 0.75, strokeWidth: 0.8 }); // prettier-ignore
  const unsized = dots.filter(({ size }) => size === null);
  return [
    ...(unsized.length === 0 ? [] : [of(unsized, look.fill)]),
    ...groups.map(
      (group) =>
      of(dots.filter(({ size }) => size !== null && isIn(group, size)), group.color), // prettier-ignore
    ),
  ];
}

/** Smallest and largest, and a little room. */
function paddedRange(values: readonly number[]): [number, number] {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = 0.04 * (most - least) || 0.01 * Math.abs(most) || 1;
  return [least - room, most + room];
}

function keysOf({ targets, test }: ObservedPredictedData, groups: readonly SizeGroup[]): Key[] {
  const isTested = targets.some(({ backtests }) => backtests.length > 0);
  return [
    ...(groups.length === 0
      ? [{ label: "fitted", color: COLOR.train, mark: "dot" as const }]
      : sizeKeys(groups, "dot")),
    ...(test === null ? [] : [{ label: "held out", color: COLOR.test, mark: "triangle" as const }]),
    ...(isTested
      ? [
          {
            label: "back-test: mean of a larger level",
            color: COLOR.backtest,
            mark: "diamond" as const,
          },
        ]
      : []),
  ];
}

/** What is not shown. */
function noteOf(data: ObservedPredictedData, document: Document): Element | undefined {
  const { targets, allTargets, train, test } = data;
  const sampled = [
    { set: train, name: "fitted" },
    { set: test, name: "held-out" },
  ].flatMap(({ set, name }) =>
    set === null || set.rowNumbers.length === set.all
      ? []
      : [`${set.rowNumbers.length} of ${set.all} ${name} rows are drawn, chosen at random`],
  );
  const few =
    targets.length === allTargets
      ? []
      : [
          `${targets.length} of ${allTargets} targets are shown: those with the largest errors of the fitted rows`,
        ];
  const sentences = [...few, ...sampled].map((sentence) => `${sentence}.`);
  return sentences.length === 0
    ? undefined
    : element(document, "p", { class: "note" }, sentences.join(" "));
}

function table({ targets, train, test }: ObservedPredictedData): Table {
  const rowsOf = (set: ObservedRows | null, name: string): (string | number | null)[][] =>
    targets.flatMap(({ target, law }, t) =>
      Array.from(set?.rowNumbers ?? [], (rowNumber, row) => [
        name,
        law,
        target,
        rowNumber,
        set?.params?.[row] ?? null,
        set?.observed[t]?.[row] ?? null,
        set?.predicted[t]?.[row] ?? null,
      ]).filter((cells) => !Number.isNaN(cells[5])),
    );
  const tested = targets.flatMap(({ target, law, backtests }) =>
    backtests.map(({ observed, predicted }) => [
      "back-test",
      law,
      target,
      null,
      null,
      observed,
      predicted,
    ]),
  );
  return {
    header: ["set", "law", "target", "row", "n_params", "observed", "predicted"],
    rows: [...rowsOf(train, "fitted"), ...rowsOf(test, "held out"), ...tested],
  };
}

export const observedPredicted: View<ObservedPredictedData> = {
  title: "Observed and predicted",
  reading:
    "A mark is a run: on the broken line the law predicts what was observed, above it too much. Below a target stands the mean relative error. The stronger the color, the larger the model. Runs that were not fitted should lie as near to the line as those that were.",
  draw,
  table,
};
