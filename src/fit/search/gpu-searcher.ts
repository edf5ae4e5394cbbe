/**
 * The search on the GPU. Starts are processed in *slices* that fit the memory limit; a slice in
 * *rounds*, after which what is done is left out and what is not goes on; a round in *chunks* of
 * candidates that keep the device busy for some 150 ms, an iteration a dispatch. What becomes of a
 * start depends on none of these: it is a pure function of the start.
 */
import { meanWeight } from "../../random/resampling.ts";
import { inChunks } from "../../gpu/chunks.ts";
import type { Device } from "../../gpu/device.ts";
import { layoutEntries, packUniforms } from "../../gpu/layout.ts";
import {
  bindingsOf,
  type Plan,
  planOf,
  RECORD,
  recordWords,
  SETTINGS,
  tablesOf,
  type Weighting,
} from "../../gpu/search/kernel-plan.ts";
import { uploadSamples } from "../../gpu/search/sample-weights.ts";
import { searchSource } from "../../gpu/search/kernel-source.ts";
import { type Style, styleOf } from "../../gpu/style.ts";
import { DAMPING } from "../../solve/levenberg-marquardt.ts";
import { interrupted } from "./pool.ts";
import type { Ending } from "../../solve/iterate.ts";
import type { StartEnd, Problem, Searcher, Start, Watch } from "./problem.ts";

/** Iterations in a round, of all of its candidates. */
const TURNS = 9;
/** The objective of a candidate that no lane has taken yet. */
const UNTOUCHED = -1;
/**
 * Relative decrease below which an iteration counts as quiet: near float32's resolution of the
 * objective.
 */
const TOLERANCE = 1e-6;
const NOBODY = 0xffffffff;
const RUNNING = 0;
const ENDINGS: readonly Ending[] = ["limit", "converged", "stalled", "nonfinite"];

export interface GpuLimits {
  /** Bytes of device memory for the records of a slice. Default 64 MiB. */
  readonly bytes?: number;
  /** Workgroups a dispatch. Default: what the device allows. */
  readonly workgroups?: number;
  /** Default: what suits the adapter. */
  readonly style?: Style;
}

interface Tables {
  readonly mixes: readonly GPUBuffer[];
  /** By target. */
  readonly runs: readonly (readonly GPUBuffer[])[];
  /** Weights of the problem's samples, where it has some. */
  readonly weights: GPUBuffer | undefined;
}

/** Workgroups of one target each, in the order of targets. */
interface Schedule {
  /** By block, a candidate for each invocation. */
  readonly lanes: Uint32Array<ArrayBuffer>;
  /** The target of each block. */
  readonly targets: readonly number[];
}

