import { InputError } from "../../base/errors.ts";
import type { Column, Table } from "./cells.ts";
import { readDelimited } from "./csv.ts";
import { readJsonLines } from "./jsonl.ts";
import { readParquet } from "./parquet.ts";

export type Format = "csv" | "tsv" | "jsonl" | "parquet";

const endings: Readonly<Record<string, Format>> = {
  csv: "csv",
  tsv: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
};

/**
 * The format that a file name's ending says.
 *
 * @throws InputError for any other ending.
 * @example formatOf("runs.tsv") // "tsv"
 */
export function formatOf(name: string): Format {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1] ?? "";
  const format = Object.hasOwn(endings, ending.toLowerCase())
    ? endings[ending.toLowerCase()]
    : undefined;
  if (format !== undefined) return format;
  const found = ending === "" ? "has no ending" : `ends in .${ending}`;
  throw new InputError(
    `${name} ${found}; tables are .csv, .tsv, .jsonl or .parquet files: convert it, or rename it if it is one of these`,
    { file: name },
  );
}

/**
 * Parses a whole file. UTF-8 with or without a byte order mark, LF or CRLF; CSV and TSV need a
 * header line; names and text are trimmed; JSON lines may leave keys out (a missing cell). Rows are
 * counted from 1, header and blank lines aside.
 *
 * @param source how messages name the file
 * @throws InputError for an empty file, a missing header, repeated column names, ragged rows,
 *   broken JSON or Parquet.
 * @example const table = await parseTable(bytes, "csv", "runs.csv");
 *   table.columns.get("n_params")?.cells[0] // "1e6"
 */
export async function parseTable(
  bytes: Uint8Array,
  format: Format,
  source: string,
): Promise<Table> {
  if (bytes.length === 0)
    throw new InputError(`${source} is empty: it needs a header and a row for each run`, {
      file: source,
    });
  const columns =
    format === "parquet" ? await readParquet(bytes, source) : readText(bytes, format, source);
  const byName = new Map<string, Column>();
  for (const column of columns) {
    if (byName.has(column.name)) {
      throw new InputError(
        `${source} has two columns named "${column.name}": rename one, since columns are matched by name`,
        {
          file: source,
          column: column.name,
        },
      );
    }
    byName.set(column.name, column);
  }
  const rows = columns[0]?.cells.length ?? 0;
  if (rows === 0)
    throw new InputError(`${source} has no data rows: it needs a row for each run`, {
      file: source,
    });
  return { source, sha256: await sha256(bytes), rows, columns: byName };
}

function readText(bytes: Uint8Array, format: "csv" | "tsv" | "jsonl", source: string): Column[] {
  const text = textOf(bytes, source);
  if (text.trim() === "")
    throw new InputError(
      `${source} holds only blank lines: it needs a header and a row for each run`,
      { file: source },
    );
  return format === "jsonl"
    ? readJsonLines(text, source)
    : readDelimited(text, format === "csv" ? "," : "\t", source);
}

/** The text with the byte order mark removed and every line end made a plain LF. */
export function textOf(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    throw new InputError(
      `${source} is not UTF-8 text: save it as UTF-8; a Parquet file must end in .parquet, a compressed one must be unpacked`,
      { file: source },
    );
  }
}

/** SHA-256, hex. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
