/** The formats of tables: the one place that lists them. */
import { either } from "../../base/kinds.ts";
import { InputError } from "../../base/errors.ts";
import { type Compression, compressionOf } from "../bytes/decompress.ts";
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

/** What follows the last dot of a file's name; "" where none does. */
export const endingOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1] ?? "";

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

/** What bytes are. */
export interface Content {
  /** Undefined for compressed bytes without a name: what comes out of them shows it. */
  readonly format: Format | undefined;
  readonly compression: Compression | undefined;
}

/** How files begin that are no plain text. */
const BEGINNINGS = [
  [[0x50, 0x41, 0x52, 0x31], { format: "parquet", compression: undefined }],
  [[0x1f, 0x8b], { format: undefined, compression: "gz" }],
  [[0x28, 0xb5, 0x2f, 0xfd], { format: undefined, compression: "zst" }],
] as const satisfies readonly (readonly [readonly number[], Content])[];

/** What bytes are by how they begin. */
export function contentOf(first: Uint8Array): Content {
  const known = BEGINNINGS.find(([bytes]) => bytes.every((byte, i) => first[i] === byte));
  if (known !== undefined) return known[1];
  const text = new TextDecoder().decode(first).trimStart();
  const format = text.startsWith("[") ? "json" : text.startsWith("{") ? "jsonl" : "csv";
  return { format, compression: undefined };
}
