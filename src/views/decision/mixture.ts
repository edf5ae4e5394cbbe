/** The optimal mixture: a bar a domain, with what the runs leave open of it. */
import { percent, significant } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR, faint } from "../kit/palette.ts";
import { Plot, plotted, rowNames } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

type Span = readonly [low: number, high: number];

/** A bound of a domain's share at which the optimum stands. */
export interface MixtureLimit {
  /** Its name: "cap web ≤ 40 %". */
  readonly constraint: string;
  readonly bound: number;
}

/** A domain of the mixture. All shares are parts of 1. */
export interface MixtureRow {
  readonly domain: string;
  readonly share: number;
  /** The interval of the best share by a bootstrap; null without one. */
  readonly interval: Span | null;
  /** Shares of mixtures that lose at most ε; null where that is not known. */
  readonly near: Span | null;
  /** Shares that the runs do not tell apart; null where the share is determined. */
  readonly undetermined: Span | null;
  readonly reference: number;
  readonly uniform: number;
  /** The bound that the share stands at; null where there is none, or the file does not say. */
  readonly limit: MixtureLimit | null;
}

export interface MixtureData {
  readonly rows: readonly MixtureRow[];
  /** Mixtures within this of the best objective count as near-optimal. */
  readonly epsilon: number;
  /** Confidence level of the intervals; null without a bootstrap. */
  readonly level: number | null;
  /** A sentence on each constraint that binds, with its price. */
  readonly binding: readonly string[];
}

/** Height of a row in pixels; of many rows, each. */
const ROW = { few: 36, many: 28 } as const;
const MANY = 12;
/** Within a row: the bar's height, and the lane under it for what is open. */
const BAR = 13;
const GAP = 1;
const LANE = 6;
/** Room for the column of shares on the right. */
const SHARES = 92;

/** Mixtures as near as this are drawn as one. */
const SAME = 1e-9;
const isUniform = ({ reference, uniform }: MixtureRow): boolean =>
  Math.abs(reference - uniform) <= SAME;

function draw(data: MixtureData, frame: Frame): Element {
  const { rows, binding } = data;
  const { document, width } = frame;
  const names = rows.map(({ domain }) => domain);
  const room = labelRoom(names, width);
  const height = rows.length > MANY ? ROW.many : ROW.few;
  const picture = plotted(frame, "Shares of the optimal mixture by domain", {
    height: rows.length * height + 44,
    marginLeft: room.pixels,
    marginRight: SHARES,
    marginTop: 4,
    marginBottom: 40,
    x: {
      domain: [0, Math.min(1, 1.04 * Math.max(...rows.map(furthest)))],
      label: null,
      tickFormat: (x: number) => percent(x, 3),
      grid: true,
      ticks: tickCount(width - room.pixels - SHARES, 90),
    },
    y: { domain: names, axis: null, padding: 0 },
    marks: [rowNames(names, room), ...marksOf(rows, (height - BAR - GAP - LANE) / 2)],
  });
  return element(
    document,
    "div",
    {},
    legend(document, keysOf(data)),
    picture,
    ...(binding.length === 0 ? [] : [listOf(document, binding)]),
  );
}

/** The largest share that is drawn of a domain. */
const furthest = ({
  share,
  reference,
  uniform,
  near,
  interval,
  undetermined,
  limit,
}: MixtureRow): number =>
  Math.max(reference, uniform, limit?.bound ?? 0, undetermined?.[1] ?? Math.max(share, near?.[1] ?? 0, interval?.[1] ?? 0)); // prettier-ignore

const isKnown = ({ undetermined }: MixtureRow): boolean => undetermined === null;

/** Where marks of a row are: bars above, and the lane of what is open under them. */
interface Places {
  readonly bar: { readonly insetTop: number; readonly insetBottom: number };
  readonly lane: { readonly dy: number };
}

/** @param edge pixels above the bar and below the lane */
function marksOf(rows: readonly MixtureRow[], edge: number): Plot.Markish[] {
  const places: Places = {
    bar: { insetTop: edge, insetBottom: edge + LANE + GAP },
    lane: { dy: (BAR + GAP) / 2 },
  };
  return [
    ...barMarks(rows, places),
    ...(rows.every(isUniform) ? [] : comparedMark(rows, places, "uniform")),
    ...comparedMark(rows, places, "reference"),
    Plot.tickX(
      rows.filter(({ limit }) => limit !== null),
      {
        x: (row: MixtureRow) => row.limit?.bound,
        y: "domain",
        title: titleOf,
        insetTop: edge - 3,
        insetBottom: edge - 3,
        stroke: COLOR.worse,
        strokeWidth: 2,
      },
    ),
    Plot.text(rows, {
      y: "domain",
      text: shareText,
      title: titleOf,
      frameAnchor: "right",
      textAnchor: "start",
      dx: 10,
      fill: (row: MixtureRow) => (isKnown(row) ? COLOR.ink : COLOR.muted),
    }),
    Plot.ruleX([0], { stroke: COLOR.muted }),
  ];
}

