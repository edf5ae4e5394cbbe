/** The basins of each fit: where the starts of its search ended, beside the best. */
import { percent, significant } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { legend } from "../kit/legend.ts";
import { COLOR } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted, rowNames } from "../kit/plot.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** An optimum that starts and hops ended in. */
export interface BasinRow {
  readonly objective: number;
  readonly starts: number;
  readonly hops: number;
  /** Distance of its parameters from those of the best fit; null where it is not known. */
  readonly distance: number | null;
}

/** The search of one fit. */
export interface BasinsOfFit {
  readonly law: string;
  readonly target: string;
  /** Starts in all, and those that were followed to their end. */
  readonly starts: number;
  readonly followed: number;
  /** Of those followed: how many ended within 0.1 % of the best objective. */
  readonly reachedBest: number;
  /** Best first. */
  readonly basins: readonly BasinRow[];
  /** The objective that each followed start ended with, best first; none in files without them. */
  readonly objectives: Float64Array;
  /** How many more basins there are than are listed. */
  readonly others: number;
  /** The estimated chance that another start would end in a basin not seen; null if unknown. */
  readonly unseen: number | null;
}

export interface BasinsData {
  readonly fits: readonly BasinsOfFit[];
}

/** Objectives up to this much above the best are those of the best basin. */
const BEST = 1e-3;
/** Where the best basin stands (labels need a power of ten), and the largest excess drawn. */
const AXIS = { best: 1e-4, most: 1e4 } as const;
const ROW = 24;
/** Pictures narrower than this leave the chance of an optimum not seen to the table. */
const NARROW = 420;
/** Where the columns right of a picture begin, and the room for them. */
const COLUMNS = { reached: 8, unseen: 92, one: 78, both: 142 } as const;
/** Radius of a dot that all starts ended in, in pixels. */
const RADIUS = 9;

function draw({ fits }: BasinsData, frame: Frame): Element {
  const { document } = frame;
  const laws = [...new Set(fits.map(({ law }) => law))];
  const far = Math.max(0.1, ...fits.flatMap((fit) => [...fit.basins.map(({ objective }) => objective), ...fit.objectives.slice(-1)].map((x) => excessOf(fit, x)))); // prettier-ignore
  const all = laws.map((law): Panel => {
    const some = fits.filter((fit) => fit.law === law);
    return { title: law, draw: (inner) => drawLaw(some, Math.min(far, AXIS.most), inner) };
  });
  const keys = [
    { label: "the best basin", color: COLOR.optimum, mark: "dot" },
    { label: "another optimum; the larger, the more starts ended there", color: COLOR.reference, mark: "dot" }, // prettier-ignore
    { label: "where a single start ended", color: COLOR.reference, mark: "tick" },
    { label: "reached by hops from other optima only", color: COLOR.reference, mark: "ring" },
  ] as const;
  return element(
    document,
    "div",
    {},
    legend(document, keys),
    panels(frame, all, { least: 320, most: 700 }),
  );
}

/** How much more than the best fit loses, as a part of that; an exact fit has nothing below it. */
function excessOf({ basins: [best] }: BasinsOfFit, objective: number): number {
  if (best === undefined || objective <= best.objective) return 0;
  return best.objective > 0 ? objective / best.objective - 1 : AXIS.most;
}

/** Where single starts ended above the best basin; those that a picture cannot part are one. */
function startsAbove(fit: BasinsOfFit): number[] {
  const above = [...fit.objectives].map((x) => excessOf(fit, x)).filter((excess) => excess > BEST);
  const places = new Map(above.map((x) => [Math.round(100 * Math.log10(x)), x]));
  return [...places.values()].map((x) => Math.min(x, AXIS.most));
}

