/**
 * When a search by many starts has seen enough. Starts come in *batches* that end at fixed numbers
 * of them, so that what is done follows from the ends of the starts alone. Batches grow, since each
 * waits for the last start of the one before.
 *
 * The chance that one more start would end in an optimum that none has is estimated by the optima
 * that a single start ended in, over the starts (Good 1953, "The population frequencies of
 * species", Biometrika 40, eq. 9, with r = 0). Where optima are many that stays large, though most
 * of them are worse than the best. The chance of a better one has a bound whatever there is: of
 * n + 1 starts drawn alike each is as likely to end lowest as any other, so that the last of them
 * ends lower than all before with a chance of 1/(n + 1) at most (Rényi 1962, "Théorie des éléments
 * saillants d'une suite d'observations", on records).
 */

/** The chance at which it is enough: one start in 48 that is alone, none in fewer; or 47 starts. */
const ENOUGH = 0.0209;
/**
 * The chance of a new optimum up to which 47 starts are enough. Where optima are more, a search
 * goes on: the bound is of the next start, and there are many to come.
 */
const MOST_NEW = 1 / 8;
/** How many times more starts there are after a further batch. */
const GROWTH = 2;

/** Whether `alone` of `starts` that ended in an optimum of their own leave hardly any to find. */
export const isEnough = (alone: number, starts: number): boolean => alone <= ENOUGH * starts;

/**
 * Whether a start after so many, of which `alone` ended in an optimum of their own, would hardly
 * end lower than all of them.
 */
export const areMany = (alone: number, starts: number): boolean =>
  1 / (starts + 1) <= ENOUGH && alone <= MOST_NEW * starts;

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
