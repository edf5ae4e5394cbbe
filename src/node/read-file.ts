/** Tables and runs from files. */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { buffer } from "node:stream/consumers";
import { InputError } from "../base/errors.ts";
import { nearest } from "../base/wording.ts";
import { toRuns } from "../data/runs/runs.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { RunsOptions } from "../data/runs/runs-options.ts";
import type { Table } from "../data/table/cells.ts";
import { formatOf, TABLE_ENDINGS } from "../data/table/formats.ts";
import { parseTable } from "../data/table/parse-table.ts";

/**
 * Reads a table in the format that its name ends in; "-" reads CSV from standard input.
 *
 * @throws InputError when there is no such file, it cannot be read, or it is no such table.
 * @example const table = await readTable("runs.parquet")
 */
export async function readTable(path: string): Promise<Table> {
  if (path === "-") return parseTable(await buffer(process.stdin), "csv", "standard input");
  const bytes = await readBytes(path);
  return parseTable(bytes, formatOf(path), path);
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
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
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
}
