/** Losses over D for chosen mixtures: what the law says, and the runs that were made. */
import { compact, percent } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";
import { element } from "../kit/dom.ts";
import { type Key, legend } from "../kit/legend.ts";
import { COLOR, orderedColor } from "../kit/palette.ts";
import { type Panel, panels } from "../kit/panels.ts";
import { Plot, plotted } from "../kit/plot.ts";
import { logTicks, tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** A mixture at a size, over D. */
export interface LossCurve {
  /** "optimum", "reference", "uniform", or "trained". */
  readonly mixture: "optimum" | "reference" | "uniform" | "trained";
  /** N; null where the law has none. */
  readonly params: number | null;
  /** Predicted losses at the D of the group. */
  readonly values: Float64Array;
  /** The interval of a new run; an end is infinite, or NaN, where there is none. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Runs of the mixtures of a group. */
export interface LossPoint {
  /** Which curve of the panel they belong to. */
  readonly curve: number;
  readonly tokens: number;
  readonly loss: number;
  readonly isTest: boolean;
}

/** A panel. */
export interface LossPanel {
  readonly target: string;
  readonly law: string;
  readonly curves: readonly LossCurve[];
  readonly points: readonly LossPoint[];
}

/** Panels of one question. */
export interface LossGroup {
  readonly title: string;
  /** Largest shares of the mixture of trained runs; empty of several mixtures, or none. */
  readonly shares: readonly { readonly domain: string; readonly share: number }[];
  /** D of the points of all curves. */
  readonly tokens: Float64Array;
  /** D of the run to plan; null without one. */
  readonly plan: number | null;
  readonly panels: readonly LossPanel[];
}

export interface LossesData {
  readonly groups: readonly LossGroup[];
  readonly targets: number;
  readonly allTargets: number;
  readonly level: number;
}

const SIZES = { least: 160, most: 480 } as const;
const HEIGHT = 200;

function draw(data: LossesData, frame: Frame): Element {
  const { document } = frame;
  const parts = data.groups.map((group) => {
    const pictures = group.panels.map((panel) => panelOf(group, panel));
    const shares = group.shares.length === 0 ? undefined : sharesOf(group);
    return element(
      document,
      "div",
      { class: "together" },
      element(document, "h4", {}, group.title),
      legend(document, keysOf(group, data.level)),
      panels(frame, pictures, SIZES),
      shares === undefined ? undefined : element(document, "p", { class: "note" }, shares),
    );
  });
  const few =
    data.targets === data.allTargets
      ? undefined
      : element(document, "p", { class: "note" }, `${data.targets} of ${data.allTargets} targets are shown: those with the largest errors of the fitted rows.`); // prettier-ignore
  return element(document, "div", {}, ...parts, few);
}

const panelOf = (group: LossGroup, panel: LossPanel): Panel => ({
  title: panel.law === group.panels[0]?.law ? panel.target : `${panel.target} (${panel.law})`,
  draw: (frame) => drawTarget(frame, group, panel),
});

/** So many shares are named; what is left is the others'. */
const NAMED = 6;

function sharesOf({ shares }: LossGroup): string {
  const named = shares.slice(0, NAMED).map(({ domain, share }) => `${domain} ${percent(share, 3)}`);
  const others = shares.slice(NAMED);
  const rest = others.reduce((sum, { share }) => sum + share, 0);
  const more =
    others.length === 0 ? "" : `, ${count(others.length, "other domain")} ${percent(rest, 3)}`;
  return `The mixture: ${named.join(", ")}${more}.`;
}

/** A point of a curve. */
interface At {
  readonly tokens: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function drawTarget(frame: Frame, group: LossGroup, panel: LossPanel): Element {
  const { curves, points } = panel;
  const { tokens, plan } = group;
  const colors = colorsOf(curves);
  const lines = curves.map(
    ({ values, low, high }) =>
    Array.from(tokens, (at, i): At => ({ tokens: at, value: values[i] ?? 0, low: low[i] ?? NaN, high: high[i] ?? NaN })), // prettier-ignore
  );
  const range: [number, number] = [tokens[0] ?? 1, tokens.at(-1) ?? 1];
  const losses = [...points.map((point) => point.loss), ...lines.flat().map(({ value }) => value)];
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const room = 0.06 * (most - least) || 0.01;
  const marked = (isTest: boolean): readonly LossPoint[] =>
    points.filter((point) => point.isTest === isTest);
  const fill = ({ curve }: LossPoint): string => colors[curve] ?? COLOR.ink;
  return plotted(frame, `Loss ${panel.target} over training tokens`, {
    height: HEIGHT,
    marginLeft: 38,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 26,
    x: {
      type: "log",
      domain: range,
      ticks: logTicks(range, tickCount(frame.width - 50, 42)),
      tickFormat: compact,
      label: null,
    },
    y: { domain: [least - room, most + room], ticks: 5, label: null, grid: true },
    marks: [
      ...lines.map((line, c) => bandOf(hasBand(curves[c]) ? line : [], colors[c] ?? COLOR.ink)),
      Plot.ruleX(plan === null ? [] : [plan], { stroke: COLOR.muted, strokeDasharray: "4 3" }),
      ...lines.map(
        (line, c) =>
        Plot.line(line, { x: "tokens", y: "value", stroke: colors[c] ?? COLOR.ink, strokeWidth: 1.8 }), // prettier-ignore
      ),
      Plot.dot(marked(false), { x: "tokens", y: "loss", r: 2.4, fill, stroke: COLOR.paper, strokeWidth: 0.6 }), // prettier-ignore
      Plot.dot(marked(true), { x: "tokens", y: "loss", symbol: "triangle", r: 3, fill, stroke: COLOR.test, strokeWidth: 1.2 }), // prettier-ignore
    ],
  });
}

/** Bands that lie on each other hide what they say: of the run to plan the optimum's is drawn. */
const hasBand = (curve: LossCurve | undefined): boolean =>
  curve?.mixture === "optimum" || curve?.mixture === "trained";

/** The interval of new runs, where there is one. */
const bandOf = (line: readonly At[], color: string): Plot.Markish =>
  Plot.areaY(
    line.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high)),
    { x: "tokens", y1: "low", y2: "high", fill: color, fillOpacity: 0.13, clip: true },
  );

/** Mixtures have the colors that they have everywhere; sizes of one mixture are light to dark. */
function colorsOf(curves: readonly LossCurve[]): string[] {
  const trained = curves.filter(({ mixture }) => mixture === "trained");
  return curves.map((curve) =>
    curve.mixture === "trained"
      ? orderedColor(trained.length === 1 ? 1 : trained.indexOf(curve) / (trained.length - 1))
      : COLOR[curve.mixture],
  );
}

function keysOf({ panels: all, plan }: LossGroup, level: number): Key[] {
  const curves = all[0]?.curves ?? [];
  const colors = colorsOf(curves);
  const points = all.flatMap((panel) => panel.points);
  const banded = all
    .flatMap((panel) => panel.curves)
    .find((curve) => hasBand(curve) && curve.low.some(Number.isFinite));
  const ofOptimum = banded?.mixture === "optimum" ? " at the optimum" : "";
  return [
    ...curves.map(({ mixture, params }, c): Key => {
      const size = params === null ? "the law" : `N ${compact(params)}`;
      const label = mixture === "trained" ? size : mixture;
      return { label, color: colors[c] ?? COLOR.ink, mark: "line" };
    }),
    ...(points.some(({ isTest }) => !isTest) ? [{ label: "runs", color: COLOR.ink, mark: "dot" as const }] : []), // prettier-ignore
    ...(points.some(({ isTest }) => isTest) ? [{ label: "held-out runs", color: COLOR.test, mark: "triangle" as const }] : []), // prettier-ignore
    ...(banded === undefined
      ? []
      : [{ label: `${percent(level)} of new runs${ofOptimum}`, color: COLOR.grid }]),
    ...(plan === null ? [] : [{ label: `D ${compact(plan)}, planned`, color: COLOR.muted, mark: "dashed" as const }]), // prettier-ignore
  ];
}

/** A row a point of a curve, then a row a run. */
const table = ({ groups }: LossesData): Table => ({
  header: ["group", "target", "law", "kind", "n_params", "n_tokens", "loss", "low", "high"],
  rows: groups.flatMap(({ title, tokens, panels: all }) =>
    all.flatMap(({ target, law, curves, points }) => [
      ...curves.flatMap(
        ({ mixture, params, values, low, high }) =>
        Array.from(tokens, (at, i) => [title, target, law, mixture, params, at, values[i] ?? null, finite(low[i]), finite(high[i])]), // prettier-ignore
      ),
      ...points.map(({ curve, tokens: at, loss: observed, isTest }) => [title, target, law, isTest ? "held-out run" : "run", curves[curve]?.params ?? null, at, observed, null, null]), // prettier-ignore
    ]),
  ),
});

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

export const lossesOverTokens: View<LossesData> = {
  title: "Losses over training tokens",
  reading:
    "A line is what the law says of a mixture at a size, as it is trained on more tokens; the pale band is where a new run would lie. Marks are runs of that mixture and size: they should lie on their line, and bend as it does.",
  draw,
  table,
};
