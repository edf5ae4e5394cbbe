/** Which targets gain and lose when a domain gets more of the data. */
import { percent, signed, significant } from "../../base/format-number.ts";
import { element } from "../kit/dom.ts";
import { labelRoom } from "../kit/labels.ts";
import { legend } from "../kit/legend.ts";
import { COLOR, signedColor } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** What a target, or the objective, does. */
export interface Effects {
  /** The change of the loss, by domain; null where the domain has nearly all of the data. */
  readonly effects: readonly (number | null)[];
  /** How much more the reference mixture loses than the optimum. */
  readonly gain: number;
}

export interface InteractionsData {
  /** The share of the data that goes to the domain, from the others in proportion. */
  readonly step: number;
  readonly domains: readonly {
    readonly domain: string;
    readonly share: number;
    readonly isDetermined: boolean;
  }[];
  readonly targets: readonly (Effects & { readonly target: string })[];
  /** Null where it is the one target's loss. */
  readonly objective: (Effects & { readonly isRatio: boolean }) | null;
}

/** Effects larger than this part of all are in the full color: a few large ones hide no others. */
const FULL = 0.9;
/** Of the gains: changes that are smaller are next to nothing, and pale. */
const LEAST = 0.02;
/** Of the color: numbers in cells stay readable. */
const STRONGEST = 0.5;
/** A cell of at least this width has its number in it. */
const WRITTEN = 58;
const ROW = 26;
/** Between the objective or the gains and the rest. */
const SPACE = 8;

/** A cell: which of the longer and of the shorter side. */
interface Cell {
  readonly row: string;
  readonly column: string;
  readonly value: number | null;
  /** Whether it is a gain over the reference: another scale of colors. */
  readonly isGain: boolean;
  readonly isDetermined: boolean;
}

/** Names that no domain or target has. */
const OBJECTIVE = "\u0000objective";
const GAIN = "\u0000gain";
const nameOf = (name: string): string =>
  name === OBJECTIVE ? "objective" : name === GAIN ? "from reference" : name;

