/** A command, and what it says. */
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";

/**
 * What a command of the repository says, once it has ended: by its exit code, or by the error that
 * kept it from starting.
 *
 * @param {string} command
 * @param {readonly string[]} words
 */
export async function spoken(command, words) {
  const child = spawn(command, words, {
    cwd: dirname(import.meta.dirname),
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => {
    child.once("error", ({ message }) => resolve(message)).once("close", resolve);
  });
  const [end, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { end, out, err };
}
