/**
 * Loaded before the command (`node --import`): makes the search kernels of the laws in
 * ENDLESS_KERNELS, separated by commas, loop for ever at their first dispatch.
 */
import { globals } from "webgpu";

const endless = (process.env["ENDLESS_KERNELS"] ?? "").split(",");
const { prototype } = /** @type {{ GPUDevice: { prototype: GPUDevice } }} */ (globals).GPUDevice;
const { createShaderModule } = prototype;

/** WGSL that spins while what it reads, and nobody knows beforehand, is not a certain word. */
const LOOP =
  "loop { if (atomicAdd(&endless, 1u) == 4242u && schedule[0] == 77777u) { break; } atomicSub(&endless, 1u); }";

/** @param {{ code: string, label?: string }} descriptor */
prototype.createShaderModule = function ({ code, label = "" }) {
  const text = endless.includes(label)
    ? `${code.replace("load(min(lane", `${LOOP}\n  load(min(lane`)}\nvar<workgroup> endless: atomic<u32>;`
    : code;
  return createShaderModule.call(this, { code: text, label });
};
