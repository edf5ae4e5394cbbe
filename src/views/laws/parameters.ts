/** Parameters of the law in use with their intervals: a panel for each family of parameters. */
import { exponential, significant } from "../../base/format-number.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { element } from "../kit/dom.ts";
import { COLOR, seriesColor } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted, rowNames } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";
import { clipped, type Scale, scaleOf, ticksOf } from "./parameter-scale.ts";

/** An end that is null is infinite. */
export type OpenSpan = readonly [low: number | null, high: number | null];

/** One number of a fit. */
export interface ParameterRow {
  readonly law: string;
  readonly target: string;
  /** What it is called, without its domain: "C". */
  readonly family: string;
  /** Whose it is; null for a parameter of the law as a whole. */
  readonly domain: string | null;
  /** Null where it has none, as an exponent that went to infinity. */
  readonly value: number | null;
  /** Null where none was made. */
  readonly interval: OpenSpan | null;
  readonly standardError: number | null;
  readonly state: "determined" | "not determined" | "fixed" | "tied";
  /** Whether it ended at a bound of its range. */
  readonly atBound: boolean;
}

export interface ParametersData {
  /** Of all laws. */
  readonly rows: readonly ParameterRow[];
  /** The law that is drawn, by target. */
  readonly used: readonly { readonly target: string; readonly law: string }[];
  /** How the intervals were made, in a sentence a way. */
  readonly intervals: readonly string[];
}

/** Targets up to this many have a color each; of more, only where the values lie is drawn. */
const COLORED = 8;
/** Targets up to this many have a row each. */
const ROWS = 24;
/** Heights in pixels: of a row's rim, and of each point in it. */
const RIM = 10;
const POINT = 8;

function draw({ rows, used, intervals }: ParametersData, frame: Frame): Element {
  const { document } = frame;
  const targets = used.map(({ target }) => target);
  const shown = rows.filter(({ law, target }) =>
    used.some((each) => each.law === law && each.target === target),
  );
  const families = [...new Set(shown.map(({ family }) => family))];
  // Panels of domains are taller than the others, and stand by themselves.
  const rooms = [false, true].map((hasDomains) => {
    const some = families.filter((family) => isOfDomains(family, shown) === hasDomains);
    return panels(frame, some.map((family) => panelOf(family, shown, targets)), { least: 280, most: 520 }); // prettier-ignore
  });
  const note = intervals.map((sentence) => element(document, "p", { class: "note" }, sentence));
  return element(document, "div", {}, legend(document, keysOf(shown, targets)), ...rooms, ...note);
}

const isOfDomains = (family: string, rows: readonly ParameterRow[]): boolean =>
  rows.some((row) => row.family === family && row.domain !== null);

/** What is drawn in a row: of a target, or of a domain. */
type RowName = (row: ParameterRow) => string;

function panelOf(
  family: string,
  shown: readonly ParameterRow[],
  targets: readonly string[],
): Panel {
  const rows = shown.filter((row) => row.family === family);
  const laws = new Set(rows.map(({ law }) => law));
  const hasDomains = isOfDomains(family, rows);
  const nameOf: RowName = ({ domain, target }) =>
    domain ?? (hasDomains || targets.length > ROWS ? "all targets" : target);
  const title = laws.size > 1 || new Set(shown.map(({ law }) => law)).size === 1 ? family : `${family} (${[...laws].join()})`; // prettier-ignore
  return { title, draw: (frame) => drawPanel(rows, { nameOf, targets, hasDomains }, frame) };
}

interface Layout {
  readonly nameOf: RowName;
  readonly targets: readonly string[];
  readonly hasDomains: boolean;
}

function drawPanel(rows: readonly ParameterRow[], layout: Layout, frame: Frame): Element {
  const names = [...new Set(rows.map(layout.nameOf))];
  const most = Math.max(...names.map((name) => rows.filter((row) => layout.nameOf(row) === name).length)); // prettier-ignore
  // Points of a row stand below each other, but where there are too many.
  const lanes = most > COLORED ? 1 : most;
  const room = labelRoom(names, frame.width, 0.42);
  const scale = scaleOf(rows);
  return plotted(frame, `${rows[0]?.family ?? ""}: values and intervals`, {
    height: names.length * (RIM + POINT * lanes) + 30,
    marginLeft: room.pixels,
    marginRight: 14,
    marginTop: 2,
    marginBottom: 28,
    x: {
      type: scale.isLog ? "log" : "linear",
      domain: [scale.low, scale.high],
      label: null,
      grid: true,
      ticks: ticksOf(scale, tickCount(frame.width - room.pixels, 55)),
      tickFormat: short,
    },
    y: { type: "band", domain: names, axis: null, padding: 0 },
    marks: [
      rowNames(names, room),
      Plot.ruleY(names, { y: (name: string) => name, stroke: COLOR.grid, dy: (RIM + POINT * lanes) / 2 }), // prettier-ignore
      ...layout.targets.flatMap((target, t) => {
        const lane = most > COLORED || !layout.hasDomains ? 0 : t - (lanes - 1) / 2;
        const isCrowd = most > COLORED;
        const color = layout.hasDomains && !isCrowd && lanes > 1 ? seriesColor(t) : COLOR.train;
        const some = rows.filter((row) => row.target === target);
        return pointMarks(some, layout.nameOf, scale, { dy: lane * POINT, color, isCrowd });
      }),
    ],
  });
}

