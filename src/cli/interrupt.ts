/** Ctrl-C: once to stop and keep what there is, twice to leave. */
import { tell } from "./output.ts";

export const INTERRUPTED = 130;

/** A signal that fires at the first Ctrl-C; the second ends the process. `release` gives Ctrl-C back its usual meaning. */
export function interruption(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) {
      // The cursor, which a progress bar may have hidden.
      if (process.stderr.isTTY) process.stderr.write("\u001b[?25h\n");
      process.exit(INTERRUPTED);
    }
    controller.abort();
    tell("stopping, with what was found so far (Ctrl-C again to leave at once)");
  };
  process.on("SIGINT", onInterrupt);
  return { signal: controller.signal, release: () => void process.off("SIGINT", onInterrupt) };
}
