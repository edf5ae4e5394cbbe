/**
 * The iterations of one slice of candidates: in *rounds*, after which what is done is left out and
 * what is not goes on; a round in *chunks* of candidates that keep the device busy for some 150 ms.
 */
import { portion, type Watch } from "../../../base/watch.ts";
import { bindGroup, createBuffers, stagingBuffer, submitPass } from "../../../gpu/buffers.ts";
import { type Expected, inChunks, isShort, type Work } from "../../../gpu/chunks.ts";
import type { Device } from "../../../gpu/device.ts";
import { packUniformSteps, UNIFORM_STEP, uniformBytes } from "../../../gpu/layout.ts";
import {
  bindingsOf,
  candidatesOf,
  NOBODY,
  packBlocks,
  type Plan,
  recordWords,
  SETTINGS,
} from "../../../gpu/search/kernel-plan.ts";
import { paceOf } from "../../../gpu/style.ts";
import { iterationSeconds } from "../choose-backend.ts";
import { bestBytes, headBytes, packRecords, stillRunning, unpackRecords } from "./records.ts";
import type { LoadedTables } from "./tables.ts";
import type { Further, Problem, Start, StartEnd } from "../problem.ts";

/** Iterations in a round, of all of its candidates. */
const ROUND = 9;
/**
 * Relative decrease below which an iteration counts as quiet: near float32's resolution of the
 * objective.
 */
const TOLERANCE = 1e-6;

/** A problem's kernel with its tables, on a device. */
export interface LoadedKernel extends LoadedTables {
  readonly device: Device;
  readonly problem: Problem;
  readonly plan: Plan;
  readonly pipeline: GPUComputePipeline;
  /** Workgroups a dispatch, at most. */
  readonly workgroups: number;
}

/** Workgroups of one target each, in the order of targets. */
export interface Schedule {
  /** By block, a candidate for each invocation. */
  readonly lanes: Uint32Array<ArrayBuffer>;
  /** The target of each block. */
  readonly targets: readonly number[];
}

/** What becomes of some starts in so many iterations; stops between chunks on an abort. */
export async function searchSlice(
  kernel: LoadedKernel,
  starts: readonly Start[],
  iterations: number,
  watch: Watch,
): Promise<StartEnd[]> {
  const { device, problem, plan } = kernel;
  const p = problem.program.params;
  const contents = packRecords(starts, p);
  const { records, staging } = await device.checked("slice", (gpu) => ({
    ...createBuffers(gpu, bindingsOf(plan), { records: contents }),
    staging: stagingBuffer(gpu, contents.byteLength),
  }));
  const read = (bytes: number): Promise<ArrayBuffer> =>
    device.read("records", records, staging, bytes);
  try {
    let active = starts.map((_, lane) => lane);
    const evaluations = iterations + 1; // one where they start, and one an iteration
    // A team's workgroup ends when its candidates have: there is nobody to be left out.
    const round = plan.team > 1 ? evaluations : ROUND;
    for (let done = 0; done < evaluations && active.length > 0; done += round) {
      if (watch.signal?.aborted === true) break;
      const turns = Math.min(round, evaluations - done);
      const schedule = scheduleOf(active, starts, candidatesOf(plan));
      const part = portion(watch, done, turns, evaluations);
      await searchRound(kernel, records, schedule, starts.length, turns, part);
      if (done + turns < evaluations)
        active = stillRunning(await read(headBytes(starts.length)), starts.length, active);
    }
    return unpackRecords(await read(bestBytes(starts.length, p)), starts, p);
  } finally {
    for (const buffer of [records, staging]) buffer.destroy();
  }
}

/** `turns` iterations of all candidates in a schedule. */
async function searchRound(
  kernel: LoadedKernel,
  records: GPUBuffer,
  { lanes, targets }: Schedule,
  candidates: number,
  turns: number,
  watch: Watch,
): Promise<void> {
  const { device, problem, plan, pipeline } = kernel;
  const { schedule } = await device.checked("schedule", (gpu) =>
    createBuffers(gpu, bindingsOf(plan), { schedule: lanes }),
  );
  const spent: GPUBuffer[] = [schedule];
  const submit = (from: number, size: number): Promise<void> =>
    device.checked(problem.title, (gpu) =>
      submitPass(gpu, pipeline, (pass) => {
        const blocks = { candidates, turns, from, size };
        spent.push(...dispatchSearch(gpu, pass, kernel, { schedule, records }, targets, blocks));
      }),
    );
  try {
    const { length: count } = targets;
    const work = {
      submit,
      count,
      most: kernel.workgroups,
      cost: turns / ROUND,
      expected: expectedOf(kernel),
    };
    await inChunks(device, pipeline, work, watch);
  } finally {
    for (const buffer of spent) buffer.destroy();
  }
}

/** What the blocks of these targets are told: contents of the binding `blocks`. */
const blocksOf = (
  { problem: { losses }, before, drawn }: LoadedKernel,
  targets: readonly number[],
): Uint32Array<ArrayBuffer> =>
  packBlocks(targets.map((target) => ({ before: before[target], drawn: drawn[target], delta: losses[target].delta }))); // prettier-ignore

