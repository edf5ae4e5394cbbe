/**
 * Work that JavaScript does in a thread whose float64 is WebAssembly's: the memory is full, or a
 * module is beyond what the engine takes. Whoever listens is told why, to end a sentence.
 */

const listeners = new Set<(why: string) => void>();

/** Calls `listener` when work falls back from now on. Returns what ends that. */
export function onFallback(listener: (why: string) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Says that some work is left to JavaScript. @param why the end of a sentence */
export function tellFallback(why: string): void {
  for (const listener of listeners) listener(why);
}

/** Why, where it is for want of memory. */
export const FULL = "its memory, of at most 4 GiB, cannot grow";
