/** The words of the command that runs: those of the process, or of a part of a job. */

let words: readonly string[] = [];

/** The words after the program's name. */
export const commandWords = (): readonly string[] => words;

/** Does some work as the command of other words. */
export async function asCommand<T>(others: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = words;
  words = others;
  try {
    return await work();
  } finally {
    words = before;
  }
}
