/** A small disk that can be filled up: a tmpfs, which only root may mount. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Room for the results of the jobs, several times. */
const SIZE = "16m";

/** Mounts it; throws where that is not allowed. `unmount` takes it away. */
export function smallDisk(folder: string): { readonly unmount: () => void } {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "none", folder]);
  return { unmount: () => void execFileSync("umount", ["--lazy", folder]) };
}

/** Fills a disk to the last byte; what it returns empties it again. */
export function fill(folder: string): () => void {
  const path = join(folder, "filler");
  const file = openSync(path, "w");
  try {
    for (let size = 2 ** 20; size >= 1; size /= 2) while (isWritten(file, size));
  } finally {
    closeSync(file);
  }
  return () => rmSync(path);
}

/** Whether the disk had room for so many bytes. */
function isWritten(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
}
