/** The optimum along a path of scales, as a table and as CSV. */
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { type PathRow, RATIOS } from "../../../mixture/path.ts";
import { type Heading, table, tableWidth, wrap } from "../../text/layout.ts";
import type { MixtureOptions } from "./optimum-tables.ts";
import { goalWords, lawWords, perParam } from "./phrases.ts";
import { compact, flops as inFlops, inPercent, loss, number } from "../../../base/format-number.ts";
import { csvText } from "../../../data/table/write-csv.ts";

/**
 * Rows, the limit of ever larger scale where it says something, and whether the optimum is the same
 * at every scale.
 */
export interface Trail {
  readonly rows: readonly PathRow[];
  readonly limit: Optimum | null;
  readonly still: boolean;
}

/** What `mixlaw optimize --path` prints. */
export function trail({ rows, limit, still }: Trail, options: MixtureOptions): string {
  const { width, style, source } = options;
  if (rows.length === 0) return "";
  const [{ optimum }] = rows;
  const domains = Object.keys(optimum.weights);
  const given = (name: "params" | "tokens" | "flops"): boolean =>
    rows.some((row) => row[name] !== null);
  const scale = [
    ...(given("params") ? [right("N")] : []),
    ...(given("tokens") ? [right("D")] : []),
    ...(given("flops") ? [right("D/N"), right("FLOPs")] : []),
  ];
  const far = rows.some((row) => row.outside.length > 0);
  const mark = (text: string, row: PathRow, name: "params" | "tokens"): string =>
    far ? text + (row.outside.includes(name) ? "*" : " ") : text;
  const cells = (row: PathRow): string[] => [
    ...(given("params")
      ? [row.params === null ? "" : mark(compact(row.params), row, "params")]
      : []),
    ...(given("tokens")
      ? [row.tokens === null ? "" : mark(compact(row.tokens), row, "tokens")]
      : []),
    ...(row.params === null || row.tokens === null || row.flops === null
      ? []
      : [perParam(row.tokens / row.params), inFlops(row.flops)]),
    loss(row.optimum.objective),
  ];
  const last = (of: Optimum): string[] => [
    ...scale.map((_, i) => (i === 0 ? "→ ∞" : "")),
    loss(of.objective),
  ];
  const lines = [
    ...rows.map((row) => ({ start: cells(row), weights: row.optimum.weights })),
    ...(limit === null ? [] : [{ start: last(limit), weights: limit.weights }]),
  ];
  const draw = (names: readonly string[]): string =>
    table(
      [
        ...scale,
        right("objective"),
        ...names.map((title): Heading => ({ title, align: "right", group: "shares, %" })),
      ],
      lines.map(({ start, weights }) => [
        ...start,
        ...names.map((name) => inPercent(weights[name])),
      ]),
    );
  const notes = [
    ...(still
      ? [
          "The optimum does not depend on scale: in these laws the mixture's term and those of N and D only add.",
        ]
      : []),
    ...(far ? ["*: outside the range of the training runs, an extrapolation."] : []),
    ...(rows.every((row) => row.optimum.certificate.certified)
      ? ["Every row is a certified optimum."]
      : [uncertified(rows)]),
  ];
  return [
    [
      wrap(`${style.bold(source)} · ${lawWords(optimum.laws)}`, width),
      wrap(`minimizes ${goalWords(optimum)}`, width),
    ].join("\n"),
    ...chunked(domains, draw, width),
    notes.map((note) => wrap(note, width)).join("\n"),
  ].join("\n\n");
}

const right = (title: string): Heading => ({ title, align: "right" });

const uncertified = (rows: readonly PathRow[]): string =>
  `${rows.filter((row) => !row.optimum.certificate.certified).length} of ${rows.length} rows are not certified as optima.`;

/** As few tables as the width allows, each with the columns of some domains. */
function chunked(
  domains: readonly string[],
  draw: (names: readonly string[]) => string,
  width: number,
): string[] {
  for (let parts = 1; parts < domains.length; parts++) {
    const each = Math.ceil(domains.length / parts);
    const tables = Array.from({ length: Math.ceil(domains.length / each) }, (_, i) =>
      draw(domains.slice(i * each, (i + 1) * each)),
    );
    if (tables.every((text) => tableWidth(text) <= width)) return tables;
  }
  return domains.map((domain) => draw([domain]));
}

/** A row a point, without the limit. */
export function trailCsv({ rows }: Trail): string {
  const fields = ["n_params", "n_tokens", "flops", "objective"];
  const [first] = rows;
  const targets = Object.keys(first?.optimum.predicted ?? {});
  const domains = Object.keys(first?.optimum.weights ?? {});
  const data = rows.map(({ params, tokens, flops, optimum }) => [
    params,
    tokens,
    flops,
    optimum.objective,
    ...targets.map((target) => optimum.predicted[target]),
    ...domains.map((domain) => optimum.weights[domain]),
  ]);
  return csvText(
    [...fields, ...targets.map((t) => `pred_${t}`), ...domains.map((d) => `h_${d}`)],
    data,
  );
}

/** `--flops`: what was chosen. */
export function chosen({ params, tokens, flops }: PathRow): string {
  if (params === null || tokens === null || flops === null) return "";
  const ratio = tokens / params;
  const edge = ratio <= RATIOS.least * 1.01 || ratio >= RATIOS.most * 0.99;
  return [
    `${number(flops, 3)} FLOPs (6ND) are best spent on N ${compact(params)} and D ${compact(tokens)}: ${perParam(ratio)} tokens per parameter.`,
    ...(edge
      ? [
          `That is the end of what was searched, ${RATIOS.least} to ${RATIOS.most} tokens per parameter.`,
        ]
      : []),
  ].join(" ");
}
