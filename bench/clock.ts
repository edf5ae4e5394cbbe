/** Wall and processor seconds. */
export interface Seconds {
  readonly wall: number;
  /** Of all threads. */
  readonly processor: number;
}

/** What some work gives, and the seconds that it takes. */
export async function clocked<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly seconds: Seconds }> {
  const began = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - began) / 1000;
  return { result, seconds: { wall, processor: (user + system) / 1e6 } };
}
