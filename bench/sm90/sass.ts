/** What nvdisasm prints of a kernel: instructions by the line of the text that they are of. */

/** Executed instructions: of each, how often its line is come to. */
export interface Executed {
  /** In the code. */
  readonly size: number;
  /** Executed. */
  readonly total: number;
  /** Executed, by line. */
  readonly byLine: ReadonlyMap<number, number>;
}

const LINE =
  /\/\/## File ".*kernel\.wgsl", line (\d+)(?: inlined at ".*kernel\.wgsl", line (\d+))?/;
const INSTRUCTION = /^\s*\/\*[\da-f]{4,}\*\/\s+(.*);/;

/**
 * An instruction is of the innermost line of its chain of calls that is of a function with one call
 * in the text: lines of others, which are short, are their callers'.
 *
 * @param isShared whether a line is of a function that is called from several places
 */
export function executed(
  sass: string,
  times: ArrayLike<number>,
  isShared: (line: number) => boolean,
): Executed {
  const byLine = new Map<number, number>();
  let [size, total] = [0, 0];
  let chain: number[] = [];
  let isFresh = true;
  for (const text of sass.split("\n")) {
    const line = LINE.exec(text);
    if (line !== null) {
      if (isFresh) chain = [];
      isFresh = false;
      chain.push(Number(line[1]));
      if (line[2] !== undefined) chain.push(Number(line[2]));
      continue;
    }
    const instruction = INSTRUCTION.exec(text);
    if (instruction === null) continue;
    isFresh = true;
    size++;
    const own = chain.find((n) => !isShared(n)) ?? 0;
    const count = times[own] ?? 0;
    total += count;
    byLine.set(own, (byLine.get(own) ?? 0) + count);
  }
  return { size, total, byLine };
}
