/** What becomes of GPU devices that were given up at work. */
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { Device } from "../../src/gpu/device.ts";
import { keepDevice, keepsDevices } from "../../src/node/kept-devices.ts";
import { DeviceLostError } from "../../src/base/errors.ts";
import { describeGpu, newDevice } from "../support/gpu.ts";

describeGpu("a device that was given up", () => {
  test("is destroyed when its work is done, and its calls have been answered", async () => {
    const device = await newDevice();
    let answer = (): void => undefined;
    const calls = new Promise<void>((resolve) => {
      answer = resolve;
    });
    keepDevice(device, calls);
    expect(await Promise.race([device.lost, wait(50, "kept")])).toBe("kept");
    expect(keepsDevices()).toBe(true);
    answer();
    expect((await device.lost).reason).toBe("destroyed");
    expect(keepsDevices()).toBe(false);
  });

  test("waits for a kernel that compiles", async () => {
    const own = await newDevice();
    const report = { description: "test", vendor: "", architecture: "", software: true, limits: {} }; // prettier-ignore
    const device = new Device(own, report, { letGo: keepDevice });
    const code = "@compute @workgroup_size(1) fn main() {}";
    let [compiled, begin] = [false, (): void => undefined];
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const create = own.createComputePipelineAsync.bind(own);
    const createComputePipelineAsync: GPUDevice["createComputePipelineAsync"] = async (what) => {
      begin();
      await wait(50);
      const pipeline = await create(what);
      compiled = true;
      return pipeline;
    };
    Object.defineProperty(own, "createComputePipelineAsync", { value: createComputePipelineAsync });
    const refused = expect(device.pipeline("slow", code, "main", [])).rejects;
    await begun;
    device.close();
    await refused.toBeInstanceOf(DeviceLostError);
    expect(compiled).toBe(false);
    await own.lost;
    expect(compiled).toBe(true);
  });
});

test("a device is looked at again while its work goes on", async () => {
  let [looks, ends, destroyed] = [0, 0, 0];
  let end: (why: Error) => void = () => undefined;
  const pending = (): Promise<undefined> =>
    new Promise((_, reject) => {
      end = reject;
    });
  const flag = {
    mapAsync: () => (++looks < 3 ? pending() : Promise.resolve(undefined)),
    unmap: () => {
      ends++;
      end(new Error("unmapped"));
    },
  };
  const device = {
    createBuffer: () => flag,
    createCommandEncoder: () => ({ clearBuffer: () => undefined, finish: () => undefined }),
    queue: { submit: () => undefined },
    destroy: () => void destroyed++,
  } as unknown as GPUDevice;
  keepDevice(device, Promise.resolve());
  await expect.poll(() => destroyed, { timeout: 5000 }).toBe(1);
  expect({ looks, ends, kept: keepsDevices() }).toEqual({ looks: 3, ends: 2, kept: false });
});
