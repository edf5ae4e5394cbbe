/**
 * Writing a file whole or not at all, whatever happens on the way: a temporary file in the same
 * folder gets all of it, and then takes the name.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsync as fsyncFd,
  openSync,
  type Stats,
  writeFile as writeFd,
} from "node:fs";
import { lstat, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { codeOf } from "./error-code.ts";

const [write, sync] = [promisify(writeFd), promisify(fsyncFd)];

/** A text, or text and bytes in pieces, in order: a text alone has at most 2²⁹ characters. */
export type Content = string | Iterable<string | Uint8Array>;

const PREFIX = ".mixlaw-";
const SUFFIX = ".tmp";
/** Hexadecimal digits between them. */
const DIGITS = 32;
const TEMPORARY = new RegExp(`^\\${PREFIX}[0-9a-f]{${DIGITS}}\\${SUFFIX}$`);
/** Milliseconds after which a temporary file has no writer any more. */
const STALE = 24 * 3600 * 1000;

/**
 * Is told of each temporary file, and may remove it where the process ends; what it returns is
 * called when the file is gone.
 */
export type Guard = (temporary: string) => () => void;

const unguarded: Guard = () => () => undefined;

/** A name that nobody can have put a link at: it is not to be guessed. */
const temporaryIn = (folder: string): string =>
  join(folder, PREFIX + randomBytes(DIGITS / 2).toString("hex") + SUFFIX);

/**
 * Replaces a file, or makes it. Until all is on the disk the old one stays. The mode is kept, and
 * the owner where that is allowed; other names of the old file (hard links) keep the old file.
 */
export async function replaceFile(
  path: string,
  content: Content,
  guard: Guard = unguarded,
): Promise<void> {
  const folder = dirname(path);
  const old = await stat(path).catch(() => undefined);
  const temporary = temporaryIn(folder);
  const release = guard(temporary);
  try {
    const file = openNew(temporary, old);
    try {
      for (const piece of typeof content === "string" ? [content] : content)
        await write(file, piece);
      await sync(file);
    } finally {
      closeSync(file);
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    release();
  }
}

/**
 * Opens a file that must not exist, with owner and mode of the old one. It is opened in this
 * thread: a signal comes before or after, and then knows what to remove.
 */
function openNew(path: string, old: Stats | undefined): number {
  if (old === undefined) return openSync(path, "wx");
  const file = openSync(path, "wx", 0o600);
  try {
    fchownSync(file, old.uid, old.gid);
  } catch {
    // It is another user's: only root may give files away.
  }
  fchmodSync(file, old.mode & 0o7777);
  return file;
}

/** What file systems say that cannot do so. */
const NO_FOLDER_SYNC: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "EISDIR", "EPERM", "EACCES"]); // prettier-ignore

/** Makes the new name outlast a power cut, where the file system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = openSync(folder, "r");
    await sync(handle).finally(() => closeSync(handle));
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(codeOf(error))) throw error;
  }
}

/** Makes and removes a file in a folder; throws where that cannot be done. */
export async function tryFolder(folder: string, guard: Guard = unguarded): Promise<void> {
  const temporary = temporaryIn(folder);
  const release = guard(temporary);
  try {
    closeSync(openSync(temporary, "wx"));
    await rm(temporary);
  } finally {
    release();
  }
}

/**
 * Removes temporary files that processes have left that were killed: files of this user, named like
 * them, that nobody has written to for a day.
 */
export async function removeStale(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((each) => TEMPORARY.test(each))) {
    const path = join(folder, name);
    const file = await lstat(path).catch(() => undefined);
    if (file?.isFile() !== true || file.uid !== process.getuid?.()) continue;
    if (Date.now() - file.mtimeMs > STALE) await rm(path, { force: true }).catch(() => undefined);
  }
}