/** Bars or outlines, with near-optimal ranges and intervals under them. */
function barMarks(rows: readonly MixtureRow[], { bar, lane }: Places): Plot.Markish[] {
  const known = rows.filter(isKnown);
  const ends = (key: "interval" | "near" | "undetermined") => ({
    x1: (row: MixtureRow) => row[key]?.[0],
    x2: (row: MixtureRow) => row[key]?.[1],
    y: "domain" as const,
    title: titleOf,
  });
  return [
    Plot.barX(known, { x: "share", y: "domain", title: titleOf, ...bar, fill: COLOR.optimum }),
    Plot.barX(
      rows.filter((row) => !isKnown(row)),
      { ...ends("undetermined"), ...bar, fill: "none", stroke: COLOR.muted, strokeDasharray: "4 3" }, // prettier-ignore
    ),
    Plot.link(
      known.filter(({ near }) => near !== null),
      { ...ends("near"), ...lane, stroke: COLOR.optimum, strokeOpacity: 0.4, strokeWidth: 5 },
    ),
    Plot.link(
      known.filter(({ interval }) => interval !== null),
      { ...ends("interval"), ...lane, stroke: COLOR.ink, strokeWidth: 1.5 },
    ),
  ];
}

/** A mark that stands out on bars by a margin in the color of the ground. */
function comparedMark(
  rows: readonly MixtureRow[],
  { bar }: Places,
  key: "reference" | "uniform",
): Plot.Markish[] {
  const at = { x: key, y: "domain", title: titleOf, ...bar };
  return [
    Plot.tickX(rows, { ...at, stroke: COLOR.paper, strokeWidth: 6 }),
    Plot.tickX(rows, { ...at, stroke: COLOR[key], strokeWidth: 3 }),
  ];
}

/** The share, or what it may be where the runs do not tell. */
const shareText = ({ share, undetermined }: MixtureRow): string =>
  undetermined === null ? percent(share, 3) : spanText(undetermined);

const spanText = ([low, high]: Span): string =>
  `${significant(100 * low, 2)} – ${percent(high, 2)}`;

/** All that is known of a domain, for whoever points at it. */
function titleOf(row: MixtureRow): string {
  const { domain, share, undetermined, near, interval, reference, limit } = row;
  const open = undetermined === null ? [] : ["not determined by the runs"];
  return [
    `${domain}: ${undetermined === null ? percent(share, 4) : spanText(undetermined)}`,
    ...open,
    ...(near === null ? [] : [`near-optimal ${spanText(near)}`]),
    ...(interval === null ? [] : [`interval ${spanText(interval)}`]),
    `reference ${percent(reference, 4)}`,
    ...(limit === null ? [] : [limit.constraint]),
  ].join("\n");
}

/** The constraints that bind, with their prices. */
function listOf(document: Document, binding: readonly string[]): Element {
  const items = binding.map((sentence) => element(document, "li", {}, sentence));
  return element(
    document,
    "div",
    { class: "notes" },
    element(document, "p", {}, "Constraints that the optimum stands at:"),
    element(document, "ul", {}, ...items),
  );
}

function keysOf({ rows, epsilon, level }: MixtureData): Key[] {
  const isAny = (test: (row: MixtureRow) => boolean): boolean => rows.some(test);
  const key = (isShown: boolean, label: string, color: string, mark: Key["mark"]): Key[] =>
    isShown ? [{ label, color, ...(mark === undefined ? {} : { mark }) }] : [];
  const isOneMark = rows.every(isUniform);
  return [
    ...key(isAny(isKnown), "optimum", COLOR.optimum, "area"),
    ...key(!rows.every(isKnown), "not determined by the runs", COLOR.muted, "outline"),
    ...key(
      isAny((row) => isKnown(row) && row.near !== null),
      `mixtures that lose at most ${significant(epsilon, 2)}`,
      faint(COLOR.optimum, 0.4),
      "band",
    ),
    ...key(level !== null, `${percent(level ?? 0)} interval of the best share`, COLOR.ink, "line"),
    ...key(true, isOneMark ? "reference: uniform" : "reference", COLOR.reference, "tick"),
    ...key(!isOneMark, "uniform", COLOR.uniform, "tick"),
    ...key(
      isAny(({ limit }) => limit !== null),
      "limit that binds",
      COLOR.worse,
      "tick",
    ),
  ];
}

const table = ({ rows }: MixtureData): Table => ({
  header: ["domain", "share", "interval_low", "interval_high", "near_low", "near_high", "undetermined_low", "undetermined_high", "reference", "uniform", "limit"], // prettier-ignore
  rows: rows.map(({ domain, share, interval, near, undetermined, reference, uniform, limit }) => [
    domain,
    share,
    ...(interval ?? [null, null]),
    ...(near ?? [null, null]),
    ...(undetermined ?? [null, null]),
    reference,
    uniform,
    limit?.constraint ?? null,
  ]),
});

export const mixture: View<MixtureData> = {
  title: "The mixture",
  reading:
    "A bar is the share of a domain in the optimum, beside the reference and the uniform mixture. The pale line under it is how far that share can go in mixtures that lose no more than the legend says; the thin line is the interval of the best share by the bootstrap. A dashed outline is a share that the runs do not determine: any in it is as good by them.",
  draw,
  table,
};
