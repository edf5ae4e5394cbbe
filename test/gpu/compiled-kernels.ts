/** What the compiler of WGSL says of kernels. */
import { expect } from "vitest";
import { planOf } from "../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../src/gpu/search/kernel-source.ts";
import { SOFTWARE, TEAMED } from "../../src/gpu/style.ts";
import type { BoundLaw } from "../../src/laws/bind.ts";
import { residualProgram } from "../../src/laws/objective.ts";

/** Everything the compiler has to say, with the line it says it of. */
export async function messages(device: GPUDevice, code: string): Promise<string[]> {
  device.pushErrorScope("validation");
  const { messages: all } = await device.createShaderModule({ code }).getCompilationInfo();
  await device.popErrorScope();
  return all.map(
    (m) => `${m.type}: ${m.message} (line ${m.lineNum}: ${code.split("\n")[m.lineNum - 1]})`,
  );
}

/** Expects that a law's search kernels compile without a message: plain, staged and of teams. */
export async function expectSearchKernels(device: GPUDevice, law: BoundLaw): Promise<void> {
  const program = residualProgram(law, "log");
  expect(
    await messages(device, searchSource(program, law, planOf(program, "huber", 1, 1))),
  ).toEqual([]);
  if (!device.features.has("subgroups")) return;
  const staged = planOf(program, "huber", 2, 200, "run", SOFTWARE);
  expect(await messages(device, searchSource(program, law, staged))).toEqual([]);
  const load = { candidates: 9000, storage: device.limits.maxComputeWorkgroupStorageSize };
  const teamed = planOf(program, "huber", 2, 200, "group", TEAMED, load);
  if (teamed.team > 1)
    expect(await messages(device, searchSource(program, law, teamed))).toEqual([]);
}
