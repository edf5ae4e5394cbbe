/** Ctrl-C: the first one stops the work and keeps what was found, the second ends the process. */
import { AbortedError } from "../../base/errors.ts";

/** The exit code after Ctrl-C. */
export const INTERRUPTED = 130;

/**
 * A signal that fires at the first Ctrl-C. The second one ends the process. `release` gives Ctrl-C
 * its usual meaning back.
 *
 * @param say is told, in a sentence, when the signal fires
 */
export function interruption(say: (sentence: string) => void): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) {
      // The cursor, which a progress bar may have hidden.
      if (process.stderr.isTTY) process.stderr.write("\u001b[?25h\n");
      process.exit(INTERRUPTED);
    }
    controller.abort();
    say("stopping, with what was found so far (Ctrl-C again to leave at once)");
  };
  process.on("SIGINT", onInterrupt);
  return { signal: controller.signal, release: () => void process.off("SIGINT", onInterrupt) };
}

/**
 * The result of some work. After an interruption it is the part that was done; undefined where
 * there is none.
 */
export async function finished<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AbortedError) return error.partial as T | undefined;
    throw error;
  }
}
