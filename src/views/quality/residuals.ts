/** Residuals against N, D and shares: what a law misses in a systematic way. */
import { compact, percent, significant } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR, seriesColor } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { logTicks, tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";
import { drawTrends, mapped, placesOfLargest, tellings } from "./residual-trends.ts";
import type { ResidualBin, ResidualsData, ResidualVariable } from "./residuals-data.ts";

const SIZES = { least: 160, most: 480 } as const;
/** Pixels of a panel's height, and residuals that it reaches to, in standard deviations. */
const HEIGHT = 170;
const REACH = 3;
/** So many targets have a color of their own. */
const COLORED = 8;

function draw(data: ResidualsData, frame: Frame): Element {
  const { document } = frame;
  const all = data.variables.map((variable): Panel => ({
    title: titleOf(variable),
    draw: (panel) => drawVariable(panel, data, variable),
  }));
  return element(
    document,
    "div",
    {},
    legend(document, keysOf(data)),
    panels(frame, all, SIZES),
    ...(data.targets.length > 1
      ? [element(document, "h4", {}, "How far medians lie apart"), drawTrends(data, frame)]
      : []),
    element(document, "p", { class: "note" }, noteOf(data, frame.width)),
  );
}

const titleOf = ({ name, kind }: ResidualVariable): string =>
  kind === "share" ? `share of ${name}` : name;

function drawVariable(frame: Frame, data: ResidualsData, variable: ResidualVariable): Element {
  const { kind, train, test, outliers, name } = variable;
  const sd = data.sd ?? 1;
  const limit = REACH * sd;
  const inside = (y: number): number => Math.max(-limit, Math.min(limit, y));
  const bounds = [...train, ...test].flatMap(({ from, to }) => [from, to]);
  const range: [number, number] = [Math.min(...bounds), Math.max(...bounds)];
  const ticks = tickCount(frame.width - 46, kind === "count" ? 46 : 50);
  const far = Array.from(outliers.x, (x, i) => ({ x, y: inside(outliers.y[i] ?? 0) }));
  return plotted(frame, `Residuals against ${name}`, {
    height: HEIGHT,
    marginLeft: data.sd === null ? 28 : 50,
    marginRight: 21,
    marginTop: 8,
    marginBottom: 26,
    x: {
      type: kind === "count" ? "log" : "linear",
      domain: range,
      label: null,
      ticks: kind === "count" ? logTicks(range, ticks) : ticks,
      tickFormat: kind === "share" ? (x: number) => percent(x, 2) : compact,
    },
    y: { domain: [-limit, limit], label: null, ticks: 5, grid: true },
    marks: [
      Plot.areaY(train, { x: "at", y1: (bin: ResidualBin) => inside(bin.low), y2: (bin: ResidualBin) => inside(bin.high), fill: COLOR.muted, fillOpacity: 0.18 }), // prettier-ignore
      Plot.dot(far, { x: "x", y: "y", r: 1.8, stroke: COLOR.muted, strokeWidth: 1 }),
      Plot.ruleY([0], { stroke: COLOR.ink }),
      ...targetLines(targetColors(data), train, inside),
      Plot.link(test, { x1: "at", x2: "at", y1: (bin: ResidualBin) => inside(bin.low), y2: (bin: ResidualBin) => inside(bin.high), stroke: COLOR.test, strokeWidth: 1.5 }), // prettier-ignore
      Plot.dot(test, { x: "at", y: (bin: ResidualBin) => inside(bin.middle), symbol: "triangle", r: 4, fill: COLOR.paper, stroke: COLOR.test, strokeWidth: 2 }), // prettier-ignore
    ],
  });
}

/** The medians of each target over the variable. */
function targetLines(
  colors: readonly string[],
  bins: readonly ResidualBin[],
  inside: (y: number) => number,
): Plot.Markish[] {
  // Gray lines come first, under those that tell.
  const order = [...colors.keys()].sort(
    (a, b) => Number(colors[a] !== COLOR.uniform) - Number(colors[b] !== COLOR.uniform),
  );
  return order.map((t) => {
    const stroke = colors[t] ?? COLOR.uniform;
    const points = bins.flatMap(({ at, medians }) => {
      const y = medians[t] ?? null;
      return y === null ? [] : [{ x: at, y: inside(y) }];
    });
    const isGray = stroke === COLOR.uniform;
    const look = { stroke, strokeWidth: isGray ? 0.7 : colors.length > 1 ? 1.5 : 2.2 };
    return points.length === 1
      ? Plot.dot(points, { x: "x", y: "y", r: 3, ...look })
      : Plot.line(points, { x: "x", y: "y", ...look });
  });
}

/** Colors of the targets whose medians lie farthest apart; others are gray. */
function targetColors(data: ResidualsData): string[] {
  if (data.targets.length === 1) return [COLOR.train];
  const colored = placesOfLargest(tellings(data), COLORED);
  return data.targets.map((_, t) =>
    colored.includes(t) ? seriesColor(colored.indexOf(t)) : COLOR.uniform,
  );
}

function keysOf(data: ResidualsData): Key[] {
  const { targets, variables } = data;
  const colors = targetColors(data);
  const colored = targets.flatMap((label, t) => {
    const color = colors[t] ?? COLOR.uniform;
    return color === COLOR.uniform ? [] : [{ label, color, mark: "line" as const }];
  });
  const hasTest = variables.some(({ test }) => test.length > 0);
  return [
    ...(targets.length === 1 ? [{ label: "median", color: COLOR.train, mark: "line" as const }] : colored), // prettier-ignore
    ...(targets.length > COLORED
      ? [{ label: "other targets", color: COLOR.uniform, mark: "line" as const }]
      : []),
    { label: "eight of ten residuals", color: COLOR.grid },
    ...(hasTest
      ? [{ label: "held out: median, eight of ten", color: COLOR.test, mark: "triangle" as const }]
      : []),
  ];
}

function noteOf(data: ResidualsData, width: number): string {
  const { residual, sd, targets, variables, trends } = data;
  const unit =
    sd === null
      ? `Residuals are ${residual}, in standard deviations of each target's residuals.`
      : `Residuals are ${residual}; their standard deviation is ${significant(sd, 2)}.`;
  const few =
    variables.length === trends.length
      ? ""
      : ` ${variables.length} of ${trends.length} variables have a panel: N, D, and those in which medians lie farthest apart.`;
  const { rows, columns } = mapped(data, width);
  const part =
    rows.length === trends.length && columns.length === targets.length
      ? ""
      : ` Shown are ${columns.length} of ${targets.length} targets and ${rows.length} of ${trends.length} variables, those with the largest numbers; the CSV file has all.`;
  const [least, most] = [Math.min, Math.max].map((end) =>
    significant(end(...trends.map(({ chance }) => chance).filter((chance) => chance > 0)), 1),
  );
  const chances = least === most ? least : `${least} (${most} where few rows differ)`;
  const map =
    targets.length === 1
      ? ""
      : ` A number says how far the medians of fifths of the rows lie apart; noise alone makes about ${chances} of it, more where rows share their error.${part}`;
  return `${unit} A dot at the edge is a residual beyond ${significant(REACH * (sd ?? 1), 2)}.${few}${map}`;
}

/** A row a bin of a panel, then a row a variable with how far its medians lie apart. */
function table({ targets, variables, trends }: ResidualsData): Table {
  const bins = variables.flatMap(({ name, train, test }) =>
    [
      { set: "fitted", bins: train },
      { set: "held out", bins: test },
    ].flatMap(
      ({ set, bins: some }) =>
      some.map(({ from, at, to, count, low, middle, high, medians }) => [name, set, from, at, to, count, low, middle, high, ...medians]), // prettier-ignore
    ),
  );
  const spreads = trends.map(({ name, spread }) => [name, "spread of medians", null, null, null, null, null, null, null, ...spread]); // prettier-ignore
  return {
    header: ["variable", "set", "from", "median", "to", "residuals", "tenth", "half", "nine_tenths", ...targets.map((target) => `median_${target}`)], // prettier-ignore
    rows: [...bins, ...spreads],
  };
}

export const residuals: View<ResidualsData> = {
  title: "Residuals",
  reading:
    "A line is the median of a target's residuals, the gray band holds eight of ten residuals of all targets. Lines should run along zero: one that rises, falls or bends shows what the law misses there. Above zero the law predicts too much.",
  draw,
  table,
};