/** A number on an axis. @example short(2e7) // "2e7" */
const short = (x: number): string =>
  x !== 0 && (Math.abs(x) >= 1e5 || Math.abs(x) < 1e-3)
    ? exponential(x, 1).replace(".0e", "e")
    : significant(x, 3);

interface Look {
  readonly dy: number;
  readonly color: string;
  /** Whether there are too many points for intervals. */
  readonly isCrowd: boolean;
}

function pointMarks(
  rows: readonly ParameterRow[],
  nameOf: RowName,
  scale: Scale,
  { dy, color, isCrowd }: Look,
): Plot.Markish[] {
  const colorOf = ({ state }: ParameterRow): string => (state === "determined" ? color : COLOR.muted); // prettier-ignore
  const common = { y: nameOf, dy, title: titleOf };
  const valued = rows.filter(({ value }) => value !== null);
  const spans = (isKnown: boolean): Plot.Markish =>
    Plot.link(
      rows.filter(({ interval, state }) => interval !== null && (state === "determined") === isKnown),
      {
        ...common,
        x1: ({ interval }: ParameterRow) => clipped(interval?.[0] ?? -Infinity, scale),
        x2: ({ interval }: ParameterRow) => clipped(interval?.[1] ?? Infinity, scale),
        stroke: colorOf,
        strokeWidth: 1.5,
        strokeDasharray: isKnown ? "none" : "3 3",
      },
    ); // prettier-ignore
  const isBeyond = ({ value }: ParameterRow): boolean => clipped(value ?? 0, scale) !== value;
  return [
    ...(isCrowd ? [] : [spans(true), spans(false)]),
    Plot.dot(
      valued.filter((row) => !isBeyond(row)),
      {
        ...common,
        x: "value",
        r: isCrowd ? 2.5 : 3.2,
        stroke: colorOf,
        strokeWidth: 1.5,
        strokeOpacity: isCrowd ? 0.6 : 1,
        fill: (row: ParameterRow) => (row.state === "determined" && !isCrowd ? color : COLOR.paper),
      },
    ),
    Plot.text(valued.filter(isBeyond), {
      ...common,
      x: ({ value }: ParameterRow) => clipped(value ?? 0, scale),
      text: ({ value }: ParameterRow) => ((value ?? 0) > scale.high ? "▸" : "◂"),
      fill: colorOf,
    }),
    Plot.text(isCrowd ? [] : rows.filter(({ value }) => value === null), {
      ...common,
      frameAnchor: "right",
      text: () => "∞",
      fill: COLOR.muted,
    }),
  ];
}

/** All that is known of a number, for whoever points at it. */
function titleOf({
  law,
  target,
  family,
  domain,
  value,
  interval,
  state,
  atBound,
}: ParameterRow): string {
  // prettier-ignore
  const end = (x: number | null, open: string): string => (x === null ? open : significant(x, 4));
  const span = interval === null ? "" : ` (${end(interval[0], "−∞")} … ${end(interval[1], "∞")})`;
  return [
    `${domain === null ? family : `${family}[${domain}]`}, ${law} ${target}`,
    `${value === null ? "infinite" : significant(value, 4)}${span}`,
    ...(state === "determined" ? [] : [state]),
    ...(atBound ? ["at a bound of its range"] : []),
  ].join("\n");
}

function keysOf(shown: readonly ParameterRow[], targets: readonly string[]): Key[] {
  const hasDomains = shown.some(({ domain }) => domain !== null);
  const isColored = hasDomains && targets.length > 1 && targets.length <= COLORED;
  const isOpen = shown.some(({ state }) => state === "not determined");
  const isHeld = shown.some(({ state }) => state === "fixed" || state === "tied");
  return [
    ...(isColored
      ? targets.map((target, t): Key => ({ label: target, color: seriesColor(t), mark: "dot" }))
      : [{ label: "value", color: COLOR.train, mark: "dot" } as const]),
    ...(isOpen ? [{ label: "not determined by the runs", color: COLOR.muted, mark: "ring" } as const] : []), // prettier-ignore
    ...(isHeld ? [{ label: "held or tied", color: COLOR.muted, mark: "ring" } as const] : []),
  ];
}

const table = ({ rows, used }: ParametersData): Table => ({
  header: ["law", "in_use", "target", "parameter", "domain", "value", "interval_low", "interval_high", "standard_error", "state", "at_bound"], // prettier-ignore
  rows: rows.map((row) => [
    row.law,
    used.some(({ law, target }) => law === row.law && target === row.target) ? 1 : 0,
    row.target,
    row.family,
    row.domain,
    row.value,
    ...(row.interval ?? [null, null]),
    row.standardError,
    row.state,
    row.atBound ? 1 : 0,
  ]),
});

export const parameters: View<ParametersData> = {
  title: "The parameters",
  reading:
    "A dot is the value of a parameter of the law in use, the line its interval. A ring with a broken line is one that the runs do not determine: other values fit as well. The CSV has all laws.",
  draw,
  table,
};
