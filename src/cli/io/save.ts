/** Output files. Each is checked before the work begins, and written whole or not at all. */
import { closeSync, constants, fstatSync, openSync, type Stats } from "node:fs";
import { readlink, realpath, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { InputError } from "../../base/errors.ts";
import { writtenFormatOf } from "../../data/write/write-table.ts";
import { codeOf } from "../../node/error-code.ts";
import { commandWords } from "./command-words.ts";
import { whyNotWritten } from "./file-errors.ts";
import { letSignalsEnd, removedIfEnded } from "./interrupt.ts";
import { tell } from "./output.ts";
import { removeStale, replaceFile, type Content, tryFolder } from "../../node/replace-file.ts";

/** A file that results go to. It was found to be writable. */
export interface Destination {
  readonly path: string;
  /** Writes a complete result. */
  save(content: Content): Promise<void>;
  /**
   * Writes what a run has that was stopped or has failed to a file beside it, and says so: a
   * complete file is never replaced by less.
   */
  savePartial(content: Content): Promise<void>;
}

/**
 * Checks that a file can be written, without writing it. Folders are not made: a path with a folder
 * that does not exist is more likely misspelt than new.
 *
 * @param flag the flag that named the file, for messages
 * @param words the command line: no file that it names besides is overwritten, by any path or link
 * @throws InputError naming the flag, and what to do.
 */
export async function destination(
  path: string,
  flag = "--out",
  words: readonly string[] = commandWords(),
): Promise<Destination> {
  const fail = (problem: string): InputError =>
    new InputError(`${flag} ${path}: ${problem}`, { file: path });
  const explained = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw error instanceof InputError ? error : fail(whyNotWritten(error));
    });
  if (path.trim() === "") throw new InputError(`${flag} is empty: name a file`);
  const existing = await explained(statIfAny(path));
  if (existing?.isDirectory() === true) throw fail("is a folder: name a file in it");
  const partial = partialPath(path);
  const inputs = await identitiesOf(otherWords(words, path));
  if (inputs.has(await identityOf(path)))
    throw fail(
      existing === undefined
        ? "is named twice on the command line: name another"
        : "is the file that is read: name another, no input is overwritten",
    );
  if (inputs.has(await identityOf(partial)))
    throw fail(`an interrupted run would write ${partial}, which is read: name another`);
  // Devices and pipes (/dev/null, /dev/stdout) are written to as they are.
  if (existing !== undefined && isStream(path, existing)) {
    const save = (content: Content): Promise<void> => explained(pour(path, existing, content));
    return { path, save, savePartial: save };
  }
  const real = await explained(throughLinks(path));
  await explained(checkWritable(real, existing, fail));
  return {
    path,
    save: (content) => explained(replaceFile(real, content, removedIfEnded)),
    async savePartial(content) {
      await replaceFile(partial, content, removedIfEnded).catch((error: unknown) => {
        throw new InputError(`${partial}: ${whyNotWritten(error)}`, { file: partial });
      });
      tell(`what was found so far is in ${partial}; ${path} is left as it was`);
    },
  };
}

/** Whether the name of a file says Parquet, which holds tables alone. */
export const isParquet = (path: string): boolean => writtenFormatOf(path) === "parquet";

/**
 * The same for a result that is no table.
 *
 * @throws InputError for a name in .parquet too: it would hold something else.
 */
export async function documentDestination(path: string, flag = "--out"): Promise<Destination> {
  if (!isParquet(path)) return destination(path, flag);
  throw new InputError(
    `${flag} ${path}: what is written is no table, which is what Parquet holds: give the file another ending, such as .json`,
    { file: path },
  );
}

/**
 * The same for --out of an optimum. Parquet holds the table that CSV has, and no other format.
 *
 * @param format "table" where the name of the file says it
 */