/** Blocks of a schedule, and what is to become of their candidates. */
interface Blocks {
  /** Of the records, whether they are in the schedule or not. */
  readonly candidates: number;
  readonly turns: number;
  /** The first block. Default all of them. */
  readonly from?: number;
  readonly size?: number;
}

/**
 * Puts `turns` iterations of a schedule's blocks into a pass; gives the buffers of their settings.
 */
export function dispatchSearch(
  gpu: GPUDevice,
  pass: GPUComputePassEncoder,
  kernel: LoadedKernel,
  buffers: Readonly<Record<"schedule" | "records", GPUBuffer>>,
  targets: readonly number[],
  { candidates, turns, from = 0, size = targets.length }: Blocks,
): GPUBuffer[] {
  const { problem, plan, pipeline } = kernel;
  const launch = {
    lanes: candidates,
    words: recordWords(problem.program.params),
    turns: plan.looped ? turns : 1,
    groups: kernel.groups,
    samples: problem.samples?.count ?? 1,
    tolerance: TOLERANCE,
  };
  const bindings = bindingsOf(plan);
  // A dispatch for the blocks of targets whose runs are in the same buffers: those are bound.
  const parts = partsOf(kernel.runs, targets, from, from + size);
  // One buffer for the settings of all dispatches: there may be hundreds.
  const settings = parts.map(({ first }) => ({ ...launch, first_block: first }));
  const told = createBuffers(gpu, bindings, {
    blocks: blocksOf(kernel, targets),
    settings: packUniformSteps(SETTINGS, settings),
  });
  pass.setPipeline(pipeline);
  for (const [n, { first, end }] of parts.entries()) {
    const own = { buffer: told.settings, offset: UNIFORM_STEP * n, size: uniformBytes(SETTINGS) };
    const bound = { ...buffers, ...told, ...kernel.shared, ...kernel.runs[targets[first]], settings: own }; // prettier-ignore
    pass.setBindGroup(0, bindGroup(gpu, pipeline, bindings, bound));
    for (let turn = 0; turn < turns; turn += launch.turns) pass.dispatchWorkgroups(end - first);
  }
  return Object.values(told);
}

/** Blocks of a dispatch: `first` … `end` − 1. */
interface Part {
  readonly first: number;
  readonly end: number;
}

/** Blocks `from` … `to` − 1, those of targets with the same buffers together. */
function partsOf(
  runs: LoadedTables["runs"],
  targets: readonly number[],
  from: number,
  to: number,
): Part[] {
  const parts: Part[] = [];
  for (let first = from, end = from; first < to; first = end) {
    while (end < to && runs[targets[end]] === runs[targets[first]]) end++;
    parts.push({ first, end });
  }
  return parts;
}

/** What a stage of so many candidates of each target is in blocks of the kernel. */
export function sizeOfStage(
  kernel: Omit<LoadedKernel, keyof LoadedTables>,
  starts: readonly Start[],
  iterations: number,
  further?: Further,
): Omit<Work, "submit"> {
  const width = candidatesOf(kernel.plan);
  const counts = new Map<number, number>();
  for (const { target } of starts) counts.set(target, (counts.get(target) ?? 0) + 1);
  let [blocks, turns] = [0, 0];
  for (const [target, count] of counts) {
    const kept = Math.min(count, further?.kept.get(target) ?? 0);
    blocks += Math.ceil(count / width);
    turns += Math.ceil(count / width) * (iterations + 1);
    turns += Math.ceil(kept / width) * ((further?.iterations ?? 0) + 1);
  }
  return { count: blocks, most: kernel.workgroups, cost: turns / (blocks * ROUND), expected: expectedOf(kernel) }; // prettier-ignore
}

/** Whether such a stage is done at once. A software adapter's is not: it leaves out who is done. */
export const isAtOnce = (
  kernel: Parameters<typeof sizeOfStage>[0],
  size: Omit<Work, "submit">,
): boolean => !kernel.device.report.software && size.count > 0 && isShort(kernel.pipeline, size);

/** What to expect of the first chunk, of which a unit of cost is a round of a workgroup's lanes. */
function expectedOf({ device, problem, plan }: Parameters<typeof sizeOfStage>[0]): Expected {
  const { compile, speed } = paceOf(device.report, problem.program.params, plan.team);
  const lane = (iterationSeconds(problem) * ROUND) / speed;
  return { compile: 1000 * compile, block: 1000 * lane * candidatesOf(plan) };
}

/** Lanes by target in blocks of `width`, the last of a target filled up with nobody. */
export function scheduleOf(
  active: readonly number[],
  starts: readonly Start[],
  width: number,
): Schedule {
  const byTarget = new Map<number, number[]>();
  for (const lane of active) {
    const { target } = starts[lane];
    const known = byTarget.get(target);
    if (known === undefined) byTarget.set(target, [lane]);
    else known.push(lane);
  }
  const lanes: number[] = [];
  const targets: number[] = [];
  for (const [target, its] of byTarget) {
    for (let i = 0; i < its.length; i += width) {
      targets.push(target);
      for (let j = 0; j < width; j++) lanes.push(its[i + j] ?? NOBODY);
    }
  }
  return { lanes: Uint32Array.from(lanes), targets };
}
