/**
 * GPU tests. With an adapter they run; without one they are skipped, or, where REQUIRE_GPU=1, fail:
 * they never pass by skipping.
 *
 *     describeGpu("reduction", () => {
 *       test("sums", async () => { const device = await openDevice(); … });
 *     });
 *     gpuTest("sums", async ({ device }) => { … });
 *
 * A file that imports this module runs in vitest's project `gpu`. Its tests share one Dawn device,
 * which no other file has.
 */
import { create, globals } from "webgpu";
import { afterEach, beforeEach, describe, inject, test } from "vitest";
import { openedDevice, sharedDevice } from "./shared-device.ts";

const found = inject("gpu");
const required = process.env["REQUIRE_GPU"] === "1";

/** Whether there is an adapter. */
export const hasGpu = found.adapter !== undefined;

/** Skip rather than fail? */
const skip = !hasGpu && !required;

Object.assign(globalThis, globals);

/**
 * Dawn's instance. When it is collected while a device lives, the process crashes: this module
 * keeps it for good.
 */
let instance: GPU | undefined;

function requireAdapter(): void {
  if (!hasGpu)
    throw new Error(
      `REQUIRE_GPU is set, but there is no WebGPU adapter: ${found.why ?? "unknown cause"}`,
    );
}

/** The `GPU` object, what a browser calls `navigator.gpu`. */
export function openGpu(): GPU {
  requireAdapter();
  instance ??= create([]);
  return instance;
}

/**
 * A device of one's own, for tests that lose or destroy it: a new adapter each time, since an
 * adapter gives one device only.
 */
export async function newDevice(descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> {
  const adapter = await openGpu().requestAdapter();
  if (adapter === null) throw new Error("the WebGPU adapter is gone");
  // As the product's own device: kernels may be of either kind.
  const requiredFeatures: GPUFeatureName[] = adapter.features.has("subgroups") ? ["subgroups"] : [];
  const { maxComputeWorkgroupStorageSize } = adapter.limits;
  const requiredLimits = { maxComputeWorkgroupStorageSize };
  return adapter.requestDevice({ requiredFeatures, requiredLimits, ...descriptor });
}

const uncaught: string[] = [];

/** The device that all tests of a file share. Do not destroy it. */
export const openDevice = (): Promise<GPUDevice> =>
  sharedDevice(async () => {
    const device = await newDevice();
    device.addEventListener("uncapturederror", (event) => uncaught.push(event.error.message));
    return device;
  });

/** Waits for the shared device to finish, and fails on any error that no error scope caught. */
async function settle(): Promise<void> {
  await (await openedDevice())?.queue.onSubmittedWorkDone();
  const errors = uncaught.splice(0);
  if (errors.length > 0) throw new Error(`uncaught GPU errors:\n${errors.join("\n")}`);
}

/**
 * `describe`, for tests that need the GPU. A test fails on any error of the shared device that no
 * error scope caught.
 */
export function describeGpu(title: string, body: () => void): void {
  describe.skipIf(skip)(title, () => {
    beforeEach(requireAdapter);
    afterEach(settle);
    body();
  });
}

/**
 * `test`, with the file's shared `device`. Fails on any error of that device that no error scope
 * caught.
 */
export const gpuTest = test
  .extend<{ device: GPUDevice }>({
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the destructuring to find out what a fixture depends on
    device: async ({}, use) => {
      await use(await openDevice());
      await settle();
    },
  })
  .skipIf(skip);
