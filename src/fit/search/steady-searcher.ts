/** The search on the GPU that goes on after the GPU's faults: see `Gpu.run`. */
import type { Finding } from "../../base/verdict.ts";
import type { Device } from "../../gpu/device.ts";
import { noteFault } from "../../gpu/faults.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { GpuSearcher } from "./gpu-searcher.ts";
import { cpuSearcher, type Pool } from "./pool.ts";
import type { Searcher } from "./problem.ts";

/**
 * The searcher of the law `title` on a GPU's devices, `present` with its searcher `first` and those after it. What becomes of a start is a
 * pure function of the start, so a search that was lost is searched again from where it began.
 */
export function steadySearcher(
  title: string,
  gpu: Gpu,
  present: Device,
  first: GpuSearcher,
  pool: Pool,
): Searcher {
  const faults: Finding[] = [];
  const searchers = new WeakMap([[present, first]]);
  const searcherOn = (device: Device): GpuSearcher => {
    const known = searchers.get(device) ?? new GpuSearcher(device);
    searchers.set(device, known);
    return known;
  };
  const cpu = cpuSearcher(pool);
  const isOver = (): boolean => gpu.refusal(title) !== undefined;
  return {
    get kind() {
      return isOver() ? "cpu" : "webgpu";
    },
    get name() {
      return isOver() ? cpu.name : first.name;
    },
    faults,
    prepare: async (problem) => searcherOn(await gpu.device()).prepare(problem),
    search: (problem, starts, iterations, watch) =>
      gpu.run({
        kernel: title,
        onDevice: (device) => searcherOn(device).search(problem, starts, iterations, watch),
        onCpu: () => cpu.search(problem, starts, iterations, watch),
        signal: watch.signal,
        fault: (what) => noteFault(faults, what),
      }),
  };
}
