/** Which backend finishes first. */
import type { AdapterReport } from "../../gpu/adapter.ts";
import { paceOf } from "../../gpu/style.ts";
import { canCompile } from "../../expr/javascript.ts";
import { float64Choice } from "../../wasm/availability.ts";
import type { Problem } from "./problem.ts";

/** Responses whose squares float32 holds, with room for products. */
const FLOAT32 = { least: 1e-15, most: 1e15 } as const;

/** Whether float32 holds the squares of a problem's responses, which are then no 0 or infinite. */
export const suitsFloat32 = ({ packed }: Pick<Problem, "packed">): boolean =>
  packed.responses.every((response) => {
    const largest = response.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
    return largest === 0 || (largest >= FLOAT32.least && largest <= FLOAT32.most);
  });

/**
 * What an iteration takes in float64, in those of compiled JavaScript: of WebAssembly as the starts
 * of `npm run bench:float64` have it, of which chinchilla's are 2.6 times as fast, joint's 2.8 and
 * additive's 4.0, and where a policy forbids all compiling, with which fits take 2.0 to 3.0 times
 * as long (docs/performance.md).
 */
const FLOAT64 = { webassembly: 1 / 2.8, compiled: 1, interpreted: 3 } as const;

/** What computes float64 in this engine's threads. */
function float64Kind(): keyof typeof FLOAT64 {
  if (float64Choice().kind === "webassembly") return "webassembly";
  return canCompile() ? "compiled" : "interpreted";
}

/** Seconds that one thread of this engine takes for an iteration of one fit, warm. */
export const threadSeconds = (problem: Problem): number =>
  FLOAT64[float64Kind()] * iterationSeconds(problem);

/**
 * Seconds that one thread takes for an iteration of one fit in compiled JavaScript, warm: what
 * adapters are measured by, whatever computes float64 beside them.
 */
export function iterationSeconds({ program, packed }: Problem): number {
  const p = program.params;
  const rows = packed.order.length;
  const groups = packed.start.length - 1;
  const q = program.columns.length;
  const mixed = program.slots.filter((slot) => slot.kind === "op" && slot.level === "mix").length;
  const straight =
    60e-9 * rows + groups * (0.8e-9 * p * p + 0.4e-9 * q * q * p + 3e-9 * mixed) + 1e-9 * p * p * p;
  return 1.6 * straight; // with the bend of the step
}

/** Laws of more coordinates are searched in float64, but on a real GPU. */
const MANY_COORDINATES = 64;

/**
 * How many of `usual` fits, of so many iterations, of each of so many targets fit into `seconds` of
 * one thread with WebAssembly; at least `least`. Only laws of very many coordinates have fewer than
 * usual. It is by the model above, whatever this machine takes, so that the same starts are
 * searched on each.
 */
export function affordable(
  problem: Problem,
  targets: number,
  {
    iterations,
    seconds,
    usual,
    least,
  }: Record<"iterations" | "seconds" | "usual" | "least", number>,
): number {
  if (problem.program.params <= MANY_COORDINATES) return usual;
  const each = targets * iterations * FLOAT64.webassembly * iterationSeconds(problem);
  return Math.min(usual, Math.max(least, Math.floor(seconds / each)));
}

/** How long a problem takes on each backend. */
export interface Estimate {
  /** Whether the CPU is expected to be done first. */
  readonly cpu: boolean;
  /** Seconds, roughly. */
  readonly seconds: { readonly cpu: number; readonly webgpu: number };
}

/**
 * A cost model with constants measured on two cores, and on an H200 beside sixteen. It decides
 * between "no compile, slower" and "compile, then fast", where a factor of two in either direction
 * costs little. @param isCompiled whether the kernel is
 */
export function cheaper(
  problem: Problem,
  iterations: number,
  threads: number,
  adapter: AdapterReport,
  isCompiled = false,
): Estimate {
  const perIteration = iterationSeconds(problem);
  // Sixteen threads did the work of six: they share cores, and wait for the last start of a stage.
  const together = Math.min(threads, Math.sqrt(2 * threads));
  const cpu = (iterations * threadSeconds(problem)) / together;
  const { compile, speed } = paceOf(adapter, problem.program.params);
  const webgpu = (isCompiled ? 0 : compile) + (iterations * perIteration) / speed;
  return { cpu: cpu <= webgpu, seconds: { cpu, webgpu } };
}
