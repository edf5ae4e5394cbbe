/** Writing files of a build that others may be reading: what has not changed is left as it is. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file whole, and only where it has other contents.
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
export function writeChanged(path, contents) {
  const bytes = Buffer.from(contents);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.tmp`;
  writeFileSync(fresh, bytes);
  renameSync(fresh, path);
}

/**
 * Writes what esbuild made with `write: false`.
 * @param {readonly import("esbuild").OutputFile[]} outputs
 * @param {(path: string) => string} [ending] what follows the text of a script
 */
export function writeOutputs(outputs, ending = () => "") {
  for (const { path, contents } of outputs)
    writeChanged(path, Buffer.concat([contents, Buffer.from(ending(path))]));
}
