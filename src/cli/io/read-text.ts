/** Text, JSON, fit files and optima. */
import { createReadStream } from "node:fs";
import { InputError } from "../../base/errors.ts";
import { checkLimit } from "../../options/limits.ts";
import { parseOptimum } from "../../mixture/request/optimum-schema.ts";
import { parseFitFile } from "../../fit/file/parse-fit-file.ts";
import { rowsOf } from "../../fit/result/rows-of-file.ts";
import { parseJson } from "../../options/parse-file.ts";
import { codeOf } from "../../node/error-code.ts";
import { type FitFile, type Optimum, parsePlan, type Plan } from "../../node.ts";

/** What a JSON file holds. Throws InputError naming the file; `remedy` says what writes one. */
export const readJson = async (path: string, remedy: string): Promise<unknown> =>
  parseJson(await readText(path), { source: path, remedy });

/**
 * Reads a fit file.
 *
 * @throws InputError when it is not there, is no JSON, is another kind of file, or lacks something.
 */
export const readFit = async (path: string): Promise<FitFile> =>
  parseFitFile(await readText(path), path);

/** Whether a file is a fit file by what it says of itself. Throws InputError as `readFit` does. */
export async function isFitFile(path: string): Promise<boolean> {
  const value = await readJson(path, 'name a fit file or an optimum, from "mixlaw fit --out" or "mixlaw optimize --out"'); // prettier-ignore
  const schema: unknown =
    typeof value === "object" ? Reflect.get(value ?? {}, "schema") : undefined;
  return typeof schema === "string" && schema.startsWith("mixlaw/fit@");
}

/** The same for commands that use the rows that the file keeps: these are checked here too. */
export async function readFitWithRows(path: string): Promise<FitFile> {
  const file = await readFit(path);
  rowsOf(file, path);
  return file;
}

/**
 * Reads an optimum file.
 *
 * @throws InputError when it is not there, is no JSON, is another kind of file, or lacks something.
 */
export const readOptimum = async (path: string): Promise<Optimum> =>
  parseOptimum(await readText(path), path);

/**
 * Reads a plan.
 *
 * @throws InputError when it is not there, is no JSON, is another kind of file, lacks something, or
 *   was changed after it was registered.
 */
export const readPlan = async (path: string): Promise<Plan> =>
  parsePlan(await readText(path), path);

/** The text of a file, which is read no further than any file may be long. */
async function textOf(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    size += chunk.length;
    checkLimit("jsonSize", size, {
      what: `${path}, as far as it was read,`,
      remedy: "is it the file that you mean?",
      where: { file: path },
    });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The text of a file. Throws InputError naming the file. */
export async function readText(path: string): Promise<string> {
  try {
    return await textOf(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = codeOf(error);
    const known = {
      ENOENT: "is not there: check the path",
      EISDIR: "is a folder",
      EACCES: "may not be read: check its permissions",
    };
    const reason = known[code as keyof typeof known] ?? `cannot be read (${code || String(error)})`;
    throw new InputError(`${path} ${reason}`, { file: path });
  }
}
