/** Waiting for a promise while something else may end for good. */

/** Who waits beside a promise that may reject: each is told, and forgotten, when it does. */
const waiting = new WeakMap<Promise<never>, Set<(error: unknown) => void>>();

/**
 * The result of a promise, or the rejection of `ending` if that comes first. `Promise.race` says
 * the same, but it leaves what it raced on `ending` until that settles: with one that stays pending
 * for the life of a process, such as a device's loss, every call would keep its result.
 *
 * @param ending pending until something ends for good
 * @example await unless(device.lost, buffer.mapAsync(mode))
 */
export function unless<T>(ending: Promise<never>, promise: Promise<T>): Promise<T> {
  const waiters = waiting.get(ending) ?? waitersOf(ending);
  return new Promise<T>((resolve, reject) => {
    waiters.add(reject);
    const settle =
      <V>(tell: (value: V) => void) =>
      (value: V): void => {
        waiters.delete(reject);
        tell(value);
      };
    promise.then(settle(resolve), settle(reject));
  });
}

function waitersOf(ending: Promise<never>): Set<(error: unknown) => void> {
  const waiters = new Set<(error: unknown) => void>();
  waiting.set(ending, waiters);
  ending.catch((error: unknown) => {
    waiting.delete(ending); // whoever comes later is told in a turn of their own
    for (const tell of waiters) tell(error);
  });
  return waiters;
}
