/** The straight way from the reference mixture to the optimum, and what the losses do along it. */
import { gain, percent, significant } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import { element } from "../kit/dom.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR, faint } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted } from "../kit/plot.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** A number along the way, at equal steps, with the ends of its intervals. */
export interface Along {
  readonly values: Float64Array;
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

export interface WayData {
  readonly from: "reference" | "uniform";
  /** Share of the data that is another domain's at the two ends. */
  readonly distance: number;
  /** The change of the objective from the beginning; null for a goal over all replicates. */
  readonly objective:
    | (Along & {
        /** Of the band; null without a bootstrap. */
        readonly level: number | null;
      })
    | null;
  /** Whether the objective is a ratio of losses. */
  readonly isRatio: boolean;
  readonly targets: readonly (Along & { readonly target: string })[];
  /** Of the targets' bands; null where there are none. */
  readonly prediction: { readonly of: "run" | "law"; readonly level: number } | null;
  /** Where constraints forbid the mixture; null where they are not known. */
  readonly isForbidden: readonly boolean[] | null;
  /** Share of the data by which the nearest trained mixture differs; null where none is known. */
  readonly trained: Float64Array | null;
}

const HEIGHT = 170;
const PANEL = { least: 230, most: 340 } as const;

function draw(data: WayData, frame: Frame): Element {
  const { objective, targets, trained, isForbidden } = data;
  const ends = data.from === "uniform" ? "uniform" : "reference";
  const panel = (
    title: string,
    along: Along,
    color: string,
    text: (y: number) => string,
  ): Panel => ({
    title,
    draw: (inner) => panelOf(inner, { title, along, color, text, start: ends, isForbidden }),
  });
  const loss = (y: number): string => significant(y, 5);
  const all = [
    ...(objective === null ? [] : [panel(data.isRatio ? "Change of the worst ratio" : "Change of the objective", objective, COLOR.optimum, (y) => gain(y).replace(/\.?0+$/, ""))]), // prettier-ignore
    ...targets.map((each) => panel(each.target, each, COLOR.ink, loss)),
    ...(trained === null ? [] : [panel("Distance to what was trained", { values: trained, low: null, high: null }, COLOR.train, (y) => percent(y, 3))]), // prettier-ignore
  ];
  return element(
    frame.document,
    "div",
    {},
    legend(frame.document, keysOf(data)),
    panels(frame, all, PANEL),
  );
}

interface Drawn {
  readonly title: string;
  readonly along: Along;
  readonly color: string;
  readonly text: (y: number) => string;
  readonly start: string;
  readonly isForbidden: readonly boolean[] | null;
}

function panelOf(frame: Frame, { title, along, color, text, start, isForbidden }: Drawn): Element {
  const { values, low, high } = along;
  const steps = [...values.keys()];
  const last = values.length - 1;
  const x = (n: number): number => n / last;
  const forbidden = steps.filter((n) => isForbidden?.[n] === true);
  return plotted(frame, `${title} from the ${start} mixture to the optimum`, {
    height: HEIGHT,
    marginLeft: 54,
    marginRight: 30,
    marginTop: 10,
    marginBottom: 26,
    x: {
      domain: [0, 1],
      label: null,
      ticks: [0, 0.5, 1],
      tickFormat: (part: number) => (part === 0 ? start : part === 1 ? "optimum" : "half way"),
    },
    y: {
      label: null,
      grid: true,
      ticks: 4,
      tickFormat: text,
      nice: true,
      zero: title.startsWith("Distance "),
    },
    marks: [
      Plot.rectX(forbidden, { x1: (n: number) => Math.max(0, x(n - 0.5)), x2: (n: number) => Math.min(1, x(n + 0.5)), fill: COLOR.worse, fillOpacity: 0.12 }), // prettier-ignore
      ...(low === null || high === null || !isFinite(low, high)
        ? []
        : [Plot.areaY(steps, { x, y1: (n: number) => itemAt(low, n), y2: (n: number) => itemAt(high, n), fill: color, fillOpacity: 0.16 })]), // prettier-ignore
      Plot.line(steps, { x, y: (n: number) => itemAt(values, n), stroke: color, strokeWidth: 2 }),
      Plot.dot([0], { x: 0, y: itemAt(values, 0), r: 4.5, fill: COLOR[start === "uniform" ? "uniform" : "reference"], stroke: COLOR.paper }), // prettier-ignore
      Plot.dot([last], { x: 1, y: itemAt(values, last), r: 4.5, fill: COLOR.optimum, stroke: COLOR.paper }), // prettier-ignore
    ],
  });
}

const isFinite = (...arrays: readonly Float64Array[]): boolean =>
  arrays.every((array) => array.every((x) => Number.isFinite(x)));

function keysOf({ objective, prediction, isForbidden, targets }: WayData): Key[] {
  const pale = (color: string): string => faint(color, 0.16);
  const isBanded = targets.some(({ low, high }) => low !== null && high !== null && isFinite(low, high)); // prettier-ignore
  const what = prediction?.of === "law" ? "the law's value" : "a new run";
  return [
    ...(objective === null || objective.level === null
      ? []
      : [{ label: `${percent(objective.level)} interval of the change`, color: pale(COLOR.optimum) }]), // prettier-ignore
    ...(prediction !== null && isBanded
      ? [
          {
            label: `${percent(prediction.level)} interval of the loss of ${what}`,
            color: pale(COLOR.ink),
          },
        ]
      : []),
    ...(isForbidden?.includes(true) === true
      ? [{ label: "forbidden by a constraint", color: pale(COLOR.worse) }]
      : []),
  ];
}

const table = ({ objective, targets, trained, isForbidden }: WayData): Table => {
  const { length } = (objective ?? itemAt(targets, 0)).values;
  const columns = [
    ...(objective === null ? [] : [["objective_change", objective] as const]),
    ...targets.map((each) => [each.target, each] as const),
  ];
  const at = (array: Float64Array | null, n: number): number | null => {
    const value = array?.[n];
    return value === undefined || !Number.isFinite(value) ? null : value;
  };
  return {
    header: ["part_of_the_way", ...columns.flatMap(([name]) => [name, `${name}_low`, `${name}_high`]), "distance_to_trained", "forbidden"], // prettier-ignore
    rows: Array.from({ length }, (_, n) => [
      n / (length - 1),
      ...columns.flatMap(([, { values, low, high }]) => [at(values, n), at(low, n), at(high, n)]),
      at(trained, n),
      isForbidden === null ? null : String(isForbidden[n]),
    ]),
  };
};

export const way: View<WayData> = {
  title: "From the reference to the optimum",
  reading:
    "Each panel goes in a straight line of shares from the reference mixture, on the left, to the optimum, on the right. The objective is what the optimum was chosen by; single targets may rise. A line that is flat near the optimum says that going part of the way gains nearly as much.",
  draw,
  table,
};
