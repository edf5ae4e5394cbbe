/** Each law's own best mixture, and what every law says of it. */
import { gain, percent } from "../../base/format-number.ts";
import { itemAt, ownOf } from "../../base/known.ts";
import { listed } from "../../base/wording.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { legend } from "../kit/legend.ts";
import { COLOR, seriesColor, signedColor } from "../kit/palette.ts";
import { panels } from "../kit/panels.ts";
import { Plot, plotted, rowNames, rowSpans } from "../kit/plot.ts";
import { tickCount } from "../kit/ticks.ts";
import type { Frame, Table, View } from "../kit/view.ts";

export interface LawOptimaData {
  /** The best mixture of each law; the first is the one that was chosen. */
  readonly optima: readonly {
    readonly law: string;
    readonly weights: Readonly<Record<string, number>>;
    /** Whether it is proved that no allowed mixture is better by the law. */
    readonly isProved: boolean;
  }[];
  /** The mixture that gains are over. */
  readonly against: "reference" | "uniform";
  /** Objective of the i-th optimum by the j-th law. */
  readonly objectives: readonly (readonly number[])[];
  /** Objective of the mixture that gains are over, by the j-th law. */
  readonly base: readonly number[];
}

/** What one law says of the optimum of another. */
interface Cell {
  readonly mixture: string;
  readonly judge: string;
  readonly gain: number;
}

const ROW = 26;
const CELL = 40;

const gainOf = ({ base, objectives }: LawOptimaData, i: number, j: number): number =>
  itemAt(base, j) - itemAt(itemAt(objectives, i), j);

function draw(data: LawOptimaData, frame: Frame): Element {
  const { document } = frame;
  const keys = data.optima.map(({ law }, i) => ({ label: `best mixture of ${law}`, color: seriesColor(i), mark: "dot" as const })); // prettier-ignore
  return element(
    document,
    "div",
    {},
    legend(document, keys),
    panels(
      frame,
      [
        { title: "Shares in each law's best mixture", draw: (inner) => drawShares(data, inner) },
        {
          title: `Gain over ${data.against}, by each law`,
          draw: (inner) => drawMatrix(data, inner),
        },
      ],
      { least: 340, most: 700 },
    ),
    ...lessons(data).map((text) => element(document, "p", { class: "note" }, text)),
  );
}

function drawShares({ optima }: LawOptimaData, frame: Frame): Element {
  const domains = Object.keys(optima[0]?.weights ?? {});
  const dots = optima.flatMap(
    ({ law, weights }, i) =>
    domains.map((domain) => ({ law, domain, share: ownOf(weights, domain) ?? 0, color: seriesColor(i) })), // prettier-ignore
  );
  type Dot = (typeof dots)[number];
  const room = labelRoom(domains, frame.width);
  return plotted(frame, "Shares of the best mixture of each law", {
    height: domains.length * ROW + 28,
    marginLeft: room.pixels,
    marginRight: 16,
    marginTop: 2,
    marginBottom: 26,
    x: {
      domain: [0, Math.min(1, 1.05 * Math.max(...dots.map(({ share }) => share)))],
      label: null,
      tickFormat: (x: number) => percent(x, 3),
      ticks: tickCount(frame.width - room.pixels, 70),
      grid: true,
    },
    y: { type: "band", domain: domains, axis: null, padding: 0 },
    marks: [
      rowNames(domains, room),
      rowSpans(dots),
      Plot.dot(dots, {
        x: "share",
        y: "domain",
        r: 4.5,
        fill: "color",
        fillOpacity: 0.85,
        title: ({ law, domain, share }: Dot) => `${domain}: ${percent(share, 3)} by ${law}`,
      }),
    ],
  });
}

function drawMatrix(data: LawOptimaData, frame: Frame): Element {
  const laws = data.optima.map(({ law }) => law);
  const cells = laws.flatMap((mixture, i) =>
    laws.map((judge, j): Cell => ({ mixture, judge, gain: gainOf(data, i, j) })),
  );
  const most = Math.max(...cells.map((cell) => Math.abs(cell.gain))) || 1;
  const room = labelRoom(
    laws.map((law) => `best of ${law}`),
    frame.width,
  );
  const columns = labelRoom(laws, (frame.width - room.pixels) / laws.length, 0.95);
  return plotted(frame, "Gain of each law's best mixture by each law", {
    height: laws.length * CELL + 26,
    marginLeft: room.pixels,
    marginRight: 4,
    marginTop: 22,
    marginBottom: 4,
    x: { type: "band", domain: laws, axis: null, padding: 0.04 },
    y: { type: "band", domain: laws, axis: null, padding: 0.06 },
    marks: [
      rowNames(laws, { ...room, label: (law) => room.label(`best of ${law}`) }),
      Plot.text(laws, {
        x: (law: string) => law,
        text: (law: string) => columns.label(law),
        frameAnchor: "top",
        dy: -12,
      }),
      Plot.cell(cells, {
        x: "judge",
        y: "mixture",
        // A gain is better, which is below nothing.
        fill: (cell: Cell) => signedColor((-0.45 * cell.gain) / most),
        stroke: ({ judge, mixture }: Cell) => (judge === mixture ? COLOR.ink : "none"),
        strokeWidth: 1.5,
      }),
      Plot.text(cells, { x: "judge", y: "mixture", text: (cell: Cell) => gain(cell.gain) }),
    ],
  });
}

/**
 * What the numbers come to, in a sentence a law: what it promises, and what the others say. Last
 * which of the mixtures are the best that were found, and no more.
 */
function lessons(data: LawOptimaData): string[] {
  const open = data.optima.flatMap(({ law, isProved }) => (isProved ? [] : [law]));
  const proof = open.length === 0 ? [] : [`The best mixture of ${listed(open)} is the best that was found: it is not proved that none is better.`]; // prettier-ignore
  const gains = data.optima.map(({ law }, i) => {
    const others = data.optima.flatMap((other, j) => (j === i ? [] : [{ judge: other.law, gain: gainOf(data, i, j) }])); // prettier-ignore
    const words = others.map(({ judge, gain: by }) => `${gain(by)} by ${judge}`);
    return `The best mixture of ${law} gains ${gain(gainOf(data, i, i))} by ${law} itself, ${words.join(", ")}.`;
  });
  return [...gains, ...proof];
}

const table = (data: LawOptimaData): Table => {
  const domains = Object.keys(data.optima[0]?.weights ?? {});
  return {
    header: ["best_mixture_of", "judged_by", "objective", "gain", "proved", ...domains.map((domain) => `h_${domain}`)], // prettier-ignore
    rows: data.optima.flatMap(({ law, weights, isProved }, i) =>
      data.optima.map((judge, j) => [
        law,
        judge.law,
        itemAt(itemAt(data.objectives, i), j),
        gainOf(data, i, j),
        isProved ? 1 : 0,
        ...domains.map((domain) => ownOf(weights, domain) ?? 0),
      ]),
    ),
  };
};

export const lawOptima: View<LawOptimaData> = {
  title: "What the laws disagree on",
  reading:
    "Every law of the file that can answer was asked the same; of a goal over replicates the others were asked for that of the fit alone. On the left the shares of their best mixtures; on the right what the mixture of a row gains by the law of a column. In the framed cells a law judges its own choice; what the other laws say of that choice stands in the same row.",
  draw,
  table,
};
