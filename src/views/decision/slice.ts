/** The objective over mixtures of three parts as a field over a triangle; of two, as a curve. */
import { percent, significant } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { bandPath, HEIGHT, levelPath, meshOf, placeOf } from "../kit/mesh.ts";
import { between, COLOR } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** A mixture that is marked; its parts are what it has of each corner. */
export interface SliceMark {
  readonly kind: "optimum" | "reference" | "uniform";
  readonly parts: readonly number[];
}

export interface SliceData {
  /** Two or three domains; or two of them and the rest, which keeps its proportions. */
  readonly corners: readonly string[];
  /** Whether the corners are all domains, so that every mixture is in the picture. */
  readonly isAll: boolean;
  /** Steps from corner to corner: points are those of `views/kit/mesh.ts`, or of a line. */
  readonly parts: number;
  /** The objective at the optimum. */
  readonly best: number;
  /** How much worse each point is. */
  readonly losses: Float64Array;
  /** By how much each point breaks a constraint; allowed where it is at most 0. */
  readonly excess: Float64Array;
  readonly constraints: "known" | "unknown";
  readonly epsilon: number;
  /** The outline of the near-optimal mixtures, parts one after the other. */
  readonly near: Float64Array;
  readonly marks: readonly SliceMark[];
  /** The trained mixtures, parts one after the other. */
  readonly trained: Float64Array;
  readonly unit: "loss" | "ratio";
}

/** Bands of the field, at most. */
const BANDS = 8;
/** Of the points, this part is in the first band at least, and this part in the last. */
const WITHIN = [0.02, 0.94] as const;

/** Levels of 1, 2 and 5 times powers of ten that part the values. */
export function levelsOf(losses: Float64Array): number[] {
  const sorted = losses.filter((x) => x > 0 && Number.isFinite(x)).sort();
  if (sorted.length === 0) return [];
  const [low, high] = WITHIN.map((p) => itemAt(sorted, Math.floor(p * (sorted.length - 1))));
  const from = Math.floor(Math.log10(low ?? 1));
  const to = Math.ceil(Math.log10(high ?? 1));
  const all = Array.from({ length: to - from + 1 }, (_, n) => from + n)
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    .filter((level) => level >= (low ?? 0) && level <= (high ?? 0));
  return all.length < BANDS ? all : all.slice(1 - BANDS);
}

const bandColor = (n: number, count: number): string =>
  between(COLOR.paper, "var(--high)", 0.06 + (0.74 * n) / Math.max(1, count));

/** Pixels around the triangle. */
const MARGIN = { left: 34, right: 34, top: 30, bottom: 48 } as const;
/** The largest width that is of use. */
const MOST = 600;

/** Field and marks, in a triangle with sides of length 1. */
function drawTriangle(data: SliceData, frame: Frame): Element {
  const { document } = frame;
  const levels = levelsOf(data.losses);
  const width = Math.min(frame.width, MOST);
  const picture = plotted({ document, width }, "The objective over mixtures of three parts", {
    height: (width - MARGIN.left - MARGIN.right) * HEIGHT + MARGIN.top + MARGIN.bottom,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, HEIGHT], axis: null },
    marks: [
      fieldMark(data, levels),
      ...tickMarks(),
      ...pointMarks(data),
      ...cornerMarks(data.corners, width),
    ],
  });
  const keys = element(
    document,
    "div",
    { class: "side" },
    legend(document, fieldKeys(data, levels)),
    legend(document, markKeys(data)),
  );
  return element(document, "div", { class: "panels" }, picture, keys);
}

/** Values that are not finite count as the largest that is. */
function finite(values: Float64Array): Float64Array {
  const most = values.reduce((a, b) => (Number.isFinite(b) ? Math.max(a, b) : a), 0);
  return values.map((x) => (Number.isFinite(x) ? x : most));
}

