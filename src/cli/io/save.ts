/** Output files. A file is written whole or not at all, and checked before the work begins. */
import { access, constants, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../base/errors.ts";

/** A file that results go to. It was found to be writable. */
export interface Destination {
  readonly path: string;
  save(text: string): Promise<void>;
}

/**
 * Checks that a file can be written, without writing it. Folders are not made: a path with a folder
 * that does not exist is more likely misspelt than new.
 *
 * @param input a file that the command reads, and that must not be overwritten
 * @param flag the flag that named the file, for messages
 * @throws InputError naming the flag, and what to do.
 */
export async function destination(
  path: string,
  input?: string,
  flag = "--out",
): Promise<Destination> {
  const fail = (problem: string): InputError =>
    new InputError(`${flag} ${path}: ${problem}`, { file: path });
  if (path.trim() === "") throw new InputError(`${flag} is empty: name a file`);
  // A link is followed, so that the file it points to is replaced and not the link.
  const real = await realpath(path).catch(() => path);
  if (input !== undefined && real === (await realpath(input).catch(() => undefined)))
    throw fail("is the file that is read: name another");
  const existing = await stat(real).catch(() => undefined);
  if (existing?.isDirectory() === true) throw fail("is a folder: name a file in it");
  // Devices and pipes (/dev/null, /dev/stdout) are written to as they are.
  if (existing !== undefined && !existing.isFile())
    return { path, save: (text) => writeFile(real, text).catch(explain(fail)) };
  if (existing !== undefined) await access(real, constants.W_OK).catch(explain(fail));
  const folder = dirname(real);
  if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true)
    throw fail(`there is no folder ${folder}: make it first`);
  const temporary = join(folder, `.${basename(real)}.${process.pid}.tmp`);
  const probe = await open(temporary, "w").catch(explain(fail));
  await probe.close();
  await rm(temporary);
  return {
    path,
    async save(text) {
      try {
        await writeFile(temporary, text);
        await rename(temporary, real);
      } catch (error) {
        await rm(temporary, { force: true });
        explain(fail)(error);
      }
    },
  };
}

const explain =
  (fail: (problem: string) => InputError) =>
  (error: unknown): never => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const known: Readonly<Record<string, string>> = {
      EACCES: "may not be written: check its permissions",
      EPERM: "may not be written: check its permissions",
      EROFS: "cannot be written: the file system is read-only",
      ENOSPC: "cannot be written: the disk is full",
      ENOTDIR: "cannot be written: a part of its path is not a folder",
      ENAMETOOLONG: "cannot be written: its name is too long",
    };
    throw fail(known[code] ?? `cannot be written (${code || String(error)})`);
  };
