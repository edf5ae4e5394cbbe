/** Text, JSON and fit files. */
import { readFile } from "node:fs/promises";
import { InputError } from "../../base/errors.ts";
import { parseFitFile, parseJson } from "../../fit/parse-fit-file.ts";
import type { FitFile } from "../../node.ts";

/** What a JSON file holds. Throws InputError naming the file. */
export const readJson = async (path: string): Promise<unknown> =>
  parseJson(await readText(path), path);

/**
 * Reads a fit file.
 *
 * @throws InputError when it is not there, is no JSON, is another kind of file, or lacks something.
 */
export const readFit = async (path: string): Promise<FitFile> =>
  parseFitFile(await readText(path), path);

/** The text of a file. Throws InputError naming the file. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const known = {
      ENOENT: "is not there: check the path",
      EISDIR: "is a folder",
      EACCES: "may not be read: check its permissions",
    };
    const reason = known[code as keyof typeof known] ?? `cannot be read (${code || String(error)})`;
    throw new InputError(`${path} ${reason}`, { file: path });
  }
}
