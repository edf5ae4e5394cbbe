/** The optimal mixture: a bar a domain, with what the runs leave open of it. */
import { percent, significant } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import type { Frame, Table, View } from "../kit/view.ts";

type Span = readonly [low: number, high: number];

/** A domain of the mixture. All shares are parts of 1. */
export interface MixtureRow {
  readonly domain: string;
  readonly share: number;
  /** The interval of the best share by a bootstrap; null without one. */
  readonly interval: Span | null;
  /** Shares of mixtures that lose next to nothing; null where that is not known. */
  readonly near: Span | null;
  /** Shares that the runs do not tell apart; null where the share is determined. */
  readonly undetermined: Span | null;
  readonly reference: number;
  readonly uniform: number;
}

export interface MixtureData {
  readonly rows: readonly MixtureRow[];
  /** Mixtures within this of the best objective count as near-optimal. */
  readonly epsilon: number;
  /** Confidence level of the intervals; null without a bootstrap. */
  readonly level: number | null;
}

/** Height of a row, in pixels. */
const ROW = 34;

function draw(data: MixtureData, frame: Frame): Element {
  const { rows } = data;
  const room = labelRoom(
    rows.map(({ domain }) => domain),
    frame.width,
  );
  const picture = plotted(frame, "Shares of the optimal mixture by domain", {
    height: rows.length * ROW + 48,
    marginLeft: room.pixels,
    marginRight: 52,
    marginBottom: 36,
    x: {
      domain: [0, Math.min(1, 1.08 * Math.max(...rows.map(furthest), ...rows.map(endOf)))],
      label: "share of the tokens",
      tickFormat: (x: number) => percent(x, 3),
      grid: true,
      ticks: Math.max(3, Math.floor(frame.width / 130)),
    },
    y: {
      domain: rows.map(({ domain }) => domain),
      label: null,
      tickFormat: room.label,
      tickSize: 0,
      padding: 0.35,
    },
    marks: marksOf(rows),
  });
  return element(frame.document, "div", {}, legend(frame.document, keysOf(data)), picture);
}

/** The largest share that is drawn of a domain. */
const furthest = ({ share, reference, uniform }: MixtureRow): number =>
  Math.max(share, reference, uniform);

/** Where a row's bar and spans end: its label stands right of that. */
const endOf = ({ share, near, interval, undetermined }: MixtureRow): number =>
  undetermined?.[1] ?? Math.max(share, near?.[1] ?? 0, interval?.[1] ?? 0);

function marksOf(rows: readonly MixtureRow[]): Plot.Markish[] {
  const isKnown = ({ undetermined }: MixtureRow): boolean => undetermined === null;
  const known = rows.filter(isKnown);
  const spanOf = (key: "interval" | "near" | "undetermined", color: string, size: number) =>
    Plot.link(
      rows.filter((row) => row[key] !== null && (key === "undetermined" || isKnown(row))),
      {
        x1: (row: MixtureRow) => row[key]?.[0],
        x2: (row: MixtureRow) => row[key]?.[1],
        y: "domain",
        stroke: color,
        strokeWidth: size,
      },
    );
  return [
    Plot.barX(known, { x: "share", y: "domain", fill: COLOR.optimum, title: "domain" }),
    spanOf("undetermined", COLOR.grid, 10),
    spanOf("near", COLOR.muted, 5),
    spanOf("interval", COLOR.ink, 1.5),
    Plot.tickX(rows, { x: "reference", y: "domain", stroke: COLOR.reference, strokeWidth: 2.5 }),
    Plot.tickX(rows, { x: "uniform", y: "domain", stroke: COLOR.uniform, strokeWidth: 1.5 }),
    Plot.text(rows, {
      x: endOf,
      y: "domain",
      text: (row: MixtureRow) => (isKnown(row) ? percent(row.share, 3) : "not determined"),
      textAnchor: "start",
      dx: 8,
    }),
    Plot.ruleX([0], { stroke: COLOR.muted }),
  ];
}

function keysOf({ rows, epsilon, level }: MixtureData): Key[] {
  const isOpen = rows.some(({ undetermined }) => undetermined !== null);
  return [
    { label: "optimum", color: COLOR.optimum },
    { label: `mixtures within ${significant(epsilon, 2)} of it`, color: COLOR.muted },
    ...(level === null ? [] : [{ label: `${percent(level)} interval`, color: COLOR.ink }]),
    { label: "reference", color: COLOR.reference },
    { label: "uniform", color: COLOR.uniform },
    ...(isOpen ? [{ label: "not determined", color: COLOR.grid }] : []),
  ];
}

const table = ({ rows }: MixtureData): Table => ({
  header: ["domain", "share", "interval_low", "interval_high", "near_low", "near_high", "undetermined_low", "undetermined_high", "reference", "uniform"], // prettier-ignore
  rows: rows.map(({ domain, share, interval, near, undetermined, reference, uniform }) => [
    domain,
    share,
    ...(interval ?? [null, null]),
    ...(near ?? [null, null]),
    ...(undetermined ?? [null, null]),
    reference,
    uniform,
  ]),
});

export const mixture: View<MixtureData> = {
  title: "The mixture",
  reading:
    "A bar is the share of a domain in the optimum. The thick line is how far that share can go in mixtures that lose next to nothing, the thin line what the bootstrap leaves open.",
  draw,
  table,
};
