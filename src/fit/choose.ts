/** Which backend finishes first. */
import type { AdapterReport } from "../gpu/device.ts";
import { MOST_FOR_SOFTWARE } from "../gpu/style.ts";
import type { Problem } from "./problem.ts";

export interface Estimate {
  /** Whether the CPU is expected to be done first. */
  readonly cpu: boolean;
  /** Seconds, roughly. */
  readonly seconds: { readonly cpu: number; readonly webgpu: number };
}

/**
 * A cost model with constants measured on two cores. It decides between "no compile, slower" and "compile, then fast", where a factor
 * of two in either direction costs little.
 */
export function cheaper(problem: Problem, iterations: number, threads: number, adapter: AdapterReport): Estimate {
  const p = problem.program.params;
  const rows = problem.packed.order.length;
  const groups = problem.packed.start.length - 1;
  const q = problem.program.columns.length;
  const mixed = problem.program.slots.filter((slot) => slot.kind === "op" && slot.level === "mix").length;
  const straight = 60e-9 * rows + groups * (0.8e-9 * p * p + 0.4e-9 * q * q * p + 3e-9 * mixed) + 1e-9 * p * p * p;
  const perIteration = 1.6 * straight; // with the bend of the step
  const cpu = (iterations * perIteration) / threads;
  const compile = adapter.software ? 0.2 + 0.0045 * p * p : 0.5 + 0.001 * p * p;
  // Kernels that stay loops index private arrays, which a software adapter gathers lane by lane: no faster than one thread in float64. Not measured on a GPU.
  const speed = !adapter.software ? 400 : p > MOST_FOR_SOFTWARE ? 1 : 28;
  const webgpu = compile + (cpu * threads) / speed;
  return { cpu: cpu <= webgpu, seconds: { cpu, webgpu } };
}