function drawLaw(fits: readonly BasinsOfFit[], far: number, frame: Frame): Element {
  const names = fits.map(({ target }) => target);
  const isNarrow = frame.width < NARROW;
  const shares = isNarrow ? COLUMNS.one : COLUMNS.both;
  const room = labelRoom(names, frame.width, isNarrow ? 0.3 : 0.35);
  const dots = fits.flatMap((fit) =>
    fit.basins.map((basin, n) => ({
      fit,
      basin,
      isBest: n === 0,
      excess: excessOf(fit, basin.objective),
    })),
  );
  const single = fits.flatMap((fit) => startsAbove(fit).map((excess) => ({ fit, excess })));
  type Dot = (typeof dots)[number];
  const radius = ({ basin: { starts, hops }, fit }: Dot): number =>
    Math.max(2.5, RADIUS * Math.sqrt((starts || hops / 4) / Math.max(1, fit.followed)));
  const color = ({ isBest }: Dot): string => (isBest ? COLOR.optimum : COLOR.reference);
  return plotted(frame, "Objectives that the starts ended at, above the best", {
    height: fits.length * ROW + 56,
    marginLeft: room.pixels,
    marginRight: shares,
    marginTop: 18,
    marginBottom: 38,
    x: {
      type: "log",
      domain: [AXIS.best / 2, Math.max(far, 10 * BEST) * 1.6],
      label: "objective above the best",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: [AXIS.best, ...excessTicks(far, frame.width - room.pixels - shares)],
      tickFormat: (x: number) => (x <= AXIS.best ? "best" : `+${percent(x, 1)}`),
      grid: true,
    },
    y: { type: "band", domain: names, axis: null, padding: 0 },
    r: { type: "identity" },
    marks: [
      rowNames(names, room),
      Plot.tickX(single, {
        x: ({ excess }: (typeof single)[number]) => excess,
        y: ({ fit }: (typeof single)[number]) => fit.target,
        inset: 5,
        stroke: COLOR.reference,
        strokeOpacity: 0.6,
      }),
      Plot.dot(dots, {
        x: ({ excess }: Dot) => (excess <= BEST ? AXIS.best : Math.min(excess, AXIS.most)),
        y: ({ fit }: Dot) => fit.target,
        r: radius,
        fill: (dot: Dot) => (dot.basin.starts > 0 ? color(dot) : COLOR.paper),
        stroke: color,
        title: titleOf,
      }),
      ...column(fits, "reached it", COLUMNS.reached, reachedText),
      ...(isNarrow ? [] : column(fits, "unseen", COLUMNS.unseen, unseenText)),
    ],
  });
}

const reachedText = ({ reachedBest, followed }: BasinsOfFit): string =>
  `${reachedBest} of ${followed}`;
const unseenText = ({ unseen }: BasinsOfFit): string =>
  unseen === null ? "–" : percent(unseen, 2);

/** Texts right of the picture, a row a fit, with a heading. */
const column = (
  fits: readonly BasinsOfFit[],
  heading: string,
  dx: number,
  text: (fit: BasinsOfFit) => string,
): Plot.Markish[] => [
  Plot.text(fits, { y: "target", frameAnchor: "right", textAnchor: "start", dx, text }),
  Plot.text([heading], {
    frameAnchor: "top-right",
    textAnchor: "start",
    dx,
    dy: -14,
    fill: COLOR.muted,
    text: (name: string) => name,
  }),
];

/** Powers of ten from 1 % on, as many as have room. */
function excessTicks(far: number, room: number): number[] {
  const all = [1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4].filter((x) => x <= far * 1.6);
  const step = Math.max(1, Math.ceil(all.length / Math.max(1, Math.floor(room / 62) - 1)));
  return all.filter((_, i) => (all.length - 1 - i) % step === 0);
}

function titleOf({
  fit,
  basin,
  excess,
}: {
  readonly fit: BasinsOfFit;
  readonly basin: BasinRow;
  readonly excess: number;
}): string {
  // prettier-ignore
  return [
    `${fit.law} ${fit.target}: objective ${significant(basin.objective, 5)}, ${percent(excess, 2)} above the best`,
    `${basin.starts} starts and ${basin.hops} hops ended there`,
    ...(fit.unseen === null ? [] : [`chance of an optimum that no start has found: ${percent(fit.unseen, 2)}`]), // prettier-ignore
  ].join("\n");
}

const table = ({ fits }: BasinsData): Table => ({
  header: ["law", "target", "objective", "starts", "hops", "distance", "starts_followed", "starts_in_all", "reached_best", "unseen_chance", "more_basins"], // prettier-ignore
  rows: fits.flatMap((fit) =>
    fit.basins.map(({ objective, starts, hops, distance }) => [
      fit.law,
      fit.target,
      objective,
      starts,
      hops,
      distance,
      fit.followed,
      fit.starts,
      fit.reachedBest,
      fit.unseen,
      fit.others,
    ]),
  ),
});

export const basins: View<BasinsData> = {
  title: "Where the starts of the search ended",
  reading:
    "A row is a fit, a dot an optimum that starts ended in: at the left the best one, then how much more the others lose. A tick is where a start ended that did not reach the best. On the right: of the starts that were followed to their end, how many reached it, and the chance that another start would end in an optimum that none has.",
  draw,
  table,
};
