/**
 * How fast the search and Monte Carlo kernels run, and what share of the adapter's roofline that
 * is.
 */
import { Device } from "../src/gpu/device.ts";
import { GpuSearcher } from "../src/fit/search/gpu-searcher.ts";
import { rest } from "../src/node/sleep.ts";
import type { Case } from "./cases.ts";
import { timeMonteCarlo } from "./mixtures.ts";
import { pose, startsOf } from "./problem.ts";
import { combined, type Roofs } from "./roofline.ts";
import { type Work, workOf } from "./work.ts";

export interface KernelRate {
  readonly kernel: string;
  readonly size: string;
  /** "fit-iterations" or "samples". */
  readonly unit: string;
  readonly perSecond: number;
  /** Seconds of the first call: compiling, mostly. */
  readonly first: number;
  /** Work of one unit. */
  readonly work: Work;
  /**
   * Seconds a unit would take if only its exponentials, its flops or its loads counted, at the
   * adapter's measured rates.
   */
  readonly bound: {
    readonly transcendentals: number;
    readonly flops: number;
    readonly loads: number;
  };
  /** The largest of the three. */
  readonly binding: "transcendentals" | "flops" | "loads";
  /** The binding bound over the time it took. */
  readonly share: number;
  /**
   * The sum of the bounds over the time it took: on a CPU all three go through the same execution
   * units.
   */
  readonly shareOfSum: number;
}

export function rate(
  kernel: string,
  size: string,
  unit: string,
  seconds: number,
  first: number,
  work: Work,
  roofs: Roofs,
): KernelRate {
  const bound = {
    transcendentals: work.transcendentals / Math.max(roofs.exp, roofs.log),
    flops: work.flops / (2 * roofs.multiplyAdd),
    loads: work.loads / roofs.load,
  };
  const [[binding, least]] = (Object.entries(bound) as [KernelRate["binding"], number][]).sort(([, a], [, b]) => b - a) as [[KernelRate["binding"], number]]; // prettier-ignore
  const sum = bound.transcendentals + bound.flops + bound.loads;
  return {
    kernel,
    size,
    unit,
    perSecond: 1 / seconds,
    first,
    work,
    bound,
    binding,
    share: least / seconds,
    shareOfSum: sum / seconds,
  };
}

const SILENT = { signal: undefined, tick: () => undefined };
/**
 * Iterations of a candidate. What evaluating its start takes, and all that the host does, is
 * measured too, and taken off.
 */
const ITERATIONS = 16;
/**
 * Fits at once, at least, and for how many seconds a measurement should last: the host's part is
 * then small.
 */
const LANES = 4096;
const ENOUGH = 0.5;

/**
 * The cases' kernels, each on enough work to fill the adapter, and the fastest roofs. Cases without
 * their data are left out. Machines are faster and slower by turns: each kernel's share is of the
 * mean of the roofs before and after it.
 */
export async function measureKernels(
  gpu: GPU,
  cases: readonly Case[],
  measureRoofs: () => Promise<Roofs>,
  tiny: boolean,
): Promise<{ readonly roofs: Roofs; readonly rates: readonly KernelRate[] }> {
  const rates: KernelRate[] = [];
  let before = await measureRoofs();
  let roofs = before;
  const keep = async (of: (roofs: Roofs) => KernelRate): Promise<void> => {
    const after = tiny ? before : await measureRoofs();
    const mean = combined(before, after, (x, y) => (x + y) / 2);
    rates.push(of(mean));
    roofs = combined(roofs, after, Math.max);
    before = after;
  };
  const device = await Device.open(gpu, rest);
  for (const one of cases) {
    if (one.kind === "optimize") continue;
    if (one.kind === "montecarlo") {
      const { first, seconds, samples, work } = await timeMonteCarlo(one, device, tiny);
      const size = `${one.domains} domains × ${one.targets} laws`;
      await keep((near) => rate(one.name, size, "samples", seconds / samples, first, work, near));
      continue;
    }
    const runs = await one.runs(tiny);
    if (runs === undefined) continue;
    const posed = pose(one.law, runs, one.options);
    const searcher = new GpuSearcher(device);
    const run = async (lanes: number, iterations = ITERATIONS): Promise<number> => {
      const starts = startsOf(posed, lanes);
      const from = performance.now();
      await searcher.search(posed.problem, starts, iterations, SILENT);
      return (performance.now() - from) / 1000;
    };
    const first = await run(64);
    let lanes = tiny ? 64 : LANES;
    let [seconds, start] = [Infinity, Infinity];
    await run(lanes); // the sizes of chunks settle
    if (!tiny) lanes *= Math.max(1, Math.ceil(ENOUGH / (await run(lanes))));
    for (let i = 0; i < (tiny ? 1 : 6); i++) {
      seconds = Math.min(seconds, await run(lanes));
      start = Math.min(start, await run(lanes, 0));
    }
    const p = posed.problem.program.params;
    const size = `${p} × ${posed.problem.packed.order.length}`;
    const work = workOf(posed.problem.program, posed.problem.packed);
    const each = Math.max(seconds - start, 1e-9) / (lanes * ITERATIONS);
    await keep((near) => rate(one.name, size, "fit-iterations", each, first, work, near));
  }
  device.close();
  return { roofs, rates };
}
