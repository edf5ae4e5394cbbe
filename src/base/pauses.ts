/** Long work in a thread that has other things to do: events of a page, timers, an interruption. */

import { AbortedError } from "./errors.ts";

/** Milliseconds of work between pauses. A page that answers within 50 ms feels at once. */
const WORK = 30;

/**
 * Lets everything that waits have its turn. A message is heard after what came before it and, other
 * than a timer, is not held back in a tab that nobody sees.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener(
      "message",
      () => {
        port1.close();
        resolve();
      },
      { once: true },
    );
    port1.start();
    port2.postMessage(undefined);
  });
}

/**
 * When to pause.
 *
 * @example const pauses = new Pauses();
 *   for (const piece of pieces) { work(piece); if (pauses.isDue()) await pauses.take(); }
 */
export class Pauses {
  #since = performance.now();

  isDue(): boolean {
    return performance.now() - this.#since >= WORK;
  }

  async take(): Promise<void> {
    await pause();
    this.#since = performance.now();
  }
}

/**
 * What a generator returns in the end; it pauses where one is due and the generator yields. Throws
 * AbortedError when the signal fires.
 */
export async function paced<T>(
  steps: Generator<unknown, T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const pauses = new Pauses();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (pauses.isDue()) await pauses.take();
    if (signal?.aborted === true) throw new AbortedError();
  }
}