export async function optimumDestination(path: string, format: string): Promise<Destination> {
  if (!isParquet(path) || format === "table" || format === "csv") return destination(path);
  throw new InputError(
    `--out ${path}: --format ${format} is no table, which is what Parquet holds: choose --format csv, whose table then goes to the file, or give the file another ending`,
    { file: path },
  );
}

/** Endings of tables, each of which is a file of its own. */
const TABLE = /(\.csv|\.parquet)$/i;

/**
 * The file of another table beside that of --out; undefined where one file has all.
 *
 * @example besideOf("scores.csv", "curve") // "scores-curve.csv"
 */
export const besideOf = (out: string, what: string): string | undefined =>
  TABLE.test(out) ? out.replace(TABLE, `-${what}$1`) : undefined;

/** Formats that a partial result is written in too; all others are JSON. */
const OWN_FORMAT = /^\.(csv|parquet|ya?ml)$/i;

/** "fit.json.partial.json": where what a stopped run has goes. */
export function partialPath(path: string): string {
  const ending = extname(path);
  return `${path}.partial${OWN_FORMAT.test(ending) ? ending : ".json"}`;
}

/** Undefined where there is none. Throws for paths that there cannot be. */
async function statIfAny(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The words of a command line but for one that is the path, each without the flag in it. */
function otherWords(words: readonly string[], path: string): string[] {
  const values = words.map((word) => word.replace(/^(--[\w-]+=|-o(?=.))/, ""));
  const own = values.indexOf(path);
  return values.filter((_, i) => i !== own);
}

/** What tells a file from all others: its place on the disk or, where it is new, its full path. */
async function identityOf(path: string): Promise<string | undefined> {
  const file = await stat(path, { bigint: true }).catch(() => undefined);
  if (file !== undefined) return `${file.dev}:${file.ino}`;
  return throughLinks(path).catch(() => undefined);
}

/** Of the words that name files. Standard input is one too. */
async function identitiesOf(words: readonly string[]): Promise<ReadonlySet<string | undefined>> {
  const all = words.map((word) => identityOf(word === "-" ? "/dev/stdin" : word));
  const known = new Set(await Promise.all(all));
  known.delete(undefined);
  return known;
}

const MOST_LINKS = 40;

/** The file that a path leads to by links: it is replaced, and not the link. It need not exist. */
async function throughLinks(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = await realpath(dirname(at)).catch(() => dirname(at));
    const target = await readlink(at).catch(() => undefined);
    if (target === undefined) return join(folder, basename(at));
    at = resolve(folder, target);
  }
  throw Object.assign(new Error("too many links"), { code: "ELOOP" });
}

/** Throws where a file could not be replaced by another. */
async function checkWritable(
  path: string,
  existing: Stats | undefined,
  fail: (problem: string) => InputError,
): Promise<void> {
  if (existing !== undefined) closeSync(openSync(path, constants.O_WRONLY));
  const folder = dirname(path);
  if ((await statIfAny(folder))?.isDirectory() !== true)
    throw fail(`there is no folder ${folder}: make it first`);
  await removeStale(folder);
  await tryFolder(folder, removedIfEnded);
}

const isSame = (a: Stats, b: Stats): boolean => a.dev === b.dev && a.ino === b.ino;

/** Whether it is a device or a pipe; /dev/stdout is one also where it goes to a file. */
const isStream = (path: string, file: Stats): boolean =>
  !file.isFile() || (/^\/(dev|proc)\//.test(path) && isSame(file, fstatSync(1)));

/** Writes to a device, a pipe or standard output. Their readers may be slow: a signal ends it. */
async function pour(path: string, file: Stats, content: Content): Promise<void> {
  letSignalsEnd();
  if (!isSame(file, fstatSync(1))) return writeFile(path, content);
  for (const piece of typeof content === "string" ? [content] : content)
    await new Promise<void>((done, failed) =>
      process.stdout.write(piece, (error) => (error ? failed(error) : done())),
    );
}
