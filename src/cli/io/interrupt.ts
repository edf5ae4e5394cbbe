/** Ctrl-C: once to stop and keep what there is, twice to leave. */
import { AbortedError } from "../../base/errors.ts";

export const INTERRUPTED = 130;

/**
 * A signal that fires at the first Ctrl-C, which `say` tells; the second ends the process.
 * `release` gives Ctrl-C back its usual meaning.
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

/** What the work gives, or the part of it that there is after an interruption. */
export async function finished<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AbortedError) return error.partial as T | undefined;
    throw error;
  }
}
