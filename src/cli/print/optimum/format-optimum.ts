/** What `mixlaw optimize` found, in the format that is asked for. */
import { stringify } from "yaml";
import { InputError } from "../../../base/errors.ts";
import { type Format, formatOptimum } from "../../../mixture/optimum-formats.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { PathRow } from "../../../mixture/path.ts";
import { json } from "../../io/json.ts";
import { mixture, type MixtureOptions } from "./optimum-tables.ts";
import { chosen, type Trail, trail, trailCsv } from "./path-table.ts";

export const FORMATS = [
  "table",
  "json",
  "yaml",
  "csv",
  "megatron",
  "map",
] as const satisfies readonly (Format | "table")[];

export type Answer =
  /** `row` where N and D were chosen too. */
  | { readonly kind: "one"; readonly optimum: Optimum; readonly row?: PathRow }
  | { readonly kind: "path"; readonly trail: Trail };

/** Lists of weights are of one mixture. */
export function checkFormat(format: Format | "table", path: boolean): void {
  if (path && (format === "megatron" || format === "map"))
    throw new InputError(
      `--format ${format} is a list of one mixture, and --path gives several: choose table, csv, json or yaml`,
    );
}

/** For a person. */
export const readable = (answer: Answer, options: MixtureOptions): string =>
  answer.kind === "path"
    ? trail(answer.trail, options)
    : mixture(answer.optimum, options, answer.row === undefined ? "" : chosen(answer.row));

/** For programs, with the last line end. */
export function formatted(
  answer: Answer,
  format: Format,
  paths: Readonly<Record<string, string>>,
): string {
  if (answer.kind === "one")
    return format === "json"
      ? `${json(answer.optimum)}\n`
      : formatOptimum(answer.optimum, format, paths);
  const { rows, limit } = answer.trail;
  const value = { schema: "mixlaw/path@1", rows, limit };
  if (format === "csv") return trailCsv(answer.trail);
  return format === "yaml" ? stringify(value) : `${json(value)}\n`;
}

/** A file's format by its name. */
export const formatOf = (path: string): Format =>
  /\.ya?ml$/i.test(path) ? "yaml" : /\.csv$/i.test(path) ? "csv" : "json";

/** All optima of an answer. */
export const optimaOf = (answer: Answer): readonly Optimum[] =>
  answer.kind === "one" ? [answer.optimum] : answer.trail.rows.map((row) => row.optimum);