/** Bands of the objective, with what constraints forbid veiled. */
function fieldMark({ parts, losses, excess }: SliceData, levels: readonly number[]): Plot.Markish {
  const mesh = meshOf(parts);
  const worse = finite(losses);
  const over = finite(excess);
  const edges = [-Infinity, ...levels, Infinity];
  return (_, { x, y }, __, ___, { document }) => {
    const place = (px: number, py: number): [number, number] => [Number(x?.(px)), Number(y?.(py))];
    const group = document.createElementNS(SVG, "g");
    const add = (path: string, attributes: Readonly<Record<string, string>>): void => {
      const shape = document.createElementNS(SVG, "path");
      for (const [name, value] of Object.entries({ d: path, ...attributes }))
        shape.setAttribute(name, value);
      group.append(shape);
    };
    for (const [n, low] of edges.slice(0, -1).entries()) {
      const fill = bandColor(n, levels.length);
      // A stroke of its own color covers the seams between small triangles.
      add(bandPath(mesh, worse, [low, itemAt(edges, n + 1)], place), { fill, stroke: fill, "stroke-width": "0.6" }); // prettier-ignore
    }
    if (over.some((value) => value > 0)) {
      add(bandPath(mesh, over, [0, Infinity], place), {
        fill: COLOR.paper,
        "fill-opacity": "0.72",
      });
      add(levelPath(mesh, over, 0, place), { fill: "none", stroke: COLOR.worse, "stroke-width": "1.5" }); // prettier-ignore
    }
    return group;
  };
}

const SVG = "http://www.w3.org/2000/svg";

/** The triangle, with marks of 20, 40, … % of each corner along its edges. */
function tickMarks(): Plot.Markish[] {
  const steps = [0.2, 0.4, 0.6, 0.8];
  const lines = [0, 1, 2].flatMap((c) =>
    steps.map((part) => {
      const ends = [1, 2].map((other) => {
        const parts = [0, 0, 0];
        parts[c] = part;
        parts[(c + other) % 3] = 1 - part;
        return placeOf(parts);
      });
      return { c, part, from: itemAt(ends, 0), to: itemAt(ends, 1) };
    }),
  );
  type Line = (typeof lines)[number];
  // Beside the edge on which the next corner has none: outside of the triangle.
  const shift = [[0, 14], [14, -4], [-14, -4]] as const; // prettier-ignore
  const edge = [placeOf([0, 0, 0]), placeOf([1, 0, 0]), placeOf([0, 1, 0]), placeOf([0, 0, 1])];
  return [
    Plot.link(lines, {
      x1: ({ from }: Line) => from[0],
      y1: ({ from }: Line) => from[1],
      x2: ({ to }: Line) => to[0],
      y2: ({ to }: Line) => to[1],
      stroke: COLOR.ink,
      strokeOpacity: 0.1,
    }),
    Plot.line([...edge.slice(1), itemAt(edge, 1)], { x: "0", y: "1", stroke: COLOR.muted }),
    ...shift.map(([dx, dy], c) =>
      Plot.text(
        lines.filter((line) => line.c === c),
        {
          x: ({ from }: Line) => from[0],
          y: ({ from }: Line) => from[1],
          text: ({ part }: Line) => String(100 * part),
          dx,
          dy,
          fill: COLOR.muted,
          fontSize: 10,
        },
      ),
    ),
  ];
}

/** Trained mixtures, near-optimal ones, and those that are compared. */
function pointMarks({ near, trained, marks }: SliceData): Plot.Markish[] {
  const outline = pointsOf(near);
  const mark = (kind: SliceMark["kind"]) =>
    marks.filter((each) => each.kind === kind).map(({ parts }) => placeOf(parts));
  const place = { x: "0", y: "1" } as const;
  return [
    Plot.dot(pointsOf(trained), { ...place, r: 1.8, fill: "none", stroke: COLOR.muted, strokeOpacity: 0.8 }), // prettier-ignore
    Plot.line([...outline, ...outline.slice(0, 1)], { ...place, stroke: COLOR.optimum, strokeWidth: 1.8, strokeDasharray: "4 2" }), // prettier-ignore
    ...(isSame(marks) ? [] : [Plot.dot(mark("uniform"), { ...place, r: 5.5, fill: COLOR.uniform, stroke: COLOR.paper, strokeWidth: 1.5 })]), // prettier-ignore
    Plot.dot(mark("reference"), { ...place, r: 5.5, fill: COLOR.reference, stroke: COLOR.paper, strokeWidth: 1.5 }), // prettier-ignore
    Plot.dot(mark("optimum"), { ...place, r: 6.5, fill: COLOR.optimum, stroke: COLOR.paper, strokeWidth: 1.5 }), // prettier-ignore
  ];
}

