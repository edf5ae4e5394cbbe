/** Tables and runs from files. */
import { createHash } from "node:crypto";
import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { InputError } from "../base/errors.ts";
import { nearest } from "../base/wording.ts";
import { type ShapeOptions, shapeTables } from "../data/combine/shape.ts";
import { toRuns } from "../data/runs/runs.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { RunsOptions } from "../data/runs/runs-options.ts";
import type { Table } from "../data/table/cells.ts";
import { formatOf, TABLE_ENDINGS } from "../data/table/formats.ts";
import { type Hasher, parseChunks, parseUnnamed } from "../data/table/parse-table.ts";
import { codeOf } from "./error-code.ts";

/**
 * Reads a table in the format that its name ends in; "-" reads one from standard input, in the
 * format that its beginning shows.
 *
 * @throws InputError when there is no such file, it cannot be read, or it is no such table.
 * @example const table = await readTable("runs.parquet")
 */
export async function readTable(path: string): Promise<Table> {
  if (path === "-") return parseUnnamed(process.stdin, "standard input", hasher());
  // Opened first, since what cannot be read is no table, whatever its name; and once, since what a
  // pipe has can be read only once.
  const file = await opened(path);
  try {
    const format = formatOf(path);
    const chunks = file.createReadStream({ highWaterMark: CHUNK });
    return await parseChunks(chunks, format, path, hasher());
  } finally {
    await file.close();
  }
}

/**
 * Reads several tables as one: rows that belong together beside each other (`join`), else one after
 * the other; long tables as wide ones.
 *
 * @throws InputError as `readTable` and `shapeTables` do.
 * @example const table = await readTables(["ratios.csv", "metrics.csv"], { join: "run" })
 */
export async function readTables(
  paths: readonly string[],
  options: ShapeOptions = {},
): Promise<Table> {
  if (paths.indexOf("-") < paths.lastIndexOf("-"))
    throw new InputError('"-" is given twice, but standard input can be read once: name files');
  const tables: Table[] = [];
  for (const path of paths) tables.push(await readTable(path));
  return shapeTables(tables, options);
}

/** SHA-256 by OpenSSL, which takes a fifth of the time of the one in JavaScript. */
function hasher(): Hasher {
  const hash = createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest("hex") };
}

/** Bytes of a file that are read at once. */
const CHUNK = 2 ** 20;

/** A file that is open. Throws InputError naming it where it cannot be, or is a folder. */
async function opened(path: string): Promise<FileHandle> {
  const file = await open(path).catch((error: unknown) => unreadable(path, codeOf(error), error));
  const isFolder = (await file.stat()).isDirectory();
  if (!isFolder) return file;
  await file.close();
  return unreadable(path, "EISDIR");
}

/**
 * Reads a table and packs its runs: `toRuns(await readTable(path), options)`.
 *
 * @throws InputError naming file, row, column or option, and what to do.
 * @example const runs = await readRuns("runs.csv", { where: "split == 'train'" })
 */
export async function readRuns(path: string, options: RunsOptions = {}): Promise<Runs> {
  return toRuns(await readTable(path), options);
}

/** The bytes of a file. Throws InputError naming it where it cannot be read. */
export const readBytes = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((error: unknown) => unreadable(path, codeOf(error), error));

/** Throws the InputError that says why a file cannot be read; what it does not know as it is. */
async function unreadable(path: string, code: string, error?: unknown): Promise<never> {
  if (code === "ENOENT") {
    const near = nearest(basename(path), await readdir(dirname(path)).catch((): string[] => []));
    throw new InputError(
      `there is no file ${path}${near === undefined ? ": check the path" : `; did you mean "${near}"?`}`,
      { file: path },
    );
  }
  if (code === "EISDIR")
    throw new InputError(`${path} is a directory: name a ${TABLE_ENDINGS} file in it`, {
      file: path,
    });
  if (code === "EACCES" || code === "EPERM")
    throw new InputError(`${path} may not be read: check its permissions`, { file: path });
  throw error;
}