const ENTRY = "search";

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
  readonly #style: Style;
  readonly #kernels = new WeakMap<Problem, Kernel>();

  constructor(device: Device, limits: GpuLimits = {}) {
    this.#device = device;
    this.name = device.report.description;
    this.#bytes = limits.bytes ?? 64 * 2 ** 20;
    this.#workgroups = Math.min(
      limits.workgroups ?? Infinity,
      device.limits.maxComputeWorkgroupsPerDimension,
    );
    this.#style = limits.style ?? styleOf(device.report, device.subgroup);
  }

  /**
   * What is written once a problem: it takes milliseconds, and a problem is searched several times.
   */
  #kernel(problem: Problem): Kernel {
    const known = this.#kernels.get(problem);
    if (known !== undefined) return known;
    const { program, loss, box, title, packed } = problem;
    const plan = planOf(
      program,
      loss.name,
      packed.start.length - 1,
      packed.order.length,
      weightingOf(problem),
      this.#style,
    );
    const kernel = { plan, code: searchSource(program, box, title, plan) };
    this.#kernels.set(problem, kernel);
    return kernel;
  }

  /** Starts compiling the problem's kernel; `search` waits for it. */
  async prepare(problem: Problem): Promise<GPUComputePipeline> {
    const { plan, code } = this.#kernel(problem);
    return this.#device.pipeline(problem.title, code, ENTRY, layoutEntries(bindingsOf(plan)));
  }

  /** Whether the problem's kernel has been compiled, or is being. */
  prepared(problem: Problem): boolean {
    return this.#device.knows(this.#kernel(problem).code, ENTRY);
  }

  async search(
    problem: Problem,
    starts: readonly Start[],
    iterations: number,
    watch: Watch,
  ): Promise<StartEnd[]> {
    const pipeline = await this.prepare(problem);
    const tables = await this.#upload(problem);
    const lanes = Math.max(
      this.#style.lanes,
      Math.floor(this.#bytes / (4 * recordWords(problem.program.params))),
    );
    const found: StartEnd[] = [];
    try {
      for (let from = 0; from < starts.length; from += lanes) {
        const slice = starts.slice(from, from + lanes);
        const part: Watch = {
          signal: watch.signal,
          tick: (done) => watch.tick((from + done * slice.length) / starts.length),
        };
        // One by one: as arguments of a call, a slice of 100 000 would overflow the stack.
        for (const result of await this.#slice(pipeline, problem, tables, slice, iterations, part))
          found.push(result);
      }
    } finally {
      for (const buffer of [...tables.mixes, ...tables.runs.flat(), tables.weights])
        buffer?.destroy();
    }
    return found;
  }

  async #upload(problem: Problem): Promise<Tables> {
    const { packed, program, samples } = problem;
    const { plan } = this.#kernel(problem);
    const { mixes, runs } = tablesOf(
      plan,
      program,
      packed,
      samples?.blockOf,
      samples === undefined ? 1 : meanWeight(samples),
    );
    const buffers = await this.#device.checked("upload", (device) => ({
      mixes: mixes.map((page) => table(device, plan.mixes.space, page)),
      runs: packed.responses.map((_, target) =>
        runs(target).map((page) => table(device, plan.runs.space, page)),
      ),
    }));
    return {
      ...buffers,
      weights: samples === undefined ? undefined : await uploadSamples(this.#device, samples),
    };
  }

  async #slice(
    pipeline: GPUComputePipeline,
    problem: Problem,
    tables: Tables,
    starts: readonly Start[],
    iterations: number,
    watch: Watch,
  ): Promise<StartEnd[]> {
    const p = problem.program.params;
    const lanes = starts.length;
    const device = this.#device;
    const words = recordWords(p);
    const { looped } = this.#kernel(problem).plan;
    const initial = new Uint32Array(words * lanes);
    const values = new Float32Array(initial.buffer);
    for (const [lane, { theta, lambda, sample }] of starts.entries()) {
      values[RECORD.objective * lanes + lane] = UNTOUCHED;
      values[RECORD.lambda * lanes + lane] = Math.min(lambda ?? DAMPING.start, DAMPING.start);
      initial[RECORD.sample * lanes + lane] = sample ?? 0;
      for (let i = 0; i < p; i++) values[(RECORD.coordinates + i) * lanes + lane] = theta[i];
    }
    const [records, staging] = await device.checked("slice", (gpu) => [
      storage(gpu, initial),
      gpu.createBuffer({ size: initial.byteLength, usage: 0x1 | 0x8 /* MAP_READ | COPY_DST */ }),
    ] as const); // prettier-ignore
    try {
      let active = starts.map((_, lane) => lane);
      // An evaluation where they start, and one an iteration.
      for (
        let left = iterations + 1;
        left > 0 && active.length > 0 && watch.signal?.aborted !== true;
        left -= TURNS
      ) {
        const blocks = schedule(active, starts, this.#style.lanes);
        const turns = Math.min(TURNS, left);
        const launch = {
          lanes,
          words,
          turns: looped ? turns : 1,
          groups: problem.packed.start.length - 1,
          samples: problem.samples?.count ?? 1,
          delta: problem.loss.delta,
          tolerance: TOLERANCE,
        };
        const before = 1 - left / (iterations + 1);
        const progress = (share: number) => watch.tick(before + (share * turns) / (iterations + 1));
        await this.#round(pipeline, problem, { tables, records }, blocks, turns, launch, {
          signal: watch.signal,
          tick: progress,
        });
        // All but the coordinates.
        const state = new Uint32Array(
          await device.read("records", records, staging, 4 * RECORD.coordinates * lanes),
        );
        active = active.filter((lane) => state[RECORD.status * lanes + lane] === RUNNING);
      }
      const read = await device.read("records", records, staging, initial.byteLength);
      const status = new Uint32Array(read);
      const final = new Float32Array(read);
      return starts.map((start, lane) => {
        const objective = final[RECORD.objective * lanes + lane];
        if (objective === UNTOUCHED) return interrupted(start);
        const ending = ENDINGS[status[RECORD.status * lanes + lane]];
        const theta = new Float64Array(p);
        for (let i = 0; i < p; i++) theta[i] = final[(RECORD.coordinates + i) * lanes + lane];
        return {
          theta,
          objective: ending === "nonfinite" ? Infinity : objective,
          ending,
          lambda: final[RECORD.lambda * lanes + lane],
        };
      });
    } finally {
      for (const buffer of [records, staging]) buffer.destroy();
    }
  }

  /**
   * Dispatches all blocks `turns` times, in chunks, at most two under way; stops between chunks on
   * an abort.
   */
  async #round(
    pipeline: GPUComputePipeline,
    problem: Problem,
    { tables, records }: { tables: Tables; records: GPUBuffer },
    { lanes, targets }: Schedule,
    turns: number,
    launch: Readonly<Record<string, number>>,
    watch: Watch,
  ): Promise<void> {
    const device = this.#device;
    const plan = await device.checked("schedule", (gpu) => storage(gpu, lanes));
    const uniforms: GPUBuffer[] = [];
    const submit = async (from: number, size: number): Promise<void> => {
      await device.checked(problem.title, (gpu) => {
        const encoder = gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        // A dispatch for each target of the chunk: its runs are bound, not indexed.
        for (let first = from, next = from; first < from + size; first = next) {
          while (next < from + size && targets[next] === targets[first]) next++;
          const settings = packUniforms(SETTINGS, { ...launch, first_block: first });
          const uniform = gpu.createBuffer({
            size: settings.byteLength,
            usage: 0x40 | 0x8 /* UNIFORM | COPY_DST */,
          });
          gpu.queue.writeBuffer(uniform, 0, settings);
          uniforms.push(uniform);
          const weights = tables.weights === undefined ? [] : [tables.weights];
          const buffers = [
            uniform,
            plan,
            records,
            ...weights,
            ...tables.mixes,
            ...tables.runs[targets[first]],
          ];
          const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
          pass.setBindGroup(
            0,
            gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
          );
          for (let turn = 0; turn < turns; turn += launch.turns)
            pass.dispatchWorkgroups(next - first);
        }
        pass.end();
        gpu.queue.submit([encoder.finish()]);
      });
    };
    try {
      await inChunks(
        device,
        pipeline,
        submit,
        targets.length,
        this.#workgroups,
        watch,
        turns / TURNS,
      );
    } finally {
      for (const buffer of [plan, ...uniforms]) buffer.destroy();
    }
  }
}

