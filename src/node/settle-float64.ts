/** Which float64 computes in a process of Node, decided before its first engine starts threads. */
import { readFileSync } from "node:fs";
import { InputError } from "../base/errors.ts";
import { forbidWasm, isFloat64Chosen } from "../wasm/availability.ts";

/** Set to "javascript", JavaScript computes float64: to compare, or to find a fault. */
const SWITCH = "MIXLAW_FLOAT64";

/**
 * Bytes of address space: what a memory of WebAssembly sets aside, what a thread takes, and what
 * the process takes besides, with a software adapter. Measured in Node 20: in all 14.3e9 with four
 * threads, 15.2e9 with the adapter too.
 */
const NEEDED = { memory: 10.8e9, thread: 0.7e9, process: 1.3e9 } as const;

/**
 * Bytes that a process of the command has taken when it chooses, at most: 1.07e9, or 1.34e9 where
 * Node has read files in threads of its own. The choice may not depend on which it was.
 */
const TAKEN = 1.4e9;

/**
 * Leaves float64 to JavaScript where the user asks for it, and where the process may not have the
 * address space: a thread that has too little ends the process. A process that has chosen before
 * keeps its choice: the memory that an earlier engine made is there, and all engines have it.
 *
 * @param left bytes of address space that the process may still take
 * @throws InputError for another value of MIXLAW_FLOAT64.
 */
export function settleFloat64(threads: number, left = addressSpaceLeft()): void {
  const asked = process.env[SWITCH];
  if (asked === "javascript") forbidWasm(`${SWITCH} asks for it`);
  else if (asked !== undefined && asked !== "")
    throw new InputError(`${SWITCH} is ${JSON.stringify(asked)}; it can be "javascript", or unset`);
  else if (!isFloat64Chosen() && left < NEEDED.memory + NEEDED.thread * threads + NEEDED.process)
    forbidWasm(
      "its memory sets 10 GiB of address space aside, and the process may not have as much (ulimit -v limits it)",
    );
}

/** Bytes of address space that the process may still take; infinite where nothing limits them. */
function addressSpaceLeft(): number {
  if (process.platform !== "linux") return Infinity;
  try {
    return spaceLeft(
      readFileSync("/proc/self/limits", "utf8"),
      readFileSync("/proc/self/status", "utf8"),
    );
  } catch {
    return Infinity; // there is no /proc: a memory that cannot be had says so itself
  }
}

/** The same by what Linux says of a process. @internal */
export function spaceLeft(limits: string, status: string): number {
  const limit = /^Max address space\s+(\d+)/m.exec(limits);
  if (limit === null) return Infinity; // "unlimited"
  const size = /^VmSize:\s+(\d+) kB/m.exec(status);
  return Number(limit[1]) - Math.max(TAKEN, 1024 * Number(size?.[1] ?? 0));
}
