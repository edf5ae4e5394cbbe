/** How the optimal mixture moves with scale: shares as stacked areas with direct labels. */
import { compact, exponential, percent } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR, seriesColor } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { spreadApart } from "../kit/spread.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** The optimum at one scale. */
export interface ScaleStop {
  /** Compute 6ND, or N, or D: what the axis is. */
  readonly at: number;
  /** In the order of the domains. */
  readonly shares: readonly number[];
  readonly isCertified: boolean;
}

export interface ScalePathData {
  readonly axis: "flops" | "params" | "tokens";
  /** Where the run that is planned is. */
  readonly target: number;
  /** From the least to the most of the trained runs; null where the file does not say. */
  readonly trained: readonly [number, number] | null;
  readonly domains: readonly string[];
  /** From the smallest scale to the largest. */
  readonly stops: readonly ScaleStop[];
  /** False where constraints leave no mixture farther on. */
  readonly isWhole: boolean;
  /** Tokens per parameter along the path; null where only one of them is read. */
  readonly ratio: number | null;
}

const HEIGHT = 340;
/** So many domains have an area of their own; the others are one. */
const OWN = 8;
/** A label's height. */
const LINE = 14;

const AXES: Readonly<Record<ScalePathData["axis"], string>> = {
  flops: "training compute 6ND, in FLOPs",
  params: "parameters N",
  tokens: "tokens D",
};

/** An area of the picture. */
interface Layer {
  readonly name: string;
  readonly color: string;
  /** At each stop, from below. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The domains with the largest shares anywhere, the largest at the target on top of the others. */
function layersOf({ domains, stops, target }: ScalePathData): Layer[] {
  const here = stops.find(({ at }) => at === target) ?? itemAt(stops, stops.length - 1);
  const most = (i: number): number => Math.max(...stops.map(({ shares }) => itemAt(shares, i)));
  const ranked = [...domains.keys()].toSorted((a, b) => most(b) - most(a));
  const own = ranked.length <= OWN + 1 ? ranked : ranked.slice(0, OWN);
  const rest = ranked.filter((i) => !own.includes(i));
  const ordered = own.toSorted((a, b) => itemAt(here.shares, a) - itemAt(here.shares, b));
  const groups = [
    ...(rest.length === 0
      ? []
      : [{ name: `${rest.length} others`, color: COLOR.grid, members: rest }]),
    ...ordered.map((i) => ({
      name: itemAt(domains, i),
      color: seriesColor(own.indexOf(i)),
      members: [i],
    })),
  ];
  let below = stops.map(() => 0);
  return groups.map(({ name, color, members }) => {
    const low = below;
    const high = stops.map(({ shares }, s) => members.reduce((sum, i) => sum + itemAt(shares, i), itemAt(low, s))); // prettier-ignore
    below = high;
    return { name, color, low, high };
  });
}

function draw(data: ScalePathData, frame: Frame): Element {
  const { stops, axis, isWhole, ratio } = data;
  const { document, width } = frame;
  const layers = layersOf(data);
  const names = layers.map(labelOf);
  const room = labelRoom(names, width, 0.34);
  const picture = plotted(frame, "Shares of the optimal mixture along the scales", {
    height: HEIGHT,
    marginLeft: 52,
    marginRight: room.pixels + 4,
    marginTop: 24,
    marginBottom: 44,
    x: {
      type: "log",
      label: AXES[axis],
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (x: number) => (axis === "flops" ? exponential(x, 0) : compact(x)),
      ticks: tickCount(width - room.pixels, 130),
    },
    y: { domain: [0, 1], label: null, tickFormat: (y: number) => percent(y, 3), ticks: 5 },
    marks: [...areaMarks(layers, stops), ...scaleMarks(data), ...labelMarks(layers, stops, room.label)], // prettier-ignore
  });
  const uncertified = stops.filter(({ isCertified }) => !isCertified).length;
  const notes = [
    ...(ratio === null ? [] : [`N and D grow together, at ${Number(ratio.toPrecision(3))} tokens per parameter as in this run.`]), // prettier-ignore
    ...(isWhole ? [] : ["The path ends where the constraints leave no mixture."]),
    ...(uncertified === 0
      ? []
      : [`${uncertified} of ${stops.length} optima on the path are not certified.`]),
  ];
  return element(
    document,
    "div",
    {},
    legend(document, keysOf(data)),
    picture,
    element(document, "div", { class: "notes" }, ...notes.map((note) => element(document, "p", {}, note))), // prettier-ignore
  );
}

const labelOf = ({ name, low, high }: Layer): string =>
  `${percent((high.at(-1) ?? 0) - (low.at(-1) ?? 0), 2)} ${name}`;

function areaMarks(layers: readonly Layer[], stops: readonly ScaleStop[]): Plot.Markish[] {
  return layers.map(({ name, color, low, high }) =>
    Plot.areaY(stops, {
      x: "at",
      y1: low,
      y2: high,
      fill: color,
      stroke: COLOR.paper,
      strokeWidth: 0.75,
      title: () => name,
    }),
  );
}

/** The run that is planned, and what was trained. */
function scaleMarks({ target, trained, stops }: ScalePathData): Plot.Markish[] {
  const [from, to] = [itemAt(stops, 0).at, itemAt(stops, stops.length - 1).at];
  const within = trained === null ? [] : [trained.map((x) => Math.min(to, Math.max(from, x)))];
  return [
    Plot.link(within, {
      x1: (ends: readonly number[]) => ends[0],
      x2: (ends: readonly number[]) => ends[1],
      y: 0,
      stroke: COLOR.ink,
      strokeWidth: 6,
      strokeLinecap: "butt",
    }),
    Plot.ruleX([target], { stroke: COLOR.paper, strokeWidth: 4 }),
    Plot.ruleX([target], { stroke: COLOR.ink, strokeWidth: 1.5, strokeDasharray: "4 3" }),
    Plot.text([target], {
      x: (x: number) => x,
      frameAnchor: "top",
      dy: -14,
      text: () => "this run",
    }),
  ];
}

/** Names at the right end, moved apart where areas are thin. */
function labelMarks(
  layers: readonly Layer[],
  stops: readonly ScaleStop[],
  label: (name: string) => string,
): Plot.Markish[] {
  const last = stops.length - 1;
  const inner = HEIGHT - 24 - 44;
  const middles = layers.map(({ low, high }) => (itemAt(low, last) + itemAt(high, last)) / 2);
  const places = spreadApart(middles, LINE / inner, [0, 1]);
  return layers.map((layer, n) =>
    Plot.text([layer], {
      x: () => itemAt(stops, last).at,
      y: () => itemAt(places, n),
      text: () => label(labelOf(layer)),
      title: () => labelOf(layer),
      textAnchor: "start",
      dx: 8,
      fill: layer.color === COLOR.grid ? COLOR.muted : layer.color,
    }),
  );
}

const keysOf = ({ trained }: ScalePathData): Key[] =>
  trained === null ? [] : [{ label: "trained runs", color: COLOR.ink, mark: "band" }];

const table = ({ axis, domains, stops }: ScalePathData): Table => ({
  header: [axis, "certified", ...domains],
  rows: stops.map(({ at, isCertified, shares }) => [at, String(isCertified), ...shares]),
});

export const scalePath: View<ScalePathData> = {
  title: "The optimum at other scales",
  reading:
    "The height of an area is the share of a domain in the optimum of a run of that size, under the same constraints; names and shares at the right are those of the largest run. The dashed line is the run that is planned, the bar at the bottom the sizes that were trained: right of it the laws extrapolate.",
  draw,
  table,
};
