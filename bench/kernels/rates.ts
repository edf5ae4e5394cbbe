/**
 * How fast the search and Monte Carlo kernels run, and what share of the adapter's roofline that
 * is.
 */
import { Device } from "../../src/gpu/device.ts";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { rest } from "../../src/node/sleep.ts";
import type { Case, FitCase, MonteCarloCase } from "../cases.ts";
import { timeMonteCarlo } from "../mixtures.ts";
import { pose, startsOf } from "../problem.ts";
import { combined, type Roofs } from "./roofline.ts";
import { type Work, workOf } from "./work.ts";

/** What a kernel took. */
interface TimedKernel {
  readonly kernel: string;
  readonly size: string;
  readonly unit: "fit-iterations" | "samples";
  /** Seconds a unit. */
  readonly seconds: number;
  /** Seconds of the first call: compiling, mostly. */
  readonly first: number;
  /** Work of one unit. */
  readonly work: Work;
}

/** What can bound a kernel's pace. */
type Resource = "transcendentals" | "flops" | "loads";

export interface KernelRate extends Omit<TimedKernel, "seconds"> {
  readonly perSecond: number;
  /**
   * Seconds a unit would take if only its exponentials, its flops or its loads counted, at the
   * adapter's measured rates.
   */
  readonly bound: Readonly<Record<Resource, number>>;
  /** The largest of the three. */
  readonly binding: Resource;
  /** The binding bound over the time it took. */
  readonly share: number;
  /**
   * The sum of the bounds over the time it took: on a CPU all three go through the same execution
   * units.
   */
  readonly shareOfSum: number;
}

export function rateOf({ seconds, ...kernel }: TimedKernel, roofs: Roofs): KernelRate {
  const { work } = kernel;
  const bound = {
    transcendentals: work.transcendentals / Math.max(roofs.exp, roofs.log),
    flops: work.flops / (2 * roofs.multiplyAdd),
    loads: work.loads / roofs.load,
  };
  const resources = Object.keys(bound) as Resource[];
  const binding = resources.reduce((a, b) => (bound[b] > bound[a] ? b : a));
  const sum = bound.transcendentals + bound.flops + bound.loads;
  return {
    ...kernel,
    perSecond: 1 / seconds,
    bound,
    binding,
    share: bound[binding] / seconds,
    shareOfSum: sum / seconds,
  };
}

const SILENT = { signal: undefined, tick: () => undefined };
/**
 * Iterations of a candidate. What evaluating its start takes, and all that the host does, is
 * measured too, and taken off.
 */
const ITERATIONS = 16;
/** Fits at once, at least. */
const LANES = 4096;
/** For how many seconds a measurement should last: the host's part is then small. */
const ENOUGH = 0.5;
/** Measurements, of which the fastest counts. */
const REPEATS = 6;

/** A fit-iteration of a case's search kernel; undefined where the data are not there. */
async function timeSearch(
  fit: FitCase,
  device: Device,
  tiny: boolean,
): Promise<TimedKernel | undefined> {
  const runs = await fit.runs(tiny);
  if (runs === undefined) return undefined;
  const posed = pose(fit.law, runs, fit.options);
  const { program, packed } = posed.problem;
  const searcher = new GpuSearcher(device);
  const run = async (lanes: number, iterations = ITERATIONS): Promise<number> => {
    const starts = startsOf(posed, lanes);
    const from = performance.now();
    await searcher.search(posed.problem, starts, iterations, SILENT);
    return (performance.now() - from) / 1000;
  };
  const first = await run(64);
  let lanes = tiny ? 64 : LANES;
  await run(lanes); // the sizes of chunks settle
  if (!tiny) lanes *= Math.max(1, Math.ceil(ENOUGH / (await run(lanes))));
  let [whole, start] = [Infinity, Infinity];
  for (let i = 0; i < (tiny ? 1 : REPEATS); i++) {
    whole = Math.min(whole, await run(lanes));
    start = Math.min(start, await run(lanes, 0));
  }
  return {
    kernel: fit.name,
    size: `${program.params} × ${packed.order.length}`,
    unit: "fit-iterations",
    seconds: Math.max(whole - start, 1e-9) / (lanes * ITERATIONS),
    first,
    work: workOf(program, packed),
  };
}

/** A sample of a case's Monte Carlo kernel. */
async function timeSampling(
  sampling: MonteCarloCase,
  device: Device,
  tiny: boolean,
): Promise<TimedKernel> {
  const { first, seconds, samples, work } = await timeMonteCarlo(sampling, device, tiny);
  const size = `${sampling.domains} domains × ${sampling.targets} laws`;
  return { kernel: sampling.name, size, unit: "samples", seconds: seconds / samples, first, work };
}

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
  const device = await Device.open(gpu, { rest });
  for (const benchmark of cases) {
    if (benchmark.kind === "optimize") continue;
    const timed =
      benchmark.kind === "fit"
        ? await timeSearch(benchmark, device, tiny)
        : await timeSampling(benchmark, device, tiny);
    if (timed === undefined) continue;
    const after = tiny ? before : await measureRoofs();
    rates.push(
      rateOf(
        timed,
        combined(before, after, (x, y) => (x + y) / 2),
      ),
    );
    roofs = combined(roofs, after, Math.max);
    before = after;
  }
  device.close();
  return { roofs, rates };
}
