/** The objective over mixtures of three parts: bands over a triangle. */
import { percent, significant } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { bandPath, HEIGHT, levelPath, meshOf, placeOf } from "../kit/mesh.ts";
import { between, COLOR } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import type { Frame } from "../kit/view.ts";
import { isSame, levelsOf, markKeys, type SliceData, type SliceMark } from "./slice-data.ts";

const bandColor = (n: number, count: number): string =>
  between(COLOR.paper, "var(--high)", 0.06 + (0.74 * n) / Math.max(1, count));

/** Pixels around the triangle. */
const MARGIN = { left: 34, right: 34, top: 30, bottom: 48 } as const;
/** The largest width that is of use. */
const MOST = 500;

/** Room that legends need beside the triangle. */
const BESIDE = 210;

/** Field and marks, in a triangle with sides of length 1. */
export function drawTriangle(data: SliceData, frame: Frame): Element {
  const { document } = frame;
  const levels = levelsOf(data.losses, data.epsilon);
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
      ...tickMarks(data.span),
      ...pointMarks(data),
      ...cornerMarks(cornerNames(data), width),
    ],
  });
  const keys = element(
    document,
    "div",
    frame.width > width + BESIDE ? { class: "side" } : {},
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
        fill: COLOR.worse,
        "fill-opacity": "0.28",
      });
      add(levelPath(mesh, over, 0, place), { fill: "none", stroke: COLOR.worse, "stroke-width": "1.5" }); // prettier-ignore
    }
    return group;
  };
}

const SVG = "http://www.w3.org/2000/svg";

/** The triangle, with marks of 20, 40, … % of each corner along its edges. */
function tickMarks(span: number): Plot.Markish[] {
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
          text: ({ part }: Line) =>
            significant(100 * (c === 2 ? 1 - span * (1 - part) : span * part), 3),
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

/** "30 % web": of a detail, how much of the two there is at most. */
const cornerNames = ({ corners, span }: SliceData): string[] =>
  corners.map((corner, c) => (span === 1 || c === 2 ? corner : `${percent(span)} ${corner}`));

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
    { label: levels.length === 0 ? "all nearly as good" : `less than ${text(levels[0])} ${more}`, color: color(0) }, // prettier-ignore
    ...levels.map((level, n) => ({
      label: n + 1 === levels.length ? `more than ${text(level)}` : `${text(level)} to ${text(levels[n + 1])}`, // prettier-ignore
      color: color(n + 1),
    })),
  ];
}
