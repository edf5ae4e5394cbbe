/** Back-tests: how a law erred at runs larger than those it was fitted to, and what is expected. */
import { compact, percent, significant } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { logTicks } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** Errors at runs beyond those that were fitted, in percent of the loss. */
export interface ErrorBeyond {
  /** How far beyond the fitted runs, in natural logarithms. */
  readonly distance: number;
  /** Mean of predicted − observed, and its standard deviation between runs. */
  readonly mean: number;
  readonly sd: number;
  readonly rows: number;
}

/** A refit to the smaller runs at the runs of a larger level. */
export interface BacktestError extends ErrorBeyond {
  /** The largest value of the ladder's axis that was fitted, and that which was predicted. */
  readonly fittedTo: number;
  readonly predicted: number;
  /** How many levels were fitted. */
  readonly levels: number;
}

/** A panel. */
export interface BacktestsTarget {
  readonly target: string;
  readonly law: string;
  readonly tests: readonly BacktestError[];
  /** Runs that were held out and lie beyond the fitted ones. */
  readonly heldOut: readonly ErrorBeyond[];
  /** Half widths of the interval of a new run's error at distances. */
  readonly expected: { readonly distance: Float64Array; readonly half: Float64Array };
  /** How far the run to plan lies beyond; null without an optimum. */
  readonly plan: number | null;
}

export interface BacktestsData {
  readonly targets: readonly BacktestsTarget[];
  readonly allTargets: number;
  /** By what runs are larger than others: "N", "D" or "6ND". */
  readonly axis: string;
  /** Confidence level of the interval. */
  readonly level: number;
  /** Targets that have no back-tests. */
  readonly untested: readonly string[];
}

const SIZES = { least: 160, most: 480 } as const;
const HEIGHT = 190;

function draw(data: BacktestsData, frame: Frame): Element {
  const { targets } = data;
  const { document } = frame;
  const all = targets.map((target): Panel => ({
    title: target.law === targets[0]?.law ? target.target : `${target.target} (${target.law})`,
    draw: (panel) => drawTarget(panel, target),
  }));
  return element(
    document,
    "div",
    {},
    legend(document, keysOf(data)),
    panels(frame, all, SIZES),
    element(document, "p", { class: "note" }, noteOf(data)),
  );
}

function drawTarget(frame: Frame, { target, tests, heldOut, expected, plan }: BacktestsTarget) {
  const points = Array.from(expected.distance, (distance, i) => ({
    distance,
    half: expected.half[i] ?? 0,
  }));
  const far = points.at(-1)?.distance ?? 1;
  const reach = reachOf(tests, heldOut, points, plan);
  const factors = logTicks([1, Math.exp(far)], Math.max(3, Math.floor(frame.width / 60)));
  const bars = (some: readonly ErrorBeyond[], color: string): Plot.Markish =>
    Plot.link(some, { x1: "distance", x2: "distance", y1: ({ mean, sd }: ErrorBeyond) => mean - sd, y2: ({ mean, sd }: ErrorBeyond) => mean + sd, stroke: color, strokeWidth: 1.5 }); // prettier-ignore
  return plotted(frame, `Errors of back-tests of ${target} by distance`, {
    height: HEIGHT,
    marginLeft: 48,
    marginRight: 24,
    marginTop: 10,
    marginBottom: 26,
    x: {
      domain: [0, far],
      ticks: factors.map(Math.log),
      tickFormat: (x: number) => `× ${significant(Math.exp(x), 3)}`,
      label: null,
    },
    y: { domain: [-reach, reach], ticks: 5, tickFormat: (y: number) => `${significant(y, 3)} %`, label: null, grid: true }, // prettier-ignore
    marks: [
      Plot.areaY(points, { x: "distance", y1: ({ half }: { half: number }) => -half, y2: "half", fill: COLOR.muted, fillOpacity: 0.18, clip: true }), // prettier-ignore
      Plot.ruleY([0], { stroke: COLOR.ink }),
      Plot.ruleX(plan === null ? [] : [plan], { stroke: COLOR.optimum, strokeDasharray: "4 3", strokeWidth: 1.5 }), // prettier-ignore
      bars(tests, COLOR.backtest),
      bars(heldOut, COLOR.test),
      Plot.dot(tests, { x: "distance", y: "mean", symbol: "diamond", r: 4, fill: COLOR.paper, stroke: COLOR.backtest, strokeWidth: 2, title: titleOf }), // prettier-ignore
      Plot.dot(heldOut, { x: "distance", y: "mean", symbol: "triangle", r: 4, fill: COLOR.paper, stroke: COLOR.test, strokeWidth: 2 }), // prettier-ignore
    ],
  });
}