/** Rows are the domains or the targets, whichever are more, so that cells have room. */
function cellsOf({ domains, targets, objective }: InteractionsData): {
  readonly cells: readonly Cell[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
} {
  const all = [...(objective === null ? [] : [{ ...objective, target: OBJECTIVE }]), ...targets];
  const isWide = targets.length > domains.length;
  const cell = (target: string, domain: string, rest: Omit<Cell, "row" | "column">): Cell => ({
    ...(isWide ? { row: target, column: domain } : { row: domain, column: target }),
    ...rest,
  });
  const cells = all.flatMap(({ target, effects, gain }) => [
    // A change for the better has the sign of a loss that falls.
    cell(target, GAIN, { value: -gain, isGain: true, isDetermined: true }),
    ...domains.map(({ domain, isDetermined }, i) =>
      cell(target, domain, { value: effects[i] ?? null, isGain: false, isDetermined }),
    ),
  ]);
  const names = [GAIN, ...domains.map(({ domain }) => domain)];
  const losses = all.map(({ target }) => target);
  return { cells, rows: isWide ? losses : names, columns: isWide ? names : losses };
}

/** The size that has the full color, at least this. */
function fullOf(values: readonly (number | null)[], least = 0): number {
  const sizes = values.flatMap((value) => (value === null ? [] : [Math.abs(value)])).toSorted((a, b) => a - b); // prettier-ignore
  return Math.max(least, sizes[Math.ceil(FULL * sizes.length) - 1] ?? 1);
}

function draw(data: InteractionsData, frame: Frame): Element {
  const { cells, rows, columns } = cellsOf(data);
  const { document, width } = frame;
  const gain = fullOf(valuesOf(cells, true));
  const full = { gain, change: fullOf(valuesOf(cells, false), LEAST * gain) };
  const left = labelRoom(rows.map(nameOf), width, 0.33);
  const size = (width - left.pixels - SPACE) / columns.length;
  const isWritten = size >= WRITTEN;
  const top = labelRoom(columns.map(nameOf), 360, 0.4);
  const isFlat = top.pixels <= size + 12;
  const head = isFlat ? 34 : top.pixels;
  const picture = plotted(frame, "Change of each target's loss by domain", {
    height: head + rows.length * ROW + 4,
    marginTop: head,
    marginLeft: left.pixels,
    marginRight: SPACE,
    marginBottom: 4,
    x: { domain: [...columns], axis: null, padding: 0.04 },
    y: { domain: [...rows], axis: null, padding: 0.06 },
    marks: [
      namesMark(rows, { y: (name: string) => name, frameAnchor: "left", textAnchor: "end", dx: -8, text: (name: string) => left.label(nameOf(name)) }), // prettier-ignore
      namesMark(columns, {
        x: (name: string) => name,
        frameAnchor: "top",
        text: (name: string) => top.label(nameOf(name)),
        ...(isFlat ? { dy: -12 } : { textAnchor: "start", rotate: -90, dy: -6 }),
      }),
      ...cellMarks(cells, full, isWritten),
    ],
  });
  return element(document, "div", {}, legendOf(document, full.change, data), picture);
}

const valuesOf = (cells: readonly Cell[], isGain: boolean): (number | null)[] =>
  cells.filter((cell) => cell.isGain === isGain).map(({ value }) => value);

const namesMark = (names: readonly string[], options: Plot.TextOptions): Plot.Markish =>
  Plot.text(names, {
    ...options,
    title: nameOf,
    fill: (name: string) => (name === GAIN || name === OBJECTIVE ? COLOR.muted : COLOR.ink),
  });

function cellMarks(
  cells: readonly Cell[],
  full: { readonly change: number; readonly gain: number },
  isWritten: boolean,
): Plot.Markish[] {
  const partOf = ({ value, isGain }: Cell): number =>
    STRONGEST * Math.max(-1, Math.min(1, (value ?? 0) / (isGain ? full.gain : full.change) || 0));
  const title = ({ row, column, value, isDetermined }: Cell): string =>
    `${nameOf(row)} × ${nameOf(column)}: ${value === null ? "–" : signed(value, 5)}${isDetermined ? "" : " (not determined by the runs)"}`;
  return [
    Plot.cell(
      cells.filter(({ isDetermined }) => isDetermined),
      { x: "column", y: "row", fill: (cell: Cell) => signedColor(partOf(cell)), title },
    ),
    Plot.cell(
      cells.filter(({ isDetermined }) => !isDetermined),
      { x: "column", y: "row", fill: "none", stroke: COLOR.muted, strokeDasharray: "3 3", title },
    ),
    ...(isWritten
      ? [
          Plot.text(cells, {
            x: "column",
            y: "row",
            text: ({ value, isDetermined }: Cell) =>
              !isDetermined ? "?" : value === null ? "–" : valueText(value),
            title,
            fontSize: 11,
          }),
        ]
      : []),
  ];
}

const valueText = (value: number): string =>
  Math.abs(value) >= 5e-5 ? signed(value, 4) : value === 0 ? "0" : "±0";

function legendOf(document: Document, full: number, { step, domains }: InteractionsData): Element {
  return legend(document, [
    {
      label: `loss falls by ${significant(full, 2)} or more for ${percent(step)} more of the domain`,
      color: signedColor(-STRONGEST),
    },
    { label: `rises by as much`, color: signedColor(STRONGEST) },
    ...(domains.every(({ isDetermined }) => isDetermined)
      ? []
      : [{ label: "not determined by the runs", color: COLOR.muted, mark: "outline" as const }]),
  ]);
}

const table = ({ domains, targets, objective }: InteractionsData): Table => ({
  header: ["loss", "optimum_less_reference", ...domains.map(({ domain }) => domain)],
  rows: [...(objective === null ? [] : [{ ...objective, target: "objective" }]), ...targets].map(
    ({ target, gain, effects }) => [target, -gain, ...effects],
  ),
});

export const interactions: View<InteractionsData> = {
  title: "Which targets gain and lose",
  reading:
    "A cell is how much a target's predicted loss changes if 1 % of the data more came from a domain, and all others shrank in proportion: green falls, red rises. At a certified optimum the objective falls for no domain, unless a constraint is in the way. “From reference” is the change from the reference mixture to the optimum, in a scale of colors of its own.",
  draw,
  table,
};
