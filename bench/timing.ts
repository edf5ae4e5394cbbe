/** What a measuring process measures, and how it answers `child` of bench/child.ts. */

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** After so many seconds of warm runs no other is begun. */
const ENOUGH = 30;

/** Seconds since the process started, and the median of up to `repeats` runs after the first. */
export async function coldAndWarm<T>(
  run: () => Promise<T>,
  repeats: number,
): Promise<{ cold: number; warm: number; last: T }> {
  let last = await run();
  const cold = performance.now() / 1000;
  const times: number[] = [];
  for (let i = 0; i < repeats && times.reduce((a, b) => a + b, 0) < ENOUGH; i++) {
    const from = performance.now();
    last = await run();
    times.push((performance.now() - from) / 1000);
  }
  return { cold, warm: median(times), last };
}

/**
 * Microseconds of processor time that a call takes: the mean of so many calls that they take
 * `enough` milliseconds.
 *
 * @param call is given its number
 */
export function processorTime(call: (n: number) => void, enough: number): number {
  for (let calls = 16; ; calls *= 2) {
    const before = process.cpuUsage();
    for (let n = 0; n < calls; n++) call(n);
    const { user, system } = process.cpuUsage(before);
    if (user + system >= 1000 * enough) return (user + system) / calls;
  }
}

/** Peak resident memory of this process, bytes. */
export const peakMemory = (): number => 1024 * process.resourceUsage().maxRSS;

/** Ends the process with its result. */
export function finish(result: unknown): never {
  console.log(`result ${JSON.stringify(result ?? null)}`);
  process.exit(0); // idle workers and a device that is still closing must not hold the process
}
