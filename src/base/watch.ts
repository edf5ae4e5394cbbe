/** Long work that can be followed and stopped. */

/**
 * How a caller follows and stops work. `tick` is called between pieces of work with the share that
 * is done, up to 1. When `signal` fires, the work stops early and returns what it has.
 */
export interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly tick: (done: number) => void;
}

/** The watch of a part of some work, which begins at `from` and is `size` of `whole`. */
export const portion = (watch: Watch, from: number, size: number, whole: number): Watch => ({
  signal: watch.signal,
  tick: (done) => watch.tick((from + done * size) / whole),
});
