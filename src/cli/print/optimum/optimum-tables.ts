/** An optimum as a person reads it. */
import { entryOf } from "../../../base/known.ts";
import { given } from "../../../base/objects.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { OptimumInterval } from "../../../mixture/request/optimum-interval.ts";
import { changesBasin } from "../../../mixture/request/optimum-verdict.ts";
import type { Interval } from "../../../stats/interval.ts";
import { range, ranking } from "./certainty.ts";
import { exponentsTable } from "./exponents-table.ts";
import { findings } from "./findings.ts";
import { lawTable } from "./law-table.ts";
import { sharesChart } from "./shares-chart.ts";
import { wrap } from "../../text/layout.ts";
import { left, right, table } from "../../text/table.ts";
import type { Medium } from "../../io/output.ts";
import { goalWords, lawWords, hasOwnReference, scaleWords } from "../../../words/phrases.ts";
import {
  compact,
  epochs as epochsText,
  gain,
  inPercent,
  loss,
  NONE,
  percent,
} from "../../../base/format-number.ts";

export interface TableOptions extends Medium {
  /** The fit file. */
  readonly source: string;
}

/** What `mixlaw optimize` prints, without the last line end; `about` stands under the heading. */
export function optimumTables(optimum: Optimum, options: TableOptions, about = ""): string {
  const { width } = options;
  const blocks = [
    heading(optimum, options),
    headline(optimum, options),
    wrap(about, width),
    phasesTable(optimum, options),
    shares(optimum, options),
    sharesChart(optimum, options),
    losses(optimum, width),
    exponentsTable(
      [{ flops: flopsOf(optimum), ...given({ exponents: optimum.exponents }) }],
      width,
    ),
    ranking(optimum, width),
    lawTable(optimum, width),
    findings(optimum, options),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

const flopsOf = ({ at: { params, tokens } }: Optimum): number | null =>
  params === null || tokens === null ? null : 6 * params * tokens;

function heading(optimum: Optimum, { source, style, width }: TableOptions): string {
  const lines = [
    `${style.bold(source)} · ${lawWords(optimum.laws)}`,
    `minimizes ${goalWords(optimum)}`,
    scaleWords(optimum.at),
  ];
  return lines
    .filter((line) => line !== "")
    .map((line) => wrap(line, width))
    .join("\n");
}

/** Where replicates lead to other basins that stands first, in place of intervals of shares. */
function headline({ verdict }: Optimum, { width, style }: TableOptions): string {
  const finding = verdict.findings.find(({ code }) => code === "replicates-change-basin");
  return finding === undefined ? "" : wrap(finding.sentence, width, style.warn("warning: "));
}

/** The shares in each phase, their mean, and passes over each domain in all of them. */
function phasesTable({ phases }: Optimum, { style, width }: TableOptions): string {
  if (phases === undefined) return "";
  const { each, mean, epochs } = phases;
  const known = Object.values(epochs).some((many) => many !== null);
  const headings = [
    left("domain"),
    ...each.map(({ name }) => right(`${name} %`)),
    right("mean %"),
    ...(known ? [right("epochs")] : []),
  ];
  const rows = Object.entries(mean).map(([domain, share]) => {
    const many = epochs[domain] ?? null;
    return [
      domain,
      ...each.map(({ weights }) => style.bold(inPercent(entryOf(weights, domain)))),
      inPercent(share),
      ...(known ? [many === null ? NONE : epochsText(many)] : []),
    ];
  });
  const parts = each.map(
    ({ name, fraction, tokens }) =>
      `${name} ${percent(fraction)} of the tokens${tokens === null ? "" : ` (${compact(tokens)})`}`,
  );
  const change = `From one to the next shares change by ${inPercent(phases.change / 2)} % of the data.`;
  return `${table(headings, rows, { width })}\n\n${wrap(`${parts.join(", ")}. ${change}`, width)}`;
}

function shares(optimum: Optimum, { style, width }: TableOptions): string {
  const { weights, sharpness, reference, allocation, lattice, undetermined } = optimum;
  const interval = changesBasin(optimum.verdict) ? null : optimum.interval;
  const parts = Object.keys(weights).map((domain) => allocation?.[domain]);
  const epochs = parts.some((part) => part !== undefined && part.epochs !== null);
  const flagged = parts.some((part) => part !== undefined && part.passes !== null);
  const compared = hasOwnReference(optimum);
  const headings = [
    left("domain"),
    right(optimum.phases === undefined ? "share %" : "% of all tokens"),
    ...(lattice === null ? [] : [right(`of ${lattice.denominator}`)]),
    ...(interval === null ? [] : [right(`${percent(interval.level)} interval`)]),
    right("near-optimal %"),
    ...(compared ? [right("reference %")] : []),
    ...(allocation === null ? [] : [right("tokens")]),
    ...(epochs ? [right("epochs")] : []),
    ...(flagged ? [left("")] : []),
  ];
  const rows = Object.entries(weights).map(([domain, share], i) => {
    const open = undetermined[domain];
    const [low, high] = open ?? sharpness.ranges[domain] ?? [share, share];
    const part = parts[i];
    const [many, over] = [part?.epochs ?? null, part?.passes ?? null];
    return [
      domain,
      open === undefined ? style.bold(inPercent(share)) : style.warn("not determined"),
      ...(lattice === null ? [] : [String(lattice.units[domain])]),
      ...(interval === null ? [] : [open === undefined ? intervalOfShare(interval, domain) : NONE]),
      range(low, high),
      ...(compared ? [inPercent(entryOf(reference.weights, domain))] : []),
      ...(part === undefined ? [] : [compact(part.tokens)]),
      ...(epochs ? [many === null ? "–" : epochsText(many)] : []),
      ...(flagged && over !== null ? [style.warn(`over ${over}`)] : []),
    ];
  });
  return table(headings, rows, { width });
}

function intervalOfShare({ weights }: OptimumInterval, domain: string): string {
  const [low, high] = entryOf(weights, domain);
  return range(low ?? 0, high ?? 1);
}

/** The interval of a predicted loss; the objective has none. */
function intervalOfLoss(interval: Interval | undefined): string {
  if (interval === undefined) return "";
  const [low, high] = interval;
  return low === null || high === null ? NONE : `${loss(low)} … ${loss(high)}`;
}

function losses(optimum: Optimum, width: number): string {
  const { predicted, prediction, uniform, reference, goal } = optimum;
  const compared = hasOwnReference(optimum);
  const targets = Object.keys(predicted);
  const row = (name: string, at: number, even: number, ref: number): string[] => [
    name,
    loss(at),
    ...(prediction === null ? [] : [intervalOfLoss(prediction.losses[name])]),
    loss(even),
    gain(even - at),
    ...(compared ? [loss(ref), gain(ref - at)] : []),
  ];
  const headings = [
    left("predicted"),
    right("optimum"),
    ...(prediction === null ? [] : [right(`${percent(prediction.level)}, ${prediction.of}`)]),
    ...["uniform", ...(compared ? ["reference"] : [])].flatMap((group) =>
      ["loss", "gain"].map((title) => right(title, group)),
    ),
  ];
  const rows = targets.map((t) =>
    row(t, entryOf(predicted, t), entryOf(uniform.predicted, t), entryOf(reference.predicted, t)),
  );
  const name = goal === "worst" ? "worst ratio" : "objective";
  const total =
    targets.length === 1 && goal !== "worst"
      ? []
      : [row(name, optimum.objective, uniform.objective, reference.objective)];
  return table(headings, [...rows, ...total], { width });
}
