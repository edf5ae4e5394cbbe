/**
 * When a search by many starts has seen enough. Starts come in *batches* that end at fixed numbers
 * of them, so that what is done follows from the ends of the starts alone. Batches grow, since each
 * waits for the last start of the one before.
 *
 * The chance that one more start would end in an optimum that none has is estimated by the optima
 * that a single start ended in, over the starts (Good 1953, "The population frequencies of
 * species", Biometrika 40, eq. 9, with r = 0).
 */

/** The chance at which it is enough: one start in 48 that is alone, none in fewer. */
const ENOUGH = 0.0209;
/** How many times more starts there are after a further batch. */
const GROWTH = 2;

/** Whether `alone` of `starts` that ended in an optimum of their own leave hardly any to find. */
export const isEnough = (alone: number, starts: number): boolean => alone <= ENOUGH * starts;

/**
 * The numbers of starts after which a search of at most `most` looks whether it is enough.
 *
 * @example batchEnds(32, 300) // 32, 64, 128, 256, 300
 */
export function batchEnds(first: number, most: number): number[] {
  const ends: number[] = [];
  for (let end = first; end < most; end *= GROWTH) ends.push(end);
  return [...ends, most];
}
