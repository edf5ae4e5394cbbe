/** What each law predicts for the mixture that was chosen, at the run that is planned. */
import { loss, percent } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { COLOR } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted, rowNames } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

export interface LawPrediction {
  readonly law: string;
  readonly target: string;
  readonly loss: number;
  /** An end that is null is infinite; null where there is none. */
  readonly interval: readonly [low: number | null, high: number | null] | null;
}

export interface LawPredictionsData {
  /** The law that chose the mixture first. */
  readonly laws: readonly string[];
  readonly rows: readonly LawPrediction[];
  /** What the intervals are of; null where no law has some. */
  readonly intervals: { readonly of: "run" | "law"; readonly level: number } | null;
}

/** Targets that have a panel; the table has all. */
const MOST = 24;
const ROW = 26;
/** Room for the losses in figures. */
const FIGURES = 58;

function draw({ laws, rows, intervals }: LawPredictionsData, frame: Frame): Element {
  const { document } = frame;
  const targets = [...new Set(rows.map(({ target }) => target))];
  const all = targets.slice(0, MOST).map((target): Panel => {
    const some = rows.filter((row) => row.target === target);
    return { title: target, draw: (inner) => drawTarget(some, laws, inner) };
  });
  const note =
    intervals === null
      ? 'There are no intervals: "mixlaw fit --bootstrap 1000" makes some.'
      : `Lines: ${percent(intervals.level)} intervals of ${intervals.of === "run" ? "the loss of a new run" : "the law's own value"}. The law that chose the mixture is in blue.`;
  return element(
    document,
    "div",
    {},
    panels(frame, all, { least: 300, most: 520 }),
    element(document, "p", { class: "note" }, note),
    targets.length > MOST
      ? element(
          document,
          "p",
          { class: "note" },
          `The first ${MOST} of ${targets.length} targets; the CSV has all.`,
        )
      : undefined,
  );
}

function drawTarget(
  rows: readonly LawPrediction[],
  laws: readonly string[],
  frame: Frame,
): Element {
  const room = labelRoom(laws, frame.width);
  const ends = rows.flatMap(({ loss: value, interval }) => [value, ...(interval ?? [])]);
  const finite = ends.flatMap((end) => (end === null ? [] : [end]));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const rim = 0.06 * (high - low || 1);
  const domain = [low - rim, high + rim] as const;
  const color = ({ law }: LawPrediction): string => (law === laws[0] ? COLOR.optimum : COLOR.muted);
  return plotted(frame, `Predicted ${rows[0]?.target ?? "losses"} by law`, {
    height: laws.length * ROW + 28,
    marginLeft: room.pixels,
    marginRight: FIGURES,
    marginTop: 2,
    marginBottom: 26,
    x: {
      domain: [...domain],
      label: null,
      grid: true,
      ticks: tickCount(frame.width - room.pixels - FIGURES, 62),
    },
    y: { type: "band", domain: laws, axis: null, padding: 0 },
    marks: [
      rowNames(laws, room),
      Plot.link(
        rows.filter(({ interval }) => interval !== null),
        {
          x1: ({ interval }: LawPrediction) => interval?.[0] ?? domain[0],
          x2: ({ interval }: LawPrediction) => interval?.[1] ?? domain[1],
          y: "law",
          stroke: color,
          strokeWidth: 1.5,
        },
      ),
      Plot.dot(rows, { x: "loss", y: "law", r: 4, fill: color }),
      Plot.text(rows, {
        y: "law",
        frameAnchor: "right",
        textAnchor: "start",
        dx: 8,
        text: (row: LawPrediction) => loss(row.loss),
      }),
    ],
  });
}

const table = ({ rows }: LawPredictionsData): Table => ({
  header: ["law", "target", "predicted", "interval_low", "interval_high"],
  rows: rows.map(({ law, target, loss: value, interval }) => [law, target, value, ...(interval ?? [null, null])]), // prettier-ignore
});

export const lawPredictions: View<LawPredictionsData> = {
  title: "What each law predicts for this mixture",
  reading:
    "A panel is a target, a row what one law of the file predicts for the mixture that was chosen, at the planned run. Laws that lie farther apart than their intervals differ by more than these allow for.",
  draw,
  table,
};