function schedule(active: readonly number[], starts: readonly Start[], width: number): Schedule {
  const byTarget = new Map<number, number[]>();
  for (const lane of active) {
    const target = starts[lane].target;
    const mine = byTarget.get(target);
    if (mine === undefined) byTarget.set(target, [lane]);
    else mine.push(lane);
  }
  const lanes: number[] = [];
  const targets: number[] = [];
  for (const [target, mine] of byTarget) {
    for (let i = 0; i < mine.length; i += width) {
      targets.push(target);
      for (let j = 0; j < width; j++) lanes.push(mine[i + j] ?? NOBODY);
    }
  }
  return { lanes: Uint32Array.from(lanes), targets };
}

/** A table's buffer. */
function table(
  device: GPUDevice,
  space: "uniform" | "read",
  data: Float32Array<ArrayBuffer>,
): GPUBuffer {
  const usage = space === "uniform" ? 0x40 : 0x80; // UNIFORM or STORAGE
  const buffer = device.createBuffer({ size: data.byteLength, usage: usage | 0x8 /* COPY_DST */ });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

/** A storage buffer with these contents; never empty, since an empty binding is refused. */
function storage(
  device: GPUDevice,
  data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
): GPUBuffer {
  const buffer = device.createBuffer({
    size: Math.max(16, data.byteLength),
    usage: 0x80 | 0x4 | 0x8 /* STORAGE | COPY_SRC | COPY_DST */,
  });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}
