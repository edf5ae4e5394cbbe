/** The optimum along a path of scales, as text and as a table for programs. */
import type { Claim } from "../../../base/claims.ts";
import { entryOf, firstOf, itemAt } from "../../../base/known.ts";
import { given } from "../../../base/objects.ts";
import type { Finding } from "../../../base/verdict.ts";
import { compact, flops as inFlops, inPercent, loss, number } from "../../../base/format-number.ts";
import type { RowTable } from "../../../data/write/row-table.ts";
import type { PathRow } from "../../../mixture/at-scale.ts";
import { RATIOS } from "../../../mixture/optimize-compute.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { OptimumStatus } from "../../../mixture/request/optimum-verdict.ts";
import { wrap } from "../../text/layout.ts";
import { fits, left, right, table } from "../../text/table.ts";
import type { TableOptions } from "./optimum-tables.ts";
import { exponentsTable } from "./exponents-table.ts";
import { pathChart } from "./path-chart.ts";
import { goalWords, lawWords, perParam } from "../../../words/phrases.ts";
import { findingBlocks } from "./told.ts";

export interface OptimumPath {
  readonly rows: readonly PathRow[];
  /** The optimum at ever larger scale, where it says something. */
  readonly limit: Optimum | null;
  /** Whether the optimum is the same at every scale. */
  readonly scaleFree: boolean;
}

