/** Node's way of waiting for a software adapter: see `Rest`. */
import { setImmediate } from "node:timers/promises";

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Nothing wakes the cell: it is a sleep. Then timers, signals and messages have their turn. */
export async function rest(ms: number): Promise<void> {
  Atomics.wait(cell, 0, 0, ms);
  await setImmediate();
}
