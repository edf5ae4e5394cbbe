/** How far each law was off: on the rows it was fitted to, on rows held out, and in back-tests. */
import { errorPercent } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { legend } from "../kit/legend.ts";
import { COLOR } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted, rowNames } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** The error of one fit on one set of rows. */
export interface LawErrors {
  readonly law: string;
  readonly target: string;
  readonly of: "train" | "test" | "backtest";
  /** In percent of the losses. */
  readonly percent: number;
}

export interface LawErrorsData {
  /** The law that the file has chosen, and those that it cannot tell from it. */
  readonly chosen: string | null;
  readonly alike: readonly string[];
  /** What chose it. */
  readonly by: string | null;
  readonly errors: readonly LawErrors[];
  /** The errors that the choice went by, in percent. */
  readonly chosenErrors: readonly { readonly law: string; readonly percent: number }[];
}

const SETS = {
  train: { title: "rows that were fitted", color: COLOR.train },
  test: { title: "rows that were held out", color: COLOR.test },
  backtest: { title: "back-tests at larger runs", color: COLOR.backtest },
} as const;

const ROW = 30;

function draw({ errors, chosen, alike, by, chosenErrors }: LawErrorsData, frame: Frame): Element {
  const { document } = frame;
  const laws = [...new Set(errors.map(({ law }) => law))];
  const sets = (["train", "test", "backtest"] as const).filter((of) => errors.some((each) => each.of === of)); // prettier-ignore
  const all = sets.map((of): Panel => {
    const some = errors.filter((each) => each.of === of);
    return { title: SETS[of].title, draw: (inner) => drawSet(some, laws, of, inner) };
  });
  const keys = [
    { label: "a target", color: COLOR.muted, mark: "ring" },
    { label: "mean over the targets", color: COLOR.ink, mark: "tick" },
  ] as const;
  const others = alike.filter((law) => law !== chosen);
  const figures = chosenErrors.map(({ law, percent }) => `${law} ${errorPercent(percent)} %`);
  const words =
    chosen === null
      ? []
      : [
          `The file uses ${chosen} where no law is asked for, by ${by ?? ""} (${figures.join(", ")})${others.length === 0 ? "" : `; the comparison does not tell it from ${others.join(", ")}`}.`,
        ];
  return element(
    document,
    "div",
    {},
    legend(document, keys),
    panels(frame, all, { least: 280, most: 520 }),
    ...words.map((text) => element(document, "p", { class: "note" }, text)),
  );
}

function drawSet(
  errors: readonly LawErrors[],
  laws: readonly string[],
  of: LawErrors["of"],
  frame: Frame,
): Element {
  const room = labelRoom(laws, frame.width);
  const most = Math.max(...errors.map(({ percent }) => percent));
  const means = laws.flatMap((law) => {
    const some = errors.filter((each) => each.law === law);
    const sum = some.reduce((total, { percent }) => total + percent, 0);
    const mean = sum / some.length;
    return some.length === 0 ? [] : [{ law, mean, text: `${errorPercent(mean)} %` }];
  });
  const { pixels: right } = labelRoom(
    means.map(({ text }) => text),
    frame.width,
  );
  return plotted(frame, `Errors of the laws, ${SETS[of].title}`, {
    height: laws.length * ROW + 44,
    marginLeft: room.pixels,
    marginRight: right,
    marginTop: 4,
    marginBottom: 40,
    x: {
      domain: [0, 1.05 * most || 1],
      label: "error, %",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      ticks: tickCount(frame.width - room.pixels - right, 60),
    },
    y: { type: "band", domain: laws, axis: null, padding: 0.3 },
    marks: [
      rowNames(laws, room),
      Plot.dot(errors, {
        x: "percent",
        y: "law",
        r: 4,
        stroke: SETS[of].color,
        strokeWidth: 1.5,
        title: ({ law, target, percent }: LawErrors) => `${law} ${target}: ${errorPercent(percent)} %`, // prettier-ignore
      }),
      Plot.tickX(means, { x: "mean", y: "law", stroke: COLOR.ink, strokeWidth: 2.5 }),
      Plot.text(means, {
        y: "law",
        frameAnchor: "right",
        textAnchor: "start",
        dx: 8,
        text: "text",
      }),
    ],
  });
}

const table = ({ errors }: LawErrorsData): Table => ({
  header: ["law", "target", "rows", "error_percent"],
  rows: errors.map(({ law, target, of, percent }) => [law, target, of, percent]),
});

export const lawErrors: View<LawErrorsData> = {
  title: "How far each law was off",
  reading:
    "A ring is the mean relative error of a law at one target, the bar the mean over the targets. What counts are errors on rows that a law has not seen: a law with more parameters comes closer to those that it was fitted to. Back-tests are fits to the smaller runs alone.",
  draw,
  table,
};
