/**
 * The search on the GPU, and the one that goes on after the GPU's faults. Starts are processed in
 * *slices* whose records fit the memory limit; see slice.ts. What becomes of a start depends
 * neither on the slice it is in, nor on the others there: it is a pure function of the start.
 */
import { KernelError } from "../../../base/errors.ts";
import { firstOf } from "../../../base/known.ts";
import { given } from "../../../base/objects.ts";
import type { Finding } from "../../../base/verdict.ts";
import { portion, type Watch } from "../../../base/watch.ts";
import type { Device } from "../../../gpu/device.ts";
import { noteFault, teamsFailed } from "../../../gpu/faults.ts";
import type { Gpu } from "../../../gpu/gpu.ts";
import { layoutEntries } from "../../../gpu/layout.ts";
import {
  bindingsOf,
  type Plan,
  planOf,
  recordWords,
  type Weighting,
} from "../../../gpu/search/kernel-plan.ts";
import { searchSource } from "../../../gpu/search/kernel-source.ts";
import { paceOf, type Style, styleOf, teamOf, withoutTeams } from "../../../gpu/style.ts";
import { iterationSeconds } from "../choose-backend.ts";
import { searchAtOnce } from "./at-once.ts";
import { freeTables, type LoadedTables, uploadTables } from "./tables.ts";
import { isAtOnce, type LoadedKernel, searchSlice, sizeOfStage } from "./slice.ts";
import { cpuSearcher, type Pool } from "../pool.ts";
import type { Further, Problem, Screened, Searcher, Start, StartEnd } from "../problem.ts";
import { FIRST_BATCH } from "../screen-starts.ts";

export interface GpuLimits {
  /** Bytes of device memory for the records of a slice. Default 64 MiB. */
  readonly bytes?: number;
  /** Workgroups a dispatch. Default: what the device allows. */
  readonly workgroups?: number;
  /** Default: what suits the adapter. */
  readonly style?: Style;
  /** Told, in a sentence, that the kernel of teams is given up. Default: nobody is. */
  readonly notice?: (sentence: string) => void;
}

const ENTRY = "search";
/** Starts that a search begins with, where nobody says how many. */
const usualStarts = ({ packed }: Problem): number => FIRST_BATCH * packed.responses.length;

interface Kernel {
  readonly plan: Plan;
  readonly code: string;
}

/** What the kernel looks weights up by. */
function weightingOf({ samples, packed: { order, start } }: Problem): Weighting {
  if (samples === undefined) return "none";
  for (let g = 0; g + 1 < start.length; g++) {
    for (let at = start[g] + 1; at < start[g + 1]; at++)
      if (samples.blockOf[order[at]] !== samples.blockOf[order[start[g]]]) return "run";
  }
  return "group";
}

export class GpuSearcher implements Searcher {
  readonly kind = "webgpu";
  readonly name: string;
  readonly #device: Device;
  readonly #bytes: number;
  readonly #workgroups: number;
  readonly #notice: (sentence: string) => void;
  /** Without teams after their kernel has failed. */
  #style: Style;
  /** Tables of problems that are held, by their kernel. */
  readonly #held = new Map<Problem, Map<Kernel, Promise<LoadedTables>>>();
  /** By problem, and by the size of teams. */
  readonly #kernels = new WeakMap<Problem, Map<number, Kernel>>();

