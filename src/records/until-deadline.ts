/** Work that ends at a deadline with what it has by then. */
import { AbortedError, DeadlineError } from "../base/errors.ts";

/**
 * Does some work that stops for a signal, and stops it after some seconds. What it has by then, the
 * `partial` of its AbortedError, is the result.
 *
 * @param seconds undefined for no deadline: the work gets the caller's signal as it is
 * @param unfinished says in a partial result what is missing
 * @throws DeadlineError when there is nothing by then.
 */
export async function untilDeadline<T>(
  seconds: number | undefined,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal | undefined) => Promise<T>,
  unfinished: (partial: T) => T,
): Promise<T> {
  if (seconds === undefined) return work(signal);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), Math.max(0, 1000 * seconds));
  const first = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
  try {
    return await work(first);
  } catch (error) {
    const isLate = deadline.signal.aborted && signal?.aborted !== true;
    if (!(error instanceof AbortedError) || !isLate) throw error;
    if (error.partial === undefined) throw new DeadlineError();
    return unfinished(error.partial as T);
  } finally {
    clearTimeout(timer);
  }
}
