/** What `mixlaw optimize` found, in the format that is asked for. */
import { yamlText } from "../../../data/write/yaml-text.ts";
import { either } from "../../../base/kinds.ts";
import { InputError } from "../../../base/errors.ts";
import type { Sizes } from "../../../mixture/sizes/sizes.ts";
import { ofPhase } from "../../../mixture/formats/of-phase.ts";
import type { DataPaths } from "../../../mixture/formats/paths.ts";
import {
  formatOptimum,
  type Notation,
  optimumRows,
  OPTIMUM_FORMAT_NAMES,
  OPTIMUM_FORMATS,
  type OptimumFormat,
} from "../../../mixture/formats/optimum-formats.ts";
import type { PathRow } from "../../../mixture/at-scale.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { Finding } from "../../../base/verdict.ts";
import { uniqueFindings } from "../../../words/finding-label.ts";
import { given } from "../../../base/objects.ts";
import { json } from "../../../base/json.ts";
import { type RowTable, rowsCsv } from "../../../data/write/row-table.ts";
import { sizesRows, sizesTable } from "./chosen-sizes.ts";
import { optimumTables, type TableOptions } from "./optimum-tables.ts";
import { chosenScale, type OptimumPath, pathRows, pathTable } from "./path-table.ts";

/** What `--format` takes: "table" is for people, the others for programs. */
export type Format = OptimumFormat | "table";

export const FORMATS: readonly Format[] = ["table", ...OPTIMUM_FORMAT_NAMES];

/** The formats for help: "table, json, …, megatron (weight path …) or map (name: weight)". */
export const FORMATS_HELP = either(
  FORMATS.map((name) => {
    const looks = name === "table" ? "" : OPTIMUM_FORMATS[name].looks;
    return looks === "" ? name : `${name} (${looks})`;
  }),
);

export type Answer = {
  /** What is missing of an answer that ended at its deadline. */
  readonly unfinished?: Finding;
} &
  /** `row` where N and D were chosen too. */
  (
    | { readonly kind: "one"; readonly optimum: Optimum; readonly row?: PathRow }
    | { readonly kind: "path"; readonly path: OptimumPath }
    /** Of laws without a mixture: a row a compute. */
    | { readonly kind: "sizes"; readonly rows: readonly Sizes[] }
  );

/** Throws InputError for a format of one mixture where there are several, or none. */
export function checkFormat(format: Format, answers: Answer["kind"]): void {
  if (answers === "one" || format === "table" || OPTIMUM_FORMATS[format].several) return;
  const others = FORMATS.filter((name) => name === "table" || OPTIMUM_FORMATS[name].several);
  const why = answers === "path" ? "--path gives several" : "these laws have none";
  throw new InputError(
    `--format ${format} is a list of one mixture, and ${why}: choose ${either(others)}`,
  );
}

/** For a person. */
export function readable(answer: Answer, options: TableOptions): string {
  switch (answer.kind) {
    case "one": {
      const scale = answer.row === undefined ? "" : chosenScale(answer.row);
      return optimumTables(answer.optimum, options, scale);
    }
    case "path":
      return pathTable(answer.path, options);
    case "sizes":
      return sizesTable(answer.rows, options);
  }
}

/** Any value in a format that holds several. */
const structured = (value: unknown, format: OptimumFormat): string =>
  format === "yaml" ? yamlText(value) : `${json(value)}\n`;

/** As a table: what is CSV, and Parquet. `phase`: the one that is written, where one is named. */
export function rowsOf(answer: Answer, phase?: string): RowTable {
  switch (answer.kind) {
    case "one":
      return optimumRows(phase === undefined ? answer.optimum : ofPhase(answer.optimum, phase));
    case "path":
      return pathRows(answer.path.rows);
    case "sizes":
      return sizesRows(answer.rows);
  }
}

/** For programs, with the last line end. */
export function formatted(
  answer: Answer,
  format: OptimumFormat,
  paths: DataPaths,
  notation: Notation = "usual",
  phase?: string,
): string {
  switch (answer.kind) {
    case "one":
      return format === "json" && phase === undefined
        ? structured(answer.optimum, format)
        : formatOptimum(answer.optimum, format, paths, notation, phase);
    case "path": {
      const { rows, limit } = answer.path;
      const { unfinished } = answer;
      return format === "csv"
        ? rowsCsv(pathRows(rows))
        : structured({ schema: "mixlaw/path@1", rows, limit, ...given({ unfinished }) }, format);
    }
    case "sizes": {
      const { rows } = answer;
      const value = rows.length === 1 ? rows[0] : { schema: "mixlaw/path@1", rows };
      return format === "csv" ? rowsCsv(sizesRows(rows)) : structured(value, format);
    }
  }
}

/** What is said of an answer: of several optima each finding once, as the first of them has it. */
export function findingsOf(answer: Answer): Finding[] {
  const all =
    answer.kind === "sizes"
      ? answer.rows.flatMap(({ verdict }) => verdict.findings)
      : optimaOf(answer).flatMap(({ verdict }) => verdict.findings);
  return uniqueFindings(all);
}

/** All optima of an answer. */
export function optimaOf(answer: Answer): readonly Optimum[] {
  if (answer.kind === "sizes") return [];
  return answer.kind === "one" ? [answer.optimum] : answer.path.rows.map(({ optimum }) => optimum);
}
