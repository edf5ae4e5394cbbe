/** Keeps a driver's chatter off the terminal. */
import { closeSync, fstatSync, openSync } from "node:fs";

/**
 * Runs `work` with file descriptor 2 on /dev/null. Opening a software adapter makes Dawn print two
 * lines about limits it "artificially reduced": native code, past `process.stderr`, with no switch
 * to turn it off. Only on Linux, where descriptors can be opened again, and only for terminals and
 * pipes: a regular file opened twice has two positions, and `> log 2>&1` would overwrite itself.
 * MIXLAW_DEBUG=1 shows all.
 */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const unmute = mute();
  try {
    return await work();
  } finally {
    unmute();
  }
}

function mute(): () => void {
  const nothing = (): void => undefined;
  if (process.platform !== "linux" || process.env["MIXLAW_DEBUG"] === "1") return nothing;
  let saved: number;
  try {
    // Asking also makes Node open its own side of stderr before the descriptor moves.
    if (!process.stderr.isTTY && !fstatSync(2).isFIFO()) return nothing;
    saved = openSync("/proc/self/fd/2", "a");
  } catch {
    return nothing; // such as a socket: it stays as it is
  }
  // No other thread opens files here: the engine's workers start later. So the lowest free
  // descriptor, 2, is what the next open gets.
  closeSync(2);
  openSync("/dev/null", "w");
  return () => {
    closeSync(2);
    openSync(`/proc/self/fd/${saved}`, "a");
    closeSync(saved);
  };
}
