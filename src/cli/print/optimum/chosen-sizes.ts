/** Sizes that were chosen where there is no mixture, as a person reads them; and as CSV. */
import { stringify } from "yaml";
import { InputError } from "../../../base/errors.ts";
import type { Sizes } from "../../../mixture/choose-sizes.ts";
import { json } from "../../io/json.ts";
import { type Heading, table, wrap } from "../../text/layout.ts";
import type { MixtureOptions } from "./optimum-tables.ts";
import { lawWords, perParam } from "./phrases.ts";
import { compact, loss, number, significant } from "../../../base/format-number.ts";
import { csvText } from "../../../data/table/write-csv.ts";

const NAMES: Readonly<Record<string, string>> = { params: "N", tokens: "D" };
const title = (input: string): string => (Object.hasOwn(NAMES, input) ? NAMES[input] : input);
const value = (input: string, x: number): string =>
  input === "params" || input === "tokens" || x >= 1e4 ? compact(x) : significant(x, 3);

/** What `mixlaw optimize --flops` prints for laws without a mixture: a row a compute. */
export function sizes(rows: readonly Sizes[], { source, style, width }: MixtureOptions): string {
  const [first] = rows;
  const inputs = Object.keys(first.at);
  const right = (text: string): Heading => ({ title: text, align: "right" });
  const intervals = first.interval === null ? [] : first.chosen;
  const headings = [
    right("FLOPs"), ...inputs.map((input) => right(title(input))), right("D/N"),
    ...(first.epochs === null ? [] : [right("epochs")]),
    right("objective"), right("near-optimal N"), ...intervals.map((input) => right(`interval of ${title(input)}`)),
  ]; // prettier-ignore
  const cells = rows.map((row) => [
    number(row.flops, 3),
    ...inputs.map((input) => value(input, row.at[input])),
    perParam(row.at["tokens"] / row.at["params"]),
    ...(row.epochs === null ? [] : [significant(row.epochs, 3)]),
    loss(row.objective),
    row.nearOptimal.params.map((x) => compact(x)).join(" … "),
    ...intervals.map((input) =>
      (row.interval?.[input] ?? []).map((x) => value(input, x)).join(" … "),
    ),
  ]);
  const targets = Object.keys(first.predicted);
  const said = [
    `Chosen: ${first.chosen.map(title).join(", ")}. Near-optimal: sizes whose loss is within 0.05 % of the best.`,
    ...new Set(rows.flatMap((row) => row.warnings)),
  ];
  return [
    [style.bold(source), lawWords(first.laws)].join(" · ") +
      (targets.length > 1 ? `\nminimizes the weighted mean of ${targets.join(", ")}` : ""),
    table(headings, cells),
    said.map((line) => wrap(line, width)).join("\n"),
  ].join("\n\n");
}

/** For programs, with the last line end. */
export function formattedSizes(rows: readonly Sizes[], format: string): string {
  const one: unknown = rows.length === 1 ? rows[0] : { schema: "mixlaw/path@1", rows };
  if (format === "yaml") return stringify(one);
  if (format === "json") return `${json(one)}\n`;
  if (format !== "csv") throw new InputError(`--format ${format} is a list of mixtures, and these laws have none: choose table, csv, json or yaml`); // prettier-ignore
  const [{ at, predicted }] = rows;
  const fields = ["flops", ...Object.keys(at), "objective", ...Object.keys(predicted).map((target) => `pred_${target}`)]; // prettier-ignore
  const cells = rows.map((row) => [row.flops, ...Object.values(row.at), row.objective, ...Object.values(row.predicted)]); // prettier-ignore
  return csvText(fields, cells);
}