const pointsOf = (parts: Float64Array): (readonly [number, number])[] =>
  Array.from({ length: parts.length / 3 }, (_, n) => placeOf(parts.subarray(3 * n, 3 * n + 3)));

/** Whether the reference is the uniform mixture. */
function isSame(marks: readonly SliceMark[]): boolean {
  const [reference, uniform] = (["reference", "uniform"] as const).map(
    (kind) => marks.find((each) => each.kind === kind)?.parts ?? [],
  );
  return (reference ?? []).every((x, c) => Math.abs(x - (uniform?.[c] ?? 0)) < 1e-9);
}

/** The corners' names, at most half of the width each. */
function cornerMarks(corners: readonly string[], width: number): Plot.Markish[] {
  const half = (width - MARGIN.left - MARGIN.right) / 2;
  const at = [
    { x: 0, y: 0, textAnchor: "start", dx: -MARGIN.left + 4, dy: 34 },
    { x: 1, y: 0, textAnchor: "end", dx: MARGIN.right - 4, dy: 34 },
    { x: 0.5, y: HEIGHT, textAnchor: "middle", dx: 0, dy: -16 },
  ] as const;
  return at.map(({ x, y, textAnchor, dx, dy }, c) => {
    const name = itemAt(corners, c);
    const { label } = labelRoom([name], half, 1);
    return Plot.text([name], { x: () => x, y: () => y, textAnchor, dx, dy, fontWeight: 600, text: label, title: String }); // prettier-ignore
  });
}

function fieldKeys({ unit }: SliceData, levels: readonly number[]): Key[] {
  const color = (n: number): string => bandColor(n, levels.length);
  const text = (level: number | undefined): string => significant(level ?? 0, 1);
  const more = unit === "ratio" ? "larger ratio" : "worse";
  return [
    { label: levels.length === 0 ? "as good" : `less than ${text(levels[0])} ${more}`, color: color(0) }, // prettier-ignore
    ...levels.map((level, n) => ({
      label: n + 1 === levels.length ? `more than ${text(level)}` : `${text(level)} to ${text(levels[n + 1])}`, // prettier-ignore
      color: color(n + 1),
    })),
  ];
}

function markKeys({ marks, epsilon, excess, trained, isAll, constraints }: SliceData): Key[] {
  const isOne = isSame(marks);
  const isProjected = isAll ? "" : ", by its parts";
  return [
    { label: "optimum", color: COLOR.optimum, mark: "dot" },
    { label: `at most ${significant(epsilon, 2)} worse`, color: COLOR.optimum, mark: "dashed" },
    { label: `${isOne ? "reference: uniform" : "reference"}${isProjected}`, color: COLOR.reference, mark: "dot" }, // prettier-ignore
    ...(isOne
      ? []
      : [{ label: `uniform${isProjected}`, color: COLOR.uniform, mark: "dot" as const }]),
    ...(trained.length === 0 ? [] : [{ label: `trained mixture${isProjected}`, color: COLOR.muted, mark: "ring" as const }]), // prettier-ignore
    ...(excess.some((x) => x > 0) ? [{ label: "end of what constraints allow", color: COLOR.worse, mark: "line" as const }] : []), // prettier-ignore
    ...(constraints === "unknown" ? [{ label: "constraints are not known: an older optimum file", color: COLOR.muted, mark: "outline" as const }] : []), // prettier-ignore
  ];
}

