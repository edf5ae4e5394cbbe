import { beforeEach, describe, expect, test } from "vitest";
import { DeviceLostError, KernelError, NoAdapterError } from "../../src/base/errors.ts";
import { rest } from "../../src/node/sleep.ts";
import type { AdapterReport } from "../../src/gpu/adapter.ts";
import { Device } from "../../src/gpu/device.ts";
import { BUFFER_USAGE, MAP_MODE, SHADER_STAGE } from "../../src/gpu/usage.ts";
import { describeGpu, newDevice, openDevice, openGpu } from "../support/gpu.ts";

const { MAP_READ, COPY_SRC, COPY_DST, STORAGE } = BUFFER_USAGE;
const REPORT: AdapterReport = {
  description: "test",
  vendor: "",
  architecture: "",
  software: true,
  limits: {},
};
const DOUBLE = `@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3<u32>) { data[id.x] = 2.0 * data[id.x]; }`;
const ENTRIES: readonly GPUBindGroupLayoutEntry[] = [
  { binding: 0, visibility: SHADER_STAGE.COMPUTE, buffer: { type: "storage" } },
];

const idle = async (device: Device): Promise<void> => {
  const done = await device.fence();
  await done();
};

test("an adapter that is not there is a NoAdapterError", async () => {
  const gpu = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(Device.open(gpu)).rejects.toBeInstanceOf(NoAdapterError);
});

describeGpu("WebGPU's flags", () => {
  test.each([
    [BUFFER_USAGE, GPUBufferUsage],
    [MAP_MODE, GPUMapMode],
    [SHADER_STAGE, GPUShaderStage],
  ])("%o have the values of the host's globals", (flags, host) => {
    for (const [name, value] of Object.entries(flags)) expect(Reflect.get(host, name)).toBe(value);
  });
});

describeGpu("a device", () => {
  test("tells its adapter and asks for the largest buffers", async () => {
    const device = await Device.open(openGpu());
    expect(device.report.description).not.toBe("");
    expect(device.limits.maxStorageBufferBindingSize).toBe(
      device.report.limits["maxStorageBufferBindingSize"],
    );
    expect(device.limits.maxBufferSize).toBe(device.report.limits["maxBufferSize"]);
    device.close();
  });

  test("waits by a fence for what came before it, not for what comes after", async () => {
    const device = await Device.open(openGpu());
    const order: string[] = [];
    const wait = async (name: string, done: () => Promise<void>): Promise<void> => {
      await done();
      order.push(name);
    };
    const pipeline = await device.pipeline("double", DOUBLE, "main", ENTRIES);
    const first = await device.fence();
    const work = await device.checked("work", (gpu) => {
      const buffer = gpu.createBuffer({ size: 16, usage: STORAGE });
      const encoder = gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        gpu.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: [{ binding: 0, resource: { buffer } }],
        }),
      );
      for (let i = 0; i < 200; i++) pass.dispatchWorkgroups(65_535);
      pass.end();
      gpu.queue.submit([encoder.finish()]);
      return buffer;
    });
    const second = await device.fence();
    await Promise.all([wait("second", second), wait("first", first)]);
    expect(order).toEqual(["first", "second"]);
    work.destroy();
    device.close();
  });

  test.for([
    ["a software adapter", true],
    ["a GPU, which has processors of its own", false],
  ] as const)("a host that polls rests while it waits for %s", async ([, software]) => {
    let rests = 0;
    const counted = async (ms: number): Promise<void> => {
      expect(ms).toBeGreaterThan(0);
      rests++;
      await rest(ms);
    };
    const own = await openDevice();
    const device = new Device(own, { ...REPORT, software }, { rest: counted });
    await idle(device);
    expect(rests > 0).toBe(software);
    const waited = rests;
    await rest(1);
    expect(rests).toBe(waited);
  });

  test("computes, and reads back", async () => {
    const device = new Device(await openDevice(), REPORT);
    const pipeline = await device.pipeline("double", DOUBLE, "main", ENTRIES);
    const [data, staging] = await device.checked("buffers", (gpu) => {
      const source = gpu.createBuffer({ size: 16, usage: STORAGE | COPY_SRC | COPY_DST });
      gpu.queue.writeBuffer(source, 0, Float32Array.of(1, 2, 3, 4));
      return [source, gpu.createBuffer({ size: 16, usage: MAP_READ | COPY_DST })] as const;
    });
    await device.checked("run", (gpu) => {
      const encoder = gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        gpu.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: [{ binding: 0, resource: { buffer: data } }],
        }),
      );
      pass.dispatchWorkgroups(1);
      pass.end();
      gpu.queue.submit([encoder.finish()]);
    });
    expect([...new Float32Array(await device.read("data", data, staging, 16))]).toEqual([
      2, 4, 6, 8,
    ]);
    // The staging buffer is unmapped again: a second read works.
    expect(new Float32Array(await device.read("data", data, staging, 8)).length).toBe(2);
  });

  test("keeps the 32 kernels that were used last", async () => {
    const device = new Device(await openDevice(), REPORT);
    const text = (n: number): string => `${DOUBLE}\n// ${n}`;
    const use = (n: number): Promise<unknown> =>
      device.pipeline(`kernel ${n}`, text(n), "main", ENTRIES);
    for (let n = 0; n < 32; n++) await use(n);
    await use(0);
    await use(32);
    const isKept = [0, 1, 2, 32].map((n) => device.knows(text(n), "main"));
    expect(isKept).toEqual([true, false, true, true]);
  });

  test("compiles the same text once, and again after it has failed", async () => {
    const device = new Device(await openDevice(), REPORT);
    const first = device.pipeline("double", DOUBLE, "main", ENTRIES);
    expect(device.pipeline("another label", DOUBLE, "main", ENTRIES)).toBe(first);
    const wrong = device.pipeline("wrong", "nonsense", "main", ENTRIES);
    await expect(wrong).rejects.toBeInstanceOf(KernelError);
    expect(device.pipeline("wrong", "nonsense", "main", ENTRIES).catch(() => undefined)).not.toBe(
      wrong,
    );
  });

  test.each([
    ["text that is no WGSL", "fn main( {", "main", ENTRIES],
    ["a type error", DOUBLE.replace("2.0", "2u"), "main", ENTRIES],
    ["an entry point that is not there", DOUBLE, "other", ENTRIES],
    ["a layout that lacks a binding", DOUBLE, "main", []],
  ])("%s is a KernelError with the kernel's name", async (_, code, entry, entries) => {
    const device = new Device(await openDevice(), REPORT);
    const failed = device.pipeline("broken kernel", code, entry, entries);
    await expect(failed).rejects.toBeInstanceOf(KernelError);
    await expect(failed).rejects.toMatchObject({
      label: "broken kernel",
      message: expect.stringMatching(/"broken kernel".*‘backend: cpu’/s),
    });
  });

  test("a call that fails validation is a KernelError, and the device goes on", async () => {
    const device = new Device(await openDevice(), REPORT);
    await expect(
      device.checked("bad buffer", (gpu) =>
        gpu.createBuffer({ size: 16, usage: MAP_READ | STORAGE }),
      ),
    ).rejects.toBeInstanceOf(KernelError);
    await expect(
      device.checked("good buffer", (gpu) => gpu.createBuffer({ size: 16, usage: STORAGE })),
    ).resolves.toBeDefined();
  });

  test("an exception inside checked calls comes through, and the error scopes stay balanced", async () => {
    const device = new Device(await openDevice(), REPORT);
    const thrower = (): never => {
      throw new RangeError("mine");
    };
    await expect(device.checked("throws", thrower)).rejects.toThrow("mine");
    await expect(
      device.checked("after", (gpu) => gpu.createBuffer({ size: 16, usage: STORAGE })),
    ).resolves.toBeDefined();
  });
});

