/** Waiting in Node while a software adapter computes: see `Rest`. */
import { setImmediate } from "node:timers/promises";

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread, since nothing wakes the cell; then lets timers, signals and messages run. */
export async function rest(ms: number): Promise<void> {
  Atomics.wait(cell, 0, 0, ms);
  await setImmediate();
}
