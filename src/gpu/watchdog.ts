/** A limit on waiting, so that what never ends does not keep whoever waits for it. */

/** Milliseconds between looks at the clock. */
const TICK = 250;

/** A wait that took longer than its limit. */
export class Overdue extends Error {
  override readonly name = "Overdue";
  /** @param limit milliseconds */
  constructor(readonly limit: number) {
    super(`nothing within ${limit} ms`);
  }
}

/**
 * What a promise gives; rejects with Overdue after `limit` milliseconds without an answer. Only
 * time in which this thread takes turns counts: a process that was stopped, a laptop that slept and
 * a page in the background, whose timers are slow, are not late.
 */
export async function within<T>(promise: Promise<T>, limit: number): Promise<T> {
  const tick = Math.min(TICK, limit);
  let timer: ReturnType<typeof setInterval> | undefined;
  const late = new Promise<never>((_, reject) => {
    let [waited, before] = [0, performance.now()];
    timer = setInterval(() => {
      const now = performance.now();
      waited += Math.min(now - before, 2 * tick);
      before = now;
      if (waited >= limit) reject(new Overdue(limit));
    }, tick);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearInterval(timer);
  }
}
