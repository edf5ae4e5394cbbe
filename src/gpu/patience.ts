/** Waiting for the device without taking the processors that a software adapter computes with. */

/**
 * Blocks the thread for so many milliseconds, then gives everybody else a turn. Dawn in Node polls
 * in every turn of the event loop while a promise of its own is pending, which takes a core: a
 * third of what a software adapter has on two. Between rests it polls a few times a millisecond. A
 * page needs none: nothing polls there.
 */
export type Rest = (ms: number) => Promise<void>;

/** Milliseconds of a rest: a share of what has been waited, so that little is overslept. */
const RESTS = { share: 1 / 16, least: 0.1, most: 2 } as const;

/** Waits for a promise that takes long, with rests in between where there are some. */
export async function patiently<T>(promise: Promise<T>, rest: Rest | undefined): Promise<T> {
  if (rest === undefined) return promise;
  let over = false;
  const end = (): void => {
    over = true;
  };
  promise.then(end, end);
  const from = performance.now();
  while (!over) {
    const waited = performance.now() - from;
    await rest(Math.min(RESTS.most, Math.max(RESTS.least, RESTS.share * waited)));
  }
  return promise;
}
