/** Text and JSON files. */
import { readFile } from "node:fs/promises";
import { InputError } from "../../base/errors.ts";

/** What a JSON file holds. Throws InputError naming the file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(
      `${path} is no JSON file: fit files are written with "mixlaw fit RUNS --out fit.json"`,
      { file: path },
    );
  }
}

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
