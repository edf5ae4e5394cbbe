/**
 * Loaded before the command (`node --import`): makes the search kernels of the laws in
 * ENDLESS_KERNELS, separated by commas, loop for ever at their first dispatch.
 */
import { globals } from "webgpu";

const endless = (process.env["ENDLESS_KERNELS"] ?? "").split(",");
const { prototype } = /** @type {{ GPUDevice: { prototype: GPUDevice } }} */ (globals).GPUDevice;
const create = Object.getOwnPropertyDescriptor(prototype, "createShaderModule")?.value;

/** WGSL that spins while a word that nobody writes is not another. */
const LOOP =
  "loop { if (atomicAdd(&endless, 1u) == 4242u && schedule[0] == 77777u) { break; } atomicSub(&endless, 1u); }";

/**
 * @this {GPUDevice}
 * @param {GPUShaderModuleDescriptor} descriptor
 * @returns {GPUShaderModule}
 */
prototype.createShaderModule = function createShaderModule({ code, label = "" }) {
  const text = endless.includes(label)
    ? `${code.replace("load(min(lane", `${LOOP}\n  load(min(lane`)}\nvar<workgroup> endless: atomic<u32>;`
    : code;
  return create.call(this, { code: text, label });
};