  constructor(device: Device, limits: GpuLimits = {}) {
    this.#device = device;
    this.name = device.report.description;
    this.#bytes = limits.bytes ?? 64 * 2 ** 20;
    this.#workgroups = Math.min(
      limits.workgroups ?? Infinity,
      device.limits.maxComputeWorkgroupsPerDimension,
    );
    this.#style = limits.style ?? styleOf(device.report, device.subgroup);
    this.#notice = limits.notice ?? (() => undefined);
  }

  /**
   * What is written once a problem: it takes milliseconds, and a problem is searched several times.
   */
  #kernel(problem: Problem, candidates: number): Kernel {
    const { program, losses, box, packed } = problem;
    const kernels = this.#kernels.get(problem) ?? new Map<number, Kernel>();
    this.#kernels.set(problem, kernels);
    const wanted = teamOf(this.#style, program.params, candidates);
    const known = kernels.get(wanted);
    if (known !== undefined) return known;
    const planned = planOf(
      program,
      firstOf(losses).name,
      packed.start.length - 1,
      packed.order.length,
      weightingOf(problem),
      this.#style,
      { candidates, storage: this.#device.limits.maxComputeWorkgroupStorageSize },
    );
    const plan = { ...planned, ...given({ ridge: problem.penalties?.ridge }) };
    const kernel = { plan, code: searchSource(program, box, plan) };
    kernels.set(wanted, kernel);
    return kernel;
  }

  /**
   * Starts compiling the problem's kernel for a search of so many starts; `search` waits for it.
   */
  async prepare(problem: Problem, starts = usualStarts(problem)): Promise<GPUComputePipeline> {
    return this.#withKernel(problem, starts, (kernel) => this.#compiled(problem, kernel));
  }

  /**
   * Does some work with the problem's kernel, anew with one invocation a candidate where the kernel
   * of teams fails: not all drivers need take its barriers and its shared memory.
   */
  async #withKernel<T>(
    problem: Problem,
    starts: number,
    work: (kernel: Kernel) => Promise<T>,
  ): Promise<T> {
    const kernel = this.#kernel(problem, starts);
    try {
      return await work(kernel);
    } catch (error) {
      if (!(error instanceof KernelError) || kernel.plan.team === 1) throw error;
      if (this.#style.teams !== undefined) this.#notice(teamsFailed(this.name, error));
      this.#style = withoutTeams(this.#style);
      return await this.#withKernel(problem, starts, work);
    }
  }

  #compiled({ title }: Problem, { plan, code }: Kernel): Promise<GPUComputePipeline> {
    return this.#device.pipeline(title, code, ENTRY, layoutEntries(bindingsOf(plan)));
  }

  /** Whether the problem's kernel has been compiled, or is being. */
  prepared(problem: Problem, starts = usualStarts(problem)): boolean {
    // The text takes milliseconds, which a small fit on the CPU need not wait for.
    const device = this.#device;
    return device.knowsAny(ENTRY) && device.knows(this.#kernel(problem, starts).code, ENTRY);
  }

  secondsFor(problem: Problem, iterations: number): number {
    const { speed } = paceOf(this.#device.report, problem.program.params);
    return (iterations * iterationSeconds(problem)) / speed;
  }

  async search(
    problem: Problem,
    starts: readonly Start[],
    iterations: number,
    watch: Watch,
  ): Promise<StartEnd[]> {
    return this.#withKernel(problem, starts.length, (kernel) =>
      this.#searchWith(kernel, problem, starts, iterations, watch),
    );
  }

  async #searchWith(
    own: Kernel,
    problem: Problem,
    starts: readonly Start[],
    iterations: number,
    watch: Watch,
  ): Promise<StartEnd[]> {
    const lanes = this.#lanes(problem);
    return this.#withTables(problem, own, async (kernel) => {
      const ends: StartEnd[] = [];
      for (let from = 0; from < starts.length; from += lanes) {
        const slice = starts.slice(from, from + lanes);
        const part = portion(watch, from, slice.length, starts.length);
        // One by one: as arguments of a call, a slice of 100 000 would overflow the stack.
        for (const end of await this.#searchPart(kernel, slice, iterations, part)) ends.push(end);
      }
      return ends;
    });
  }

  /** The ends of a slice's starts: at once where that is short. */
  async #searchPart(
    kernel: LoadedKernel,
    slice: readonly Start[],
    iterations: number,
    watch: Watch,
  ): Promise<readonly StartEnd[]> {
    const size = sizeOfStage(kernel, slice, iterations);
    if (watch.signal?.aborted === true || !isAtOnce(kernel, size))
      return searchSlice(kernel, slice, iterations, watch);
    const { ends } = await searchAtOnce(kernel, slice, iterations, size);
    watch.tick(1);
    return ends;
  }

  async screen(
    problem: Problem,
    starts: readonly Start[],
    iterations: number,
    further: Further,
    watch: Watch,
  ): Promise<Screened | undefined> {
    return this.#withKernel(problem, starts.length, async (own) => {
      const pipeline = await this.#compiled(problem, own);
      const unloaded = { device: this.#device, problem, plan: own.plan, pipeline, workgroups: this.#workgroups }; // prettier-ignore
      const size = sizeOfStage(unloaded, starts, iterations, further);
      const isFew = starts.length <= this.#lanes(problem);
      if (watch.signal?.aborted === true || !isFew || !isAtOnce(unloaded, size)) return undefined;
      return this.#withTables(problem, own, async (kernel) => {
        const screened = await searchAtOnce(kernel, starts, iterations, size, further);
        watch.tick(1);
        return screened;
      });
    });
  }

  /** Candidates of a slice, at most. */
  #lanes({ program }: Problem): number {
    const record = 4 * recordWords(program.params);
    return Math.max(this.#style.workgroup, Math.floor(this.#bytes / record));
  }

  hold(problem: Problem): () => void {
    const tables = new Map<Kernel, Promise<LoadedTables>>();
    this.#held.set(problem, tables);
    return () => {
      this.#held.delete(problem);
      // What could not be loaded has failed the search that asked for it.
      for (const loading of tables.values()) void loading.then(freeTables, () => undefined);
    };
  }

  /** Does some work with the problem's kernel, compiled, and its tables on the device. */
  async #withTables<T>(
    problem: Problem,
    own: Kernel,
    work: (kernel: LoadedKernel) => Promise<T>,
  ): Promise<T> {
    const [device, { plan }] = [this.#device, own];
    const pipeline = await this.#compiled(problem, own);
    const held = this.#held.get(problem);
    const loading = held?.get(own) ?? uploadTables(device, problem, plan);
    held?.set(own, loading);
    loading.catch(() => held?.delete(own));
    const tables = await loading;
    try {
      return await work({ device, problem, plan, pipeline, workgroups: this.#workgroups, ...tables }); // prettier-ignore
    } finally {
      if (held === undefined) freeTables(tables);
    }
  }
}

/**
 * The searcher of the law `title` on a GPU's devices, `present` with its searcher `first` and those
 * after it. What becomes of a start is a pure function of the start, so a search that was lost is
 * searched again from where it began.
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
    const known =
      searchers.get(device) ?? new GpuSearcher(device, { notice: (what) => gpu.notice(what) });
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
    secondsFor: (problem, iterations) => first.secondsFor(problem, iterations),
    // On a device that replaces a lost one, each search loads its own.
    hold: (problem) => first.hold(problem),
    prepare: async (problem) => searcherOn(await gpu.device()).prepare(problem),
    search: (problem, starts, iterations, watch) =>
      gpu.run({
        kernel: title,
        onDevice: (device) => searcherOn(device).search(problem, starts, iterations, watch),
        onCpu: () => cpu.search(problem, starts, iterations, watch),
        signal: watch.signal,
        fault: (what) => noteFault(faults, what),
      }),
    screen: (problem, starts, iterations, further, watch) =>
      gpu.run({
        kernel: title,
        onDevice: (device) =>
          searcherOn(device).screen(problem, starts, iterations, further, watch),
        onCpu: () => Promise.resolve(undefined),
        signal: watch.signal,
        fault: (what) => noteFault(faults, what),
      }),
  };
}
