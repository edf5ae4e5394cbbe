/** Calls that must end: damaged or hostile bytes can send decoders in JavaScript in circles. */

/** Whether modules of Node can be had. In a browser tables are read by a worker. */
export const isNode = typeof process !== "undefined" && "getBuiltinModule" in process;

/** Milliseconds that decoding may take in any case, and for each byte: far more than it does. */
const MOST: Limits = { free: 5000, perByte: 2e-4 };

interface Limits {
  readonly free: number;
  readonly perByte: number;
}

/**
 * What a call returns that decodes `bytes` bytes. In Node it is ended from outside when it takes
 * too long, by the watchdog of `node:vm`, which stops a loop wherever it is.
 *
 * @throws Error for a call that takes too long, and what the call throws.
 */
export function withinTime<T>(call: () => T, bytes: number, limits: Limits = MOST): T {
  if (!isNode) return call();
  const results: T[] = [];
  const timeout = Math.ceil(limits.free + limits.perByte * bytes);
  watched ??= watchdog();
  try {
    watched(() => void results.push(call()), timeout);
  } catch (error) {
    // It comes from the context of the watchdog: it is no Error of this one.
    const isLate =
      typeof error === "object" &&
      error !== null &&
      "code" in error &&
      error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    if (isLate) throw new Error("unpacking it does not end", { cause: error });
    throw error;
  }
  return results[0];
}

type Watched = (call: () => void, timeout: number) => void;

/** Made once: it takes about as long as decoding a page. */
let watched: Watched | undefined;

function watchdog(): Watched {
  const vm = process.getBuiltinModule("node:vm");
  const run = new vm.Script("call()");
  const context = vm.createContext({ call: undefined });
  return (call, timeout) => {
    context.call = call;
    run.runInContext(context, { timeout });
  };
}
