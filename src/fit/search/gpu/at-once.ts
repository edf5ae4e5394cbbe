/**
 * A stage of a search that is short enough to be one submit: whoever waits for it waits once. The
 * stage may go on with the best of each target's candidates, which the device chooses.
 */
import { createBuffers, stagingBuffer } from "../../../gpu/buffers.ts";
import { limitOfWork, noteTime, type Work } from "../../../gpu/chunks.ts";
import { chooseKernel, dispatchChoice, scheduleBuffers } from "../../../gpu/search/choose.ts";
import { bindingsOf, candidatesOf, NOBODY } from "../../../gpu/search/kernel-plan.ts";
import { bestBytes, headBytes, packRecords, unpackRecords } from "./records.ts";
import { dispatchSearch, type LoadedKernel, type Schedule, scheduleOf } from "./slice.ts";
import type { Further, Screened, Start } from "../problem.ts";

/** The schedule of those that go on, and what the choice is told of a target. */
interface Choice {
  readonly schedule: Schedule;
  readonly parts: readonly {
    readonly first: number;
    readonly end: number;
    readonly slot: number;
    readonly kept: number;
  }[];
}

/** Places for those that go on, all of them empty. */
function choiceOf(starts: readonly Start[], { kept }: Further, width: number): Choice {
  const parts: Choice["parts"][number][] = [];
  const targets: number[] = [];
  for (let first = 0, end = 0; first < starts.length; first = end) {
    const { target } = starts[first];
    while (end < starts.length && starts[end].target === target) end++;
    const most = Math.min(end - first, kept.get(target) ?? 0);
    parts.push({ first, end, slot: targets.length * width, kept: most });
    for (let n = 0; n < most; n += width) targets.push(target);
  }
  const lanes = new Uint32Array(targets.length * width).fill(NOBODY);
  return { schedule: { lanes, targets }, parts };
}

/** What a stage's work is, in units of the kernel's blocks: see `Work` of src/gpu/chunks.ts. */
type Size = Omit<Work, "submit">;

/** What becomes of starts that are searched at once, and which of them went on. */
export async function searchAtOnce(
  kernel: LoadedKernel,
  starts: readonly Start[],
  iterations: number,
  size: Size,
  further?: Further,
): Promise<Screened> {
  const { device, problem, plan, pipeline } = kernel;
  const [p, lanes, width] = [problem.program.params, starts.length, candidatesOf(plan)];
  const contents = packRecords(starts, p);
  const first = scheduleOf([...starts.keys()], starts, width);
  const choice = further && choiceOf(starts, further, width);
  const chooser = further && (await chooseKernel(device));
  const [bestEnd, chosen] = [bestBytes(lanes, p), choice?.schedule.lanes.byteLength ?? 0];
  const used: GPUBuffer[] = [];
  const begun = performance.now();
  try {
    const read = await device.submitAndRead(
      problem.title,
      bestEnd + chosen,
      limitOfWork(pipeline, size),
      (gpu, encoder) => {
        const staging = stagingBuffer(gpu, bestEnd + chosen);
        const { records, schedule } = createBuffers(gpu, bindingsOf(plan), { records: contents, schedule: first.lanes }); // prettier-ignore
        used.push(staging, records, schedule);
        const stage = { candidates: lanes, turns: iterations + 1 };
        const pass = encoder.beginComputePass();
        used.push(
          ...dispatchSearch(gpu, pass, kernel, { records, schedule }, first.targets, stage),
        );
        pass.end();
        if (choice !== undefined && chooser !== undefined && further !== undefined) {
          const { heads, schedule: second } = scheduleBuffers(gpu, headBytes(lanes), choice.schedule.lanes); // prettier-ignore
          used.push(heads, second);
          encoder.copyBufferToBuffer(records, 0, heads, 0, headBytes(lanes));
          const next = encoder.beginComputePass();
          for (const part of choice.parts)
            used.push(dispatchChoice(gpu, next, chooser, { lanes, ...part }, { heads, schedule: second, records })); // prettier-ignore
          const rest = { candidates: lanes, turns: further.iterations + 1 };
          used.push(...dispatchSearch(gpu, next, kernel, { records, schedule: second }, choice.schedule.targets, rest)); // prettier-ignore
          next.end();
          encoder.copyBufferToBuffer(second, 0, staging, bestEnd, chosen);
        }
        encoder.copyBufferToBuffer(records, 0, staging, 0, bestEnd);
        return staging;
      },
    );
    noteTime(pipeline, size, performance.now() - begun);
    const wentOn = new Set(new Uint32Array(read, bestEnd, chosen / 4));
    wentOn.delete(NOBODY);
    return { ends: unpackRecords(read.slice(0, bestEnd), starts, p), wentOn };
  } finally {
    for (const buffer of used) buffer.destroy();
  }
}
