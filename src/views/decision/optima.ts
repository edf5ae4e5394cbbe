/** Several optima side by side: their shares, and what was asked for. */
import { gain, loss, percent } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { legend } from "../kit/legend.ts";
import { COLOR, seriesColor } from "../kit/palette.ts";
import { Plot, plotted, rowNames, rowSpans } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** One of several optima. */
export interface ComparedOptimum {
  /** Of its file. */
  readonly name: string;
  readonly shares: Readonly<Record<string, number>>;
  /** Domains whose shares the runs do not determine. */
  readonly undetermined: readonly string[];
  /** In words; empty where no law reads N or D. */
  readonly scale: string;
  readonly laws: string;
  readonly goal: string;
  readonly objective: number;
  /** Over its reference mixture, in the objective. */
  readonly gain: number;
  /** Names of the constraints that bind. */
  readonly binding: readonly string[];
}

export interface OptimaData {
  /** The domains of all optima, the largest shares first. */
  readonly domains: readonly string[];
  readonly optima: readonly ComparedOptimum[];
}

const ROW = 28;

/** A share of one optimum. */
interface Share {
  readonly domain: string;
  readonly n: number;
  readonly share: number;
  readonly isDetermined: boolean;
}

function draw({ domains, optima }: OptimaData, frame: Frame): Element {
  const { document, width } = frame;
  const room = labelRoom(domains, width);
  const shares = optima.flatMap(
    ({ shares: of, undetermined }, n) =>
    Object.entries(of).map(([domain, share]): Share => ({ domain, n, share, isDetermined: !undetermined.includes(domain) })), // prettier-ignore
  );
  const title = ({ domain, n, share, isDetermined }: Share): string =>
    `${optima[n]?.name}\n${domain} ${percent(share, 4)}${isDetermined ? "" : " (not determined by the runs)"}`;
  const picture = plotted(frame, "Shares of several optima by domain", {
    height: domains.length * ROW + 44,
    marginLeft: room.pixels,
    marginRight: 20,
    marginTop: 4,
    marginBottom: 40,
    x: {
      domain: [0, Math.min(1, 1.06 * Math.max(...shares.map(({ share }) => share)))],
      label: null,
      tickFormat: (x: number) => percent(x, 3),
      grid: true,
      ticks: tickCount(width - room.pixels, 90),
    },
    y: { domain: [...domains], axis: null, type: "point", padding: 0.5 },
    marks: [
      rowNames(domains, room),
      rowSpans(shares),
      Plot.dot(shares, {
        x: "share",
        y: "domain",
        r: 5,
        stroke: ({ n }: Share) => seriesColor(n),
        fill: ({ n, isDetermined }: Share) => (isDetermined ? seriesColor(n) : COLOR.paper),
        fillOpacity: 0.85,
        strokeWidth: 1.5,
        title,
      }),
      Plot.ruleX([0], { stroke: COLOR.muted }),
    ],
  });
  const keys = optima.map(({ name }, n) => ({ label: name, color: seriesColor(n), mark: "dot" as const })); // prettier-ignore
  const open = shares.some(({ isDetermined }) => !isDetermined)
    ? [{ label: "not determined by the runs", color: COLOR.muted, mark: "ring" as const }]
    : [];
  return element(document, "div", {}, legend(document, [...keys, ...open]), picture, asked(document, optima)); // prettier-ignore
}

/** What was asked for, and what came out: a column an optimum. */
function asked(document: Document, optima: readonly ComparedOptimum[]): Element {
  const lines: readonly (readonly [string, (optimum: ComparedOptimum) => string])[] = [
    ["run", ({ scale }) => scale.replace(/^at /, "") || "–"],
    ["law", ({ laws }) => laws],
    ["objective", ({ goal }) => goal],
    ["its value", ({ objective }) => loss(objective)],
    ["gain over its reference", ({ gain: over }) => gain(over)],
    ["constraints that bind", ({ binding }) => binding.join("; ") || "none"],
  ];
  const cell = (tag: "td" | "th", text: string, scope?: string): Element =>
    element(document, tag, { class: "words", scope }, text);
  const head = ["", ...optima.map(({ name }) => name)].map((name) => cell("th", name, "col"));
  const rows = lines.map(
    ([name, text]) =>
    element(document, "tr", {}, cell("th", name, "row"), ...optima.map((optimum) => cell("td", text(optimum)))), // prettier-ignore
  );
  return element(
    document,
    "div",
    { class: "scroll notes", tabindex: "0", role: "region", "aria-label": "What was asked for" },
    element(
      document,
      "table",
      {},
      element(document, "thead", {}, element(document, "tr", {}, ...head)),
      element(document, "tbody", {}, ...rows),
    ),
  );
}

const table = ({ domains, optima }: OptimaData): Table => ({
  header: ["optimum", "run", "laws", "goal", "objective", "gain_over_reference", ...domains],
  rows: optima.map(({ name, scale, laws, goal, objective, gain: over, shares }) => [
    name,
    scale,
    laws,
    goal,
    objective,
    over,
    ...domains.map((domain) => (Object.hasOwn(shares, domain) ? (shares[domain] ?? null) : null)),
  ]),
});

export const optima: View<OptimaData> = {
  title: "The optima side by side",
  reading:
    "A dot is the share of a domain in one of the optima. Where dots of a domain lie together, the optima agree on it. The table has what was asked for each of them.",
  draw,
  table,
};
