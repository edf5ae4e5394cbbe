/** Sizes that were chosen where there is no mixture, as a person reads them; and as CSV. */
import { entryOf, firstOf } from "../../../base/known.ts";
import { compact, loss, number, significant } from "../../../base/format-number.ts";
import type { RowTable } from "../../../data/write/row-table.ts";
import type { Sizes } from "../../../mixture/sizes/sizes.ts";
import { wrap } from "../../text/layout.ts";
import { right, table } from "../../text/table.ts";
import { exponentsTable } from "./exponents-table.ts";
import type { TableOptions } from "./optimum-tables.ts";
import { lawWords, perParam } from "../../../words/phrases.ts";
import { findingBlocks } from "./told.ts";

/** How an input is called in a heading. */
const symbol = (input: string): string =>
  input === "params" ? "N" : input === "tokens" ? "D" : input;

const cell = (input: string, value: number): string =>
  input === "params" || input === "tokens" || value >= 1e4 ? compact(value) : significant(value, 3);

/** The columns, each with its cells. */
function columnsOf(
  first: Sizes,
): { readonly title: string; readonly cell: (row: Sizes) => string }[] {
  const chosen = first.interval === null ? [] : first.chosen;
  return [
    { title: "FLOPs", cell: ({ flops }) => number(flops, 3) },
    ...Object.keys(first.at).map((input) => ({
      title: symbol(input),
      cell: ({ at }: Sizes) => cell(input, entryOf(at, input)),
    })),
    { title: "D/N", cell: ({ at }) => perParam(entryOf(at, "tokens") / entryOf(at, "params")) },
    ...(first.epochs === null
      ? []
      : [{ title: "epochs", cell: ({ epochs }: Sizes) => significant(epochs ?? NaN, 3) }]),
    { title: "objective", cell: ({ objective }) => loss(objective) },
    {
      title: "near-optimal N",
      cell: ({ nearOptimal }) => nearOptimal.params.map(compact).join(" … "),
    },
    ...chosen.map((input) => ({
      title: `interval of ${symbol(input)}`,
      cell: ({ interval }: Sizes) =>
        (interval?.[input] ?? []).map((end) => cell(input, end)).join(" … "),
    })),
  ];
}

/** What `mixlaw optimize --flops` prints for laws without a mixture: a row a compute. */
export function sizesTable(rows: readonly Sizes[], { source, style, width }: TableOptions): string {
  const { predicted, chosen, laws } = firstOf(rows);
  const columns = columnsOf(firstOf(rows));
  const targets = Object.keys(predicted);
  const goal = targets.length > 1 ? [`minimizes the weighted mean of ${targets.join(", ")}`] : [];
  const notes = [
    `Chosen: ${chosen.map(symbol).join(", ")}. Near-optimal: sizes whose loss is within 0.05 % of the best.`,
  ];
  return [
    [`${style.bold(source)} · ${lawWords(laws)}`, ...goal]
      .map((line) => wrap(line, width))
      .join("\n"),
    table(
      columns.map(({ title }) => right(title)),
      rows.map((row) => columns.map((column) => column.cell(row))),
      { width },
    ),
    notes.map((line) => wrap(line, width)).join("\n"),
    exponentsTable(rows, width),
    ...findingBlocks(
      rows.flatMap(({ verdict }) => verdict.findings),
      { width, style },
    ),
  ].join("\n\n");
}

/** A row a compute, with each input and predicted loss. */
export function sizesRows(rows: readonly Sizes[]): RowTable {
  const { at, predicted } = firstOf(rows);
  const [inputs, targets] = [Object.keys(at), Object.keys(predicted)];
  return {
    fields: ["flops", ...inputs, "objective", ...targets.map((target) => `pred_${target}`)],
    rows: rows.map((row) => [
      row.flops,
      ...inputs.map((input) => entryOf(row.at, input)),
      row.objective,
      ...targets.map((target) => entryOf(row.predicted, target)),
    ]),
  };
}