/** What `mixlaw optimize --path` prints. */
export function pathTable(path: OptimumPath, options: TableOptions): string {
  const { rows } = path;
  const { width, style, source } = options;
  if (rows.length === 0) return "";
  const { optimum } = firstOf(rows);
  const blocks = [
    [
      wrap(`${style.bold(source)} · ${lawWords(optimum.laws)}`, width),
      wrap(`minimizes ${goalWords(optimum)}`, width),
    ].join("\n"),
    shares(path, options),
    // The same share at every scale is no picture.
    path.scaleFree ? "" : pathChart(rows, options),
    notesOf(path)
      .map((note) => wrap(note, width))
      .join("\n"),
    exponentsTable(exponentsAlong(rows), width),
    ...findingBlocks(findingsAlong(rows), options),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** Where N and D were chosen: how they grow. */
const exponentsAlong = (rows: readonly PathRow[]): Parameters<typeof exponentsTable>[0] =>
  rows.map(({ flops, optimum: { exponents } }) => ({ flops, ...given({ exponents }) }));

/**
 * A line a point, where there is room for all domains beside each other; else a line a domain, with
 * the points side by side.
 */
function shares(path: OptimumPath, { width, style }: TableOptions): string {
  const scales = [...scaleColumns(path.rows).map(({ title }) => title), "objective"];
  const domains = Object.keys(firstOf(path.rows).optimum.weights);
  const lines = linesOf(path).map(({ scale, optimum: { objective, weights, undetermined } }) => ({
    scale: [...scale, loss(objective)],
    shares: domains.map((domain) =>
      undetermined[domain] === undefined ? inPercent(entryOf(weights, domain)) : "?",
    ),
  }));
  const whole = [
    [...scales.map((title) => right(title)), ...domains.map((name) => right(name, "shares, %"))],
    lines.map((line) => [...line.scale, ...line.shares]),
  ] as const;
  if (fits(...whole, width)) return table(...whole);
  const [first = "", ...others] = scales;
  return table(
    [left(first), ...lines.map((line) => right(firstOf(line.scale)))],
    [
      ...others.map((title, i) => [title, ...lines.map(({ scale }) => itemAt(scale, i + 1))]),
      [style.bold("shares, %")],
      ...domains.map((name, i) => [name, ...lines.map((line) => itemAt(line.shares, i))]),
    ],
    { width },
  );
}

/** The columns that say where on the path a row is: those that some row has. */
function scaleColumns(
  rows: readonly PathRow[],
): { readonly title: string; readonly cell: (row: PathRow) => string }[] {
  const isGiven = (name: "params" | "tokens" | "flops"): boolean =>
    rows.some((row) => row[name] !== null);
  const marked = rows.some(({ outside }) => outside.length > 0);
  const count = (name: "params" | "tokens") => (row: PathRow) => {
    const value = row[name];
    if (value === null) return "";
    const mark = row.outside.includes(name) ? "*" : " ";
    return compact(value) + (marked ? mark : "");
  };
  const ratio = ({ params, tokens }: PathRow): string =>
    params === null || tokens === null ? "" : perParam(tokens / params);
  return [
    ...(isGiven("params") ? [{ title: "N", cell: count("params") }] : []),
    ...(isGiven("tokens") ? [{ title: "D", cell: count("tokens") }] : []),
    ...(isGiven("flops")
      ? [
          { title: "D/N", cell: ratio },
          {
            title: "FLOPs",
            cell: ({ flops }: PathRow) => (flops === null ? "" : inFlops(flops)),
          },
        ]
      : []),
  ];
}

/** The rows of the table: those of the path, and the limit. */
function linesOf({
  rows,
  limit,
}: OptimumPath): { readonly scale: readonly string[]; readonly optimum: Optimum }[] {
  const columns = scaleColumns(rows);
  const last = columns.map((_, i) => (i === 0 ? "→ ∞" : ""));
  return [
    ...rows.map((row) => ({
      scale: columns.map(({ cell }) => cell(row)),
      optimum: row.optimum,
    })),
    ...(limit === null ? [] : [{ scale: last, optimum: limit }]),
  ];
}

/** Sentences under the table. */
function notesOf({ rows, scaleFree }: OptimumPath): string[] {
  const count = (...statuses: readonly OptimumStatus[]): number =>
    rows.filter(({ optimum }) => statuses.includes(optimum.verdict.status)).length;
  const uncertified = count("not-certified");
  const unproved = count("local", "plateau");
  return [
    ...(scaleFree
      ? [
          "The optimum does not depend on scale: in these laws the mixture's term and those of N and D only add.",
        ]
      : []),
    ...(rows.some(({ optimum }) => Object.keys(optimum.undetermined).length > 0)
      ? ["?: a share that is not determined by these runs."]
      : []),
    ...(rows.some(({ outside }) => outside.length > 0)
      ? ["*: outside the range of the training runs, an extrapolation."]
      : []),
    ...(count("global") === rows.length ? ["Every row is a global optimum, proved."] : []),
    ...(unproved === 0
      ? []
      : [`${unproved} of ${rows.length} rows are the best of the local optima that were found.`]),
    ...(uncertified === 0
      ? []
      : [`${uncertified} of ${rows.length} rows are not certified as optima.`]),
  ];
}

/** Findings that a mark in the table or a note says already. */
const MARKED: ReadonlySet<Claim> = new Set<Claim>(["beyond-trained-scale", "best-of-local-optima"]);

const findingsAlong = (rows: readonly PathRow[]): Finding[] =>
  rows.flatMap(({ optimum }) => optimum.verdict.findings).filter(({ code }) => !MARKED.has(code));

/** A row a point, without the limit. */
export function pathRows(rows: readonly PathRow[]): RowTable {
  const optima = rows.map((row) => row.optimum);
  const targets = Object.keys(optima[0]?.predicted ?? {});
  const domains = Object.keys(optima[0]?.weights ?? {});
  const fields = [
    "n_params",
    "n_tokens",
    "flops",
    "objective",
    ...targets.map((target) => `pred_${target}`),
    ...domains.map((domain) => `h_${domain}`),
  ];
  const data = rows.map(({ params, tokens, flops, optimum }) => [
    params,
    tokens,
    flops,
    optimum.objective,
    ...targets.map((target) => entryOf(optimum.predicted, target)),
    ...domains.map((domain) => entryOf(optimum.weights, domain)),
  ]);
  return { fields, rows: data };
}

/** What `--flops` chose, in a sentence. */
export function chosenScale({ params, tokens, flops }: PathRow): string {
  if (params === null || tokens === null || flops === null) return "";
  const ratio = tokens / params;
  const atEnd = ratio <= RATIOS.least * 1.01 || ratio >= RATIOS.most * 0.99;
  return [
    `${number(flops, 3)} FLOPs (6ND) are best spent on N ${compact(params)} and D ${compact(tokens)}: ${perParam(ratio)} tokens per parameter.`,
    ...(atEnd
      ? [
          `That is the end of what was searched, ${RATIOS.least} to ${RATIOS.most} tokens per parameter.`,
        ]
      : []),
  ].join(" ");
}
