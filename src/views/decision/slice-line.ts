/** The objective over mixtures of two domains: a curve. */
import { percent, significant } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { element } from "../kit/dom.ts";
import { legend } from "../kit/legend.ts";
import { COLOR, faint } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame } from "../kit/view.ts";
import { isSame, levelsOf, markKeys, type SliceData, type SliceMark } from "./slice-data.ts";

/** The objective along the line between two domains. */
export function drawLine(data: SliceData, frame: Frame): Element {
  const { corners, parts, losses, excess, marks, near, epsilon } = data;
  const x = (n: number): number => n / parts;
  const levels = levelsOf(losses, epsilon);
  const second = itemAt(corners, 1);
  const value = (mark: SliceMark): number => itemAt(losses, Math.round(itemAt(mark.parts, 1) * parts)); // prettier-ignore
  const isOne = isSame(marks);
  // Near the ends losses may be huge: what is above all marks and levels is left out.
  const top = 1.15 * Math.max(levels.at(-1) ?? epsilon, ...marks.map(value).filter(Number.isFinite)); // prettier-ignore
  const steps = [...losses.keys()].filter((n) => itemAt(losses, n) <= top);
  const forbidden = [...excess.keys()].filter((n) => itemAt(excess, n) > 0);
  const picture = plotted(frame, "The objective along the line between two domains", {
    height: 280,
    marginLeft: 60,
    marginBottom: 44,
    x: { domain: [0, 1], label: `share of ${second}`, labelAnchor: "center", labelArrow: "none", tickFormat: (part: number) => percent(part, 3), ticks: tickCount(frame.width, 110) }, // prettier-ignore
    y: { domain: [0, top], label: "worse than the optimum by", grid: true, tickFormat: (y: number) => significant(y, 2) }, // prettier-ignore
    marks: [
      Plot.rectX(forbidden, { x1: (n: number) => Math.max(0, x(n - 0.5)), x2: (n: number) => Math.min(1, x(n + 0.5)), fill: COLOR.worse, fillOpacity: 0.12 }), // prettier-ignore
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
  const pale = (color: string): string => faint(color, 0.15);
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
