/** The predicted losses of the optimum, beside those of the reference and the uniform mixture. */
import { gain, loss, percent } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR, faint } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** A target's predicted losses. */
export interface OutcomeRow {
  readonly target: string;
  readonly optimum: number;
  readonly reference: number;
  readonly uniform: number;
  /** Of the optimum's loss; an end is null where it is infinite. */
  readonly interval: readonly [number | null, number | null] | null;
}

/** How much more another mixture loses than the optimum, in the objective. */
export interface OutcomeGain {
  readonly over: "reference" | "uniform";
  /** Whether that is the reference too. */
  readonly isUniform: boolean;
  readonly objective: number;
  readonly estimate: number;
  /** Less what is promised because the law chose it; null without a bootstrap. */
  readonly corrected: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

export interface OutcomeData {
  readonly rows: readonly OutcomeRow[];
  readonly objective: number;
  /** What is minimized, in words. */
  readonly goal: string;
  /** Whether the objective is a ratio of losses. */
  readonly isRatio: boolean;
  /** "at N 7B, D 150B (21 tokens per parameter)"; empty without either. */
  readonly scale: string;
  /** Of the rows' intervals; null where there are none. */
  readonly prediction: {
    readonly of: "run" | "law";
    readonly level: number;
    /** Whether the run lies beyond the trained ones. */
    readonly isBeyond: boolean;
  } | null;
  readonly gains: readonly OutcomeGain[];
  /** Confidence level of the gains' intervals; null without a bootstrap. */
  readonly level: number | null;
}

const ROW = 44;

type Finite = OutcomeRow & { readonly interval: readonly [number, number] };
const hasInterval = (row: OutcomeRow): row is Finite =>
  row.interval !== null && row.interval[0] !== null && row.interval[1] !== null;

function draw(data: OutcomeData, frame: Frame): Element {
  const { rows, scale } = data;
  const { document, width } = frame;
  const names = rows.map(({ target }) => target);
  const room = labelRoom([...names, ...rows.map(lossText)], width, 0.42);
  const picture = plotted(frame, "Predicted loss by target, as a difference from the reference", {
    height: rows.length * ROW + 58,
    marginLeft: room.pixels,
    marginRight: 28,
    marginTop: 6,
    marginBottom: 46,
    x: {
      label: "change from the reference",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (x: number) => gain(x).replace(/\.?0+$/, ""),
      grid: true,
      nice: true,
      ticks: tickCount(width - room.pixels, 110),
    },
    y: { domain: names, axis: null, padding: 0 },
    marks: [...namesOf(rows, room.label), ...marksOf(data)],
  });
  return element(
    document,
    "div",
    {},
    scale === "" ? undefined : element(document, "p", { class: "reading" }, `Predicted ${scale}.`),
    legend(document, keysOf(data)),
    picture,
    gainsTable(document, data),
  );
}

const lossText = (row: OutcomeRow): string =>
  hasInterval(row)
    ? `${loss(row.optimum)} (${loss(row.interval[0])} … ${loss(row.interval[1])})`
    : loss(row.optimum);

/** A target's name with its loss under it. */
function namesOf(rows: readonly OutcomeRow[], label: (name: string) => string): Plot.Markish[] {
  const place = { y: "target", frameAnchor: "left", textAnchor: "end", dx: -8 } as const;
  return [
    Plot.text(rows, {
      ...place,
      text: (row: OutcomeRow) => label(row.target),
      title: "target",
      dy: -8,
    }),
    Plot.text(rows, { ...place, text: lossText, fill: COLOR.muted, fontSize: 11, dy: 8 }),
  ];
}

function marksOf({ rows, gains }: OutcomeData): Plot.Markish[] {
  const title = (row: OutcomeRow): string =>
    `${row.target}\noptimum ${lossText(row)}\nreference ${loss(row.reference)}\nuniform ${loss(row.uniform)}`;
  const finite = rows.filter(hasInterval);
  const tick = { y: "target", title, insetTop: 12, insetBottom: 12 };
  return [
    Plot.ruleX([0], { stroke: COLOR.reference, strokeWidth: 1.5, strokeOpacity: 0.5 }),
    Plot.link(finite, {
      x1: ({ interval, reference }: Finite) => interval[0] - reference,
      x2: ({ interval, reference }: Finite) => interval[1] - reference,
      y: "target",
      stroke: COLOR.optimum,
      strokeOpacity: 0.35,
      strokeWidth: 6,
      title,
    }),
    ...(isOneMark(gains)
      ? []
      : [
          Plot.tickX(rows, {
            ...tick,
            x: ({ uniform, reference }: OutcomeRow) => uniform - reference,
            stroke: COLOR.uniform,
            strokeWidth: 3,
          }),
        ]),
    Plot.tickX(rows, { ...tick, x: () => 0, stroke: COLOR.reference, strokeWidth: 3 }),
    Plot.dot(rows, {
      x: ({ optimum, reference }: OutcomeRow) => optimum - reference,
      y: "target",
      r: 5.5,
      fill: COLOR.optimum,
      stroke: COLOR.paper,
      title,
    }),
  ];
}

/** Whether the reference is the uniform mixture. */
const isOneMark = (gains: readonly OutcomeGain[]): boolean =>
  gains.every(({ isUniform }) => isUniform);

function keysOf({ rows, prediction, gains }: OutcomeData): Key[] {
  const isOne = isOneMark(gains);
  const pale = faint(COLOR.optimum, 0.35);
  const what = prediction?.of === "law" ? "the law's value" : "a new run";
  return [
    { label: "optimum", color: COLOR.optimum, mark: "dot" },
    ...(rows.some(hasInterval) && prediction !== null
      ? [
          {
            label: `${percent(prediction.level)} interval of ${what}`,
            color: pale,
            mark: "band" as const,
          },
        ]
      : []),
    { label: isOne ? "reference: uniform" : "reference", color: COLOR.reference, mark: "tick" },
    ...(isOne ? [] : [{ label: "uniform", color: COLOR.uniform, mark: "tick" as const }]),
  ];
}

/** The objective of each mixture, and what the optimum gains over the others. */
function gainsTable(document: Document, data: OutcomeData): Element {
  const { objective, goal, gains, level, isRatio } = data;
  const cells = (tag: "td" | "th", texts: readonly string[]): Element[] =>
    texts.map((text, i) => element(document, i === 0 ? "th" : tag, tag === "th" ? { scope: "col" } : i === 0 ? { scope: "row" } : {}, text)); // prettier-ignore
  const isCorrected = level !== null;
  const head = ["mixture", isRatio ? "ratio" : "objective", "gain of the optimum", ...(isCorrected ? ["corrected", `${percent(level)} interval`] : [])]; // prettier-ignore
  const rows = gains.map(({ over, isUniform, objective: value, estimate, corrected }) => [
    isUniform ? "reference: uniform" : over,
    loss(value),
    gain(estimate),
    ...(isCorrected
      ? corrected === null
        ? ["–", "–"]
        : [gain(corrected.value), `${gain(corrected.low)} … ${gain(corrected.high)}`]
      : []),
  ]);
  const all = [["optimum", loss(objective), "", ...(isCorrected ? ["", ""] : [])], ...rows];
  return element(
    document,
    "div",
    { class: "notes" },
    element(document, "p", {}, `The objective is ${goal}.`),
    element(
      document,
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Gains" },
      element(
        document,
        "table",
        {},
        element(document, "thead", {}, element(document, "tr", {}, ...cells("th", head))),
        element(document, "tbody", {}, ...all.map((row) => element(document, "tr", {}, ...cells("td", row)))), // prettier-ignore
      ),
    ),
    ...missing(data).map((sentence) => element(document, "p", { class: "lacks" }, sentence)),
  );
}

/** What has no interval, and what would give it one. */
function missing({ rows, prediction, level }: OutcomeData): string[] {
  const open = rows.filter((row) => !hasInterval(row));
  return [
    ...(prediction === null
      ? [
          "The losses have no intervals: these come from the bootstrap or the covariance of the fits. Fit with --bootstrap, and optimize without --no-intervals.",
        ]
      : open.length > 0
        ? [
            `${open.length === rows.length ? "The losses have" : `${open.map(({ target }) => target).join(", ")}: the loss has`} no interval${prediction.isBeyond ? ": the run lies beyond the trained ones, and no back-tests say how much the law errs there. Fit runs of more sizes, with --backtest" : ""}.`,
          ]
        : []),
    ...(level === null
      ? [
          "The gain has no interval, and is not corrected for the law having chosen the mixture: that takes a bootstrap. Fit with --bootstrap, and optimize without --no-intervals.",
        ]
      : []),
  ];
}

const table = ({ rows, gains, objective }: OutcomeData): Table => ({
  header: ["quantity", "optimum", "low", "high", "reference", "uniform"],
  rows: [
    ...rows.map(({ target, optimum, interval, reference, uniform }) => [
      target,
      optimum,
      ...(interval ?? [null, null]),
      reference,
      uniform,
    ]),
    ["objective", objective, null, null, ...objectives(gains)],
    ...gains.map(({ over, estimate, corrected }) => [
      `gain over ${over}${corrected === null ? "" : ", corrected"}`,
      corrected?.value ?? estimate,
      corrected?.low ?? null,
      corrected?.high ?? null,
      null,
      null,
    ]),
  ],
});

function objectives(gains: readonly OutcomeGain[]): [number | null, number | null] {
  const at = (name: OutcomeGain["over"]): number | null =>
    gains.find(({ over }) => over === name)?.objective ?? null;
  return [at("reference") ?? at("uniform"), at("uniform")];
}

export const outcome: View<OutcomeData> = {
  title: "What it promises",
  reading:
    "A dot is a target's predicted loss under the optimum, drawn from that of the reference mixture: left of it the target gains. A pale band is the interval of that loss. The table has what all targets gain together by the fit; with a bootstrap, also corrected for the law having chosen this mixture.",
  draw,
  table,
};