const titleOf = ({ fittedTo, predicted, mean, rows }: BacktestError): string =>
  `fitted up to ${compact(fittedTo)}, ${rows} runs at ${compact(predicted)} predicted: mean error ${significant(mean, 2)} %`;

/** The largest error that is drawn. */
function reachOf(
  tests: readonly ErrorBeyond[],
  heldOut: readonly ErrorBeyond[],
  expected: readonly { readonly distance: number; readonly half: number }[],
  plan: number | null,
): number {
  const errors = [...tests, ...heldOut].map(({ mean, sd }) => Math.abs(mean) + sd);
  const asked = Math.max(plan ?? 0, ...tests.map(({ distance }) => distance));
  const halves = expected.filter(({ distance }) => distance <= asked).map(({ half }) => half);
  return 1.08 * Math.max(1e-6, ...errors, ...halves);
}

function keysOf({ targets, level }: BacktestsData): Key[] {
  const has = (isSo: (target: BacktestsTarget) => boolean): boolean => targets.some(isSo);
  return [
    { label: "back-test: mean error, ± sd", color: COLOR.backtest, mark: "diamond" },
    ...(has(({ heldOut }) => heldOut.length > 0)
      ? [{ label: "held-out runs", color: COLOR.test, mark: "triangle" as const }]
      : []),
    { label: `${percent(level)} of new runs expected`, color: COLOR.grid },
    ...(has(({ plan }) => plan !== null)
      ? [{ label: "the run to plan", color: COLOR.optimum, mark: "dashed" as const }]
      : []),
  ];
}

function noteOf({ targets, allTargets, axis, untested }: BacktestsData): string {
  const few =
    targets.length + untested.length === allTargets
      ? ""
      : ` ${targets.length} of ${allTargets} targets are shown: those with the largest errors of the fitted rows.`;
  const without =
    untested.length === 0 ? "" : ` There are no back-tests of ${untested.join(", ")}.`;
  return `Refits know the runs up to a level of ${axis}. Distance is the largest factor by which a run lies beyond the fitted ones in N, D or 6ND, as far as the law uses them. The band has noise and the law's error by back-tests; what the runs leave open of the parameters comes on top.${few}${without}`;
}

const table = ({ targets }: BacktestsData): Table => ({
  header: ["target", "law", "kind", "fitted_to", "predicted", "levels", "distance", "runs", "mean_error_percent", "sd_percent", "half_width_percent"], // prettier-ignore
  rows: targets.flatMap(({ target, law, tests, heldOut, expected }) => [
    ...tests.map(({ fittedTo, predicted, levels, distance, rows, mean, sd }) => [target, law, "back-test", fittedTo, predicted, levels, distance, rows, mean, sd, null]), // prettier-ignore
    ...heldOut.map(({ distance, rows, mean, sd }) => [target, law, "held out", null, null, null, distance, rows, mean, sd, null]), // prettier-ignore
    ...Array.from(expected.distance, (distance, i) => [target, law, "expected", null, null, null, distance, null, null, null, expected.half[i] ?? null]), // prettier-ignore
  ]),
});

export const backtests: View<BacktestsData> = {
  title: "Errors beyond the runs",
  reading:
    "A diamond is a refit to the smaller runs, at larger ones: how far it was off, in percent of the loss, by how far beyond they lay. The gray band is the error to expect of a new run. Diamonds on one side of zero are a bias that may go on.",
  draw,
  table,
};
