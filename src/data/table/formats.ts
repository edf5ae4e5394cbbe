/** The formats of tables: the one place that lists them. */
import { either } from "../../base/kinds.ts";
import { InputError } from "../../base/errors.ts";
import { compressionOf } from "../bytes/decompress.ts";
import { csv, tsv } from "./csv.ts";
import type { TableFormat } from "./format.ts";
import { json } from "./json.ts";
import { jsonl } from "./jsonl.ts";
import { parquet } from "./parquet.ts";

/** In the order in which messages and help name them. */
export const FORMATS = { csv, tsv, jsonl, json, parquet };

/** The name of a format. */
export type Format = keyof typeof FORMATS;

const formats = Object.entries(FORMATS) as readonly (readonly [Format, TableFormat])[];

/** ".csv, .tsv, .jsonl or .parquet" */
export const TABLE_ENDINGS = either(formats.map(([, { endings }]) => `.${endings[0]}`));

const endingOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1] ?? "";

const find = (name: string): Format | undefined => {
  const compression = compressionOf(name);
  const inner = compression === undefined ? name : name.slice(0, -compression.length - 1);
  const ending = endingOf(inner).toLowerCase();
  return formats.find(([, { endings }]) => endings.includes(ending))?.[0];
};

/**
 * The format that a file name's ending says, before .gz or .zst.
 *
 * @throws InputError for any other ending.
 * @example formatOf("runs.tsv") // "tsv"
 */
export function formatOf(name: string): Format {
  const format = find(name);
  if (format !== undefined) return format;
  const ending = endingOf(name);
  const found = ending === "" ? "has no ending" : `ends in .${ending}`;
  throw new InputError(
    `${name} ${found}; tables are ${TABLE_ENDINGS} files, or such files in .gz or .zst: convert it, or rename it if it is one of these`,
    { file: name },
  );
}

/** Whether a file can only be a table by its name. */
export function isTable(name: string): boolean {
  const format = find(name);
  const about: TableFormat | undefined = format === undefined ? undefined : FORMATS[format];
  return about !== undefined && about.general !== true;
}
