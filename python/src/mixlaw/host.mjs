/**
 * Loaded before the command when Python runs it. Standard input is a pipe from Python: a line on it
 * is Ctrl-C, for systems without signals; its end is that of Python, and the command ends too.
 */
import { isMainThread } from "node:worker_threads";

const INTERRUPTED = 130;

if (isMainThread) {
  process.stdin.on("data", () => {
    if (!process.emit("SIGINT", "SIGINT")) process.exit(INTERRUPTED);
  });
  process.stdin.on("end", () => process.exit(INTERRUPTED));
  process.stdin.on("error", () => process.exit(INTERRUPTED));
  process.stdin.unref();
}
