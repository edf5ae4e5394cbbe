/** Observed losses against predicted ones, a small plot a target. */
import { compact, fixed, significant } from "../../../base/format-number.ts";
import { itemAt, lastOf } from "../../../base/known.ts";
import type { Runs, RunSet } from "../../../data/runs/run-set.ts";
import { predictionsAt } from "../../../fit/predict.ts";
import type { FitFile } from "../../../fit/result/fit-file.ts";
import { quantile } from "../../../stats/interval.ts";
import { mean } from "../../../stats/moments.ts";
import type { Medium } from "../../io/output.ts";
import { packed, wrap } from "../../text/layout.ts";
import { DOTS, markOf, type Point, scatter } from "../../text/scatter.ts";
import { harmless } from "../../text/style.ts";
import { padLeft, padRight, shortened, widthOf } from "../../text/width.ts";

/** The points of a target: x is the predicted loss, y how far the observed one is above it. */
interface Panel {
  readonly target: string;
  readonly points: readonly Point[];
}

/**
 * For one law, a plot a target: how far the observed losses are above or below the predicted ones,
 * in percent of them, over the predicted loss; all plots to one scale. Empty where charts are not
 * drawn, or no fit holds.
 */
export function observedPanels(file: FitFile, runs: Runs, medium: Medium): string {
  const { charts, width, style } = medium;
  const shown = charts ? shownLaw(file) : undefined;
  if (shown === undefined) return "";
  const { law, why } = shown;
  const isRelative = file.fits.every(({ train }) => train.mrePercent !== null);
  const panels = panelsOf(file, law, runs, isRelative);
  const sizes = panels.flatMap(({ points }) => points.map(({ y }) => Math.abs(y)));
  const top = edgeOf(sizes);
  if (!(top > 0) || !Number.isFinite(top)) return "";
  const unit = isRelative ? " %" : "";
  const hasTest = panels.some(({ points }) => points.some(({ isMarked }) => isMarked));
  const legend = [
    `${style.bar(DOTS.usual)} rows fitted`,
    ...(hasTest ? [`${style.mark(markOf(style))} held out`] : []),
    "across: predicted",
    ...(sizes.some((size) => size > top) ? ["at the edges: beyond them"] : []),
  ];
  return [
    wrap(`${style.bold(law)}${why}: observed values, above or below the predicted`, width),
    packed(legend, width),
    panelRows(panels, top, unit, medium),
  ].join("\n");
}

/** The law that is shown, and why it is that one; undefined where no fit holds. */
function shownLaw({ fits, chosen }: FitFile): { law: string; why: string } | undefined {
  const holding = fits.filter(({ verdict }) => verdict.status !== "failed");
  const laws = [...new Set(holding.map(({ law }) => law))];
  const [only] = laws;
  if (only === undefined) return undefined;
  if (laws.length === 1) return { law: only, why: "" };
  if (chosen !== undefined && laws.includes(chosen.law))
    return { law: chosen.law, why: " (used where no law is asked for)" };
  const isTested = holding.every(({ test }) => test !== null);
  const meanOf = (law: string): number => {
    const ofLaw = holding.filter((fit) => fit.law === law);
    return mean(ofLaw.map(({ train, test }) => (isTested ? test : train)?.mrePercent ?? Infinity));
  };
  const least = laws.reduce((a, b) => (meanOf(b) < meanOf(a) ? b : a));
  return { law: least, why: ` (least error on the rows ${isTested ? "held out" : "fitted"})` }; // prettier-ignore
}

/** The points of each target that the law holds at. */
function panelsOf(file: FitFile, law: string, runs: Runs, isRelative: boolean): Panel[] {
  const ofLaw = { ...file, fits: file.fits.filter((fit) => fit.law === law) };
  const sets = [runs.train, ...(runs.test === undefined ? [] : [runs.test])];
  const predicted = sets.map((set) => ({
    set,
    values: predictionsAt(ofLaw, { ...runs, train: set }),
  }));
  return itemAt(predicted, 0).values.map(({ fit: { target } }, n) => ({
    target,
    points: predicted.flatMap(({ set, values }) =>
      pointsOf(set, runs.targets.indexOf(target), itemAt(values, n).values).map(({ x, y }) => ({
        x,
        y: isRelative ? 100 * (y / x - 1) : y - x,
        isMarked: set === runs.test,
      })),
    ),
  }));
}

/** Predicted and observed losses of the rows that have both. */
function pointsOf(
  { losses }: RunSet,
  target: number,
  predicted: Float64Array,
): { readonly x: number; readonly y: number }[] {
  const observed = losses[target] ?? new Float64Array();
  return [...observed]
    .map((y, row) => ({ x: predicted[row] ?? NaN, y }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

/** A few points that are far off must not flatten all others. */
const WITHIN = 0.98;

/** Where the plots end: a little beyond nearly all points. */
function edgeOf(sizes: readonly number[]): number {
  if (sizes.length === 0) return 0;
  const sorted = Float64Array.from(sizes).sort();
  const nearly = quantile(sorted, WITHIN);
  const last = lastOf(sorted);
  return last <= 2 * nearly ? last : 1.25 * nearly;
}

/** Columns of a plot, and what is between two. */
const PLOT = { least: 16, most: 40, gap: 2 } as const;

/** As many plots side by side as there is room for. */
function panelRows(
  panels: readonly Panel[],
  top: number,
  unit: string,
  { width, style }: Medium,
): string {
  const lines = panels.length === 1 ? 7 : 5;
  const end = significant(top, 2);
  const labels = Array.from(
    { length: lines },
    (_, line) =>
    line === 0 ? `+${end}${unit}` : line === (lines - 1) / 2 ? "0" : line === lines - 1 ? `-${end}${unit}` : "", // prettier-ignore
  );
  const margin = Math.max(...labels.map(widthOf)) + 1;
  const room = width - margin + PLOT.gap;
  const most = Math.max(1, Math.floor(room / (PLOT.least + PLOT.gap)));
  const rows = Math.ceil(panels.length / most);
  const beside = Math.ceil(panels.length / rows);
  const columns = Math.min(PLOT.most, Math.floor(room / beside) - PLOT.gap);
  const gap = " ".repeat(PLOT.gap);
  const draw = ({ target, points }: Panel): string[] => {
    const x = extentOf(points);
    return [
      padRight(shortened(harmless(target), columns), columns),
      ...scatter(points, { columns, lines, x, y: top }, style),
      padRight(style.dim(scaleLine(x, columns)), columns),
    ];
  };
  return Array.from({ length: rows }, (_, row) => {
    const drawn = panels.slice(row * beside, (row + 1) * beside).map(draw);
    return ["", ...labels, ""]
      .map((label, line) => {
        const cells = drawn.map((each) => itemAt(each, line)).join(gap);
        return `${padLeft(style.dim(label), margin - 1)} ${cells}`.trimEnd();
      })
      .join("\n");
  }).join("\n");
}

function extentOf(points: readonly Point[]): readonly [number, number] {
  const values = points.map(({ x }) => x);
  return [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}

/** The least and the largest predicted loss, at the ends of the plot. */
function scaleLine([low, high]: readonly [number, number], columns: number): string {
  const text = (value: number): string =>
    Math.abs(value) < 1000 ? fixed(value, 2) : compact(value);
  return text(low) + padLeft(text(high), columns - widthOf(text(low)));
}