/** The objective along the line between two domains. */
function drawLine(data: SliceData, frame: Frame): Element {
  const { corners, parts, losses, excess, marks, near, epsilon } = data;
  const steps = [...losses.keys()].filter((n) => Number.isFinite(losses[n]));
  const x = (n: number): number => n / parts;
  const levels = levelsOf(losses);
  const second = itemAt(corners, 1);
  const value = (mark: SliceMark): number => itemAt(losses, Math.round(itemAt(mark.parts, 1) * parts)); // prettier-ignore
  const isOne = isSame(marks);
  const picture = plotted(frame, "The objective along the line between two domains", {
    height: 280,
    marginLeft: 60,
    marginBottom: 44,
    x: { domain: [0, 1], label: `share of ${second}`, labelAnchor: "center", labelArrow: "none", tickFormat: (part: number) => percent(part, 3), ticks: Math.max(2, Math.floor(frame.width / 110)) }, // prettier-ignore
    y: { domain: [0, levels.at(-1) ?? 1], clamp: true, label: "worse than the optimum by", grid: true, tickFormat: (y: number) => significant(y, 2) }, // prettier-ignore
    marks: [
      Plot.rectX(steps.filter((n) => itemAt(excess, n) > 0), { x1: (n: number) => Math.max(0, x(n - 0.5)), x2: (n: number) => Math.min(1, x(n + 0.5)), fill: COLOR.worse, fillOpacity: 0.12 }), // prettier-ignore
      Plot.rectX([near], { x1: (ends: Float64Array) => ends[1], x2: (ends: Float64Array) => ends[3], fill: COLOR.optimum, fillOpacity: 0.15 }), // prettier-ignore
      Plot.tickX(data.trained.filter((_, n) => n % 2 === 1), { x: (part: number) => part, stroke: COLOR.muted, strokeOpacity: 0.5, insetTop: 220 }), // prettier-ignore
      Plot.line(steps, {
        x,
        y: (n: number) => itemAt(losses, n),
        stroke: COLOR.ink,
        strokeWidth: 2,
      }),
      Plot.dot(marks.filter(({ kind }) => !(isOne && kind === "uniform")), { x: ({ parts: of }: SliceMark) => of[1], y: value, r: 6, fill: ({ kind }: SliceMark) => COLOR[kind], stroke: COLOR.paper, title: "kind" }), // prettier-ignore
    ],
  });
  const keys = markKeys(data).filter(({ mark }) => mark === "dot");
  const pale = (color: string): string => `color-mix(in srgb, ${color} 15%, ${COLOR.paper})`;
  return element(
    frame.document,
    "div",
    {},
    legend(frame.document, [
      ...keys,
      { label: `at most ${significant(epsilon, 2)} worse`, color: pale(COLOR.optimum) },
      ...(excess.some((over) => over > 0) ? [{ label: "forbidden by a constraint", color: pale(COLOR.worse) }] : []), // prettier-ignore
      { label: "trained mixture", color: COLOR.muted, mark: "tick" },
    ]),
    picture,
  );
}

const table = ({ corners, parts, losses, excess }: SliceData): Table => {
  const rows: (number | string)[][] = [];
  const add = (of: readonly number[]): void => {
    const [loss, over] = [losses[rows.length], excess[rows.length]];
    rows.push([...of, loss !== undefined && Number.isFinite(loss) ? loss : "", String((over ?? 0) <= 0)]); // prettier-ignore
  };
  if (corners.length === 2) for (let i = 0; i <= parts; i++) add([1 - i / parts, i / parts]);
  else
    for (let i = 0; i <= parts; i++)
      for (let j = 0; i + j <= parts; j++) add([i / parts, j / parts, (parts - i - j) / parts]);
  return { header: [...corners, "worse_than_optimum", "allowed"], rows };
};

export const slice: View<SliceData> = {
  title: "Where the optimum lies among the mixtures",
  reading:
    "Each corner is all of one domain; with more than three domains two of them are those that trade off most, and the third is all others, in the proportions that they have in the optimum. The darker, the worse the objective; inside the dashed line it is nearly as good as the best. Other mixtures are placed by their parts: with more than three domains their other shares may differ from the picture's.",
  draw: (data, frame) =>
    data.corners.length === 2 ? drawLine(data, frame) : drawTriangle(data, frame),
  table,
};
