/** What the system says of files, in words. */
import { codeOf } from "../../node/error-code.ts";

const NOT_WRITTEN: Readonly<Record<string, string>> = {
  EACCES: "may not be written: check its permissions",
  EPERM: "may not be written: check its permissions",
  EROFS: "cannot be written: the file system is read-only",
  ENOSPC: "cannot be written: the disk is full",
  EDQUOT: "cannot be written: the disk quota is used up",
  EFBIG: "cannot be written: it is larger than a file may be here",
  EIO: "cannot be written: the disk reports an error",
  ENOENT: "cannot be written: its folder is gone",
  ENOTDIR: "cannot be written: a part of its path is not a folder",
  ENAMETOOLONG: "cannot be written: its name is too long",
  ELOOP: "cannot be written: its links lead in a circle",
  EBUSY: "cannot be replaced: it is in use or a mount of its own",
  ETXTBSY: "cannot be written: it is a program that runs",
  EPIPE: "cannot be written: its reader is gone",
};

/** Why a file could not be written. */
export function whyNotWritten(error: unknown): string {
  const code = codeOf(error);
  return NOT_WRITTEN[code] ?? `cannot be written (${code || String(error)})`;
}