describeGpu("a lost device", () => {
  let own: GPUDevice;
  let device: Device;
  beforeEach(async () => {
    own = await newDevice();
    device = new Device(own, REPORT);
  });
  const buffers = (): Promise<readonly [GPUBuffer, GPUBuffer]> =>
    device.checked("buffers", (gpu) => [
      gpu.createBuffer({ size: 1 << 20, usage: STORAGE | COPY_SRC | COPY_DST }),
      gpu.createBuffer({ size: 1 << 20, usage: MAP_READ | COPY_DST }),
    ]);

  test("gets no more work once it was given up", async () => {
    const kept = new Device(own, REPORT, { letGo: () => undefined });
    kept.drop(new DeviceLostError("destroyed", "a test"));
    let calls = 0;
    await expect(kept.checked("late", () => calls++)).rejects.toBeInstanceOf(DeviceLostError);
    expect(calls).toBe(0);
    own.destroy();
  });

  test("rejects whatever is asked of it afterwards with DeviceLostError", async () => {
    const [data, staging] = await buffers();
    own.destroy();
    await own.lost;
    await expect(buffers()).rejects.toBeInstanceOf(DeviceLostError);
    await expect(device.pipeline("double", DOUBLE, "main", ENTRIES)).rejects.toBeInstanceOf(
      DeviceLostError,
    );
    await expect(device.read("data", data, staging, 16)).rejects.toBeInstanceOf(DeviceLostError);
    await expect(idle(device)).rejects.toBeInstanceOf(DeviceLostError);
  });

  describe("at once, before the loss has been told", () => {
    test("calls", async () => {
      own.destroy();
      await expect(idle(device)).rejects.toBeInstanceOf(DeviceLostError);
    });

    test("compiling", async () => {
      own.destroy();
      await expect(device.pipeline("double", DOUBLE, "main", ENTRIES)).rejects.toBeInstanceOf(
        DeviceLostError,
      );
    });

    test("reading, which a lost device rejects as if the user had aborted", async () => {
      const [data, staging] = await buffers();
      own.destroy();
      await expect(device.read("data", data, staging, 16)).rejects.toBeInstanceOf(DeviceLostError);
    });
  });

  test("in the middle of a read, and of compiling", async () => {
    const [data, staging] = await buffers();
    const reading = device.read("data", data, staging, 1 << 20);
    const compiling = device.pipeline("double", DOUBLE, "main", ENTRIES);
    own.destroy();
    await expect(reading).rejects.toBeInstanceOf(DeviceLostError);
    await expect(compiling).rejects.toBeInstanceOf(DeviceLostError);
  });

  test("says why, and what to do", async () => {
    device.close();
    await expect(idle(device)).rejects.toMatchObject({
      reason: "destroyed",
      message: expect.stringMatching(/lost \(destroyed\).*‘backend: cpu’/),
    });
  });
});
