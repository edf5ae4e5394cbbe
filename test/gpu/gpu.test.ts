/** Work on a GPU that is lost, hangs, fails, or computes wrong. */
import { expect, test, vi } from "vitest";
import { DeviceLostError, KernelError, NoAdapterError } from "../../src/base/errors.ts";
import type { Finding } from "../../src/base/verdict.ts";
import type { Device } from "../../src/gpu/device.ts";
import { GpuMemory } from "../../src/gpu/faults.ts";
import { Gpu, type GpuWork } from "../../src/gpu/gpu.ts";
import { type Faults, faultyGpu } from "../support/faulty-gpu.ts";
import { describeGpu } from "../support/gpu.ts";

const never = new Promise<never>(() => undefined);

/** A GPU with faults, and what became of it. */
function setUp(wrong: Faults = {}, { insists = false, memory = new GpuMemory() } = {}) {
  const { gpu: own, devices } = faultyGpu(wrong);
  const letGo: GPUDevice[] = [];
  const notices: string[] = [];
  const gpu = new Gpu(
    {
      provider: () => Promise.resolve(own),
      host: { letGo: (device) => void letGo.push(device) },
      remedy: "Get one.",
      insists,
      notice: (sentence) => void notices.push(sentence),
    },
    memory,
  );
  const faults: Finding[] = [];
  const run = (
    onDevice: (device: Device, nth: number) => Promise<string>,
    more: Partial<GpuWork<string>> = {},
  ): Promise<string> => {
    let tries = 0;
    return gpu.run({
      kernel: "additive",
      onDevice: (device) => onDevice(device, tries++),
      onCpu: () => Promise.resolve("CPU"),
      signal: undefined,
      fault: (what) => void faults.push(what),
      ...more,
    });
  };
  const told = (): [string, string][] => faults.map(({ code, sentence }) => [code, sentence]);
  return { gpu, run, devices, letGo, notices, told, memory };
}

const lose = (device: Device): Promise<never> => {
  device.drop(new DeviceLostError("unknown", "a test"));
  return device.lost;
};

describeGpu("work on a GPU", () => {
  test("goes on beside a device that was lost before, and is redone once when it is lost", async () => {
    const { gpu, run, devices, told } = setUp();
    expect(await run(() => Promise.resolve("done"))).toBe("done");
    const { lost } = await gpu.device();
    devices[0].destroy();
    await expect(lost).rejects.toBeInstanceOf(DeviceLostError);
    expect(await run((_, nth) => Promise.resolve(`done ${nth}`))).toBe("done 0");
    expect([devices.length, told()]).toEqual([2, []]);
    expect(await run((device, nth) => (nth === 0 ? lose(device) : Promise.resolve("again")))).toBe(
      "again",
    );
    expect(devices.length).toBe(3);
    expect(told()).toEqual([
      ["device-lost", expect.stringMatching(/lost in mid-work.*done again on a new one/)],
    ]);
    gpu.close();
  });

  test("is the CPU's after a second loss, for good", async () => {
    const { run, devices, told, notices } = setUp();
    expect(await run(lose)).toBe("CPU");
    expect(await run(() => Promise.resolve("a device"))).toBe("CPU");
    expect(devices.length).toBe(2);
    expect(told()[0]).toEqual([
      "device-lost",
      expect.stringMatching(/and so was the next: the CPU/),
    ]);
    expect(notices).toEqual([
      expect.stringMatching(/lost; going on/),
      expect.stringMatching(/^The GPU device .* the CPU went on in float64\.$/),
    ]);
  });

  test("is the CPU's where no other device comes", async () => {
    const { gpu, run, told } = setUp({ adapters: 1 });
    expect(await run(lose)).toBe("CPU");
    expect(await gpu.deviceIfAny()).toBeUndefined();
    expect(told()).toEqual([["device-lost", expect.stringMatching(/no other came/)]]);
  });

  test("that hangs is the CPU's, and its kernel is refused by name in the whole process", async () => {
    const { gpu, run, letGo, devices, told, memory } = setUp();
    const hang = async (device: Device): Promise<never> => device.race(never, "additive", 50);
    expect(await run(hang)).toBe("CPU");
    // It may never end, so it is not destroyed, and no other work waits for its threads.
    expect(letGo).toEqual([devices[0]]);
    expect(told()).toEqual([
      ["kernel-hung", expect.stringMatching(/"additive" did not end on .*not used again/)],
    ]);
    expect(gpu.refusal("additive")?.code).toBe("kernel-hung");
    const other = setUp({}, { memory });
    expect(await other.run(() => Promise.resolve("done"))).toBe("CPU");
    await expect(other.gpu.device()).rejects.toThrow(/keeps its threads/);
  });

  test("of a kernel that fails is the CPU's, or an error for who insists", async () => {
    const fail = (): Promise<never> => Promise.reject(new KernelError("additive", "no registers"));
    const { run, told } = setUp();
    expect(await run(fail)).toBe("CPU");
    expect(told()).toEqual([
      ["kernel-failed", expect.stringMatching(/no registers.*the CPU went on/)],
    ]);
    await expect(setUp({}, { insists: true }).run(fail)).rejects.toBeInstanceOf(KernelError);
  });

  test("errors of its own come through", async () => {
    const { run } = setUp();
    await expect(run(() => Promise.reject(new RangeError("mine")))).rejects.toThrow("mine");
  });

  test("that is stopped ends soon, whatever the device does", async () => {
    const { run, letGo } = setUp();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    const began = performance.now();
    const { signal } = controller;
    expect(await run((device) => device.race(never, "additive", 60_000), { signal })).toBe("CPU");
    expect(performance.now() - began).toBeLessThan(1900);
    expect(letGo.length).toBe(1);
  });

  test("of a closed engine rejects", async () => {
    const { gpu, run } = setUp();
    const work = run((device) => {
      gpu.close();
      return device.race(never, "additive");
    });
    await expect(work).rejects.toBeInstanceOf(DeviceLostError);
  });
});

describeGpu("an adapter", () => {
  test("that is not there is an error, also for who can do without one later", async () => {
    const { gpu } = setUp({ adapters: 0 });
    await expect(gpu.deviceIfAny()).rejects.toThrow(/^No WebGPU adapter was found. Get one.$/);
  });

  test("that computes wrong is refused by name, with what was wrong, by all engines", async () => {
    const { gpu, memory } = setUp({ rewrite: (code) => code.replace("exp(x)", "exp(0.99 * x)") });
    const refused = gpu.device();
    await expect(refused).rejects.toBeInstanceOf(NoAdapterError);
    await expect(refused).rejects.toThrow(
      /^The adapter .* is not used: it computes exp wrong: at /,
    );
    await expect(setUp({}, { memory }).gpu.device()).rejects.toThrow(/computes exp wrong/);
  });

  test("on which the test kernel does not compile is refused", async () => {
    const { gpu } = setUp({ rewrite: () => "nonsense" });
    await expect(gpu.device()).rejects.toThrow(
      /is not used: on it GPU kernel "canary" failed.*[^.]\.$/s,
    );
  });

  test("that is lost as it is opened is opened again", async () => {
    const { gpu, devices } = setUp({ opened: (device, n) => void (n === 0 && device.destroy()) });
    expect((await gpu.device()).report.description).not.toBe("");
    expect(devices.length).toBe(2);
    expect(await gpu.checks()).toContain("exp");
    gpu.close();
  });

  /** What is opened of a GPU whose adapter or device comes after the time for it. */
  async function openedLate(what: "adapterComes" | "deviceComes"): Promise<readonly GPUDevice[]> {
    let come = (): void => undefined;
    const comes = new Promise<void>((resolve) => {
      come = resolve;
    });
    const { gpu, devices } = setUp({ [what]: comes });
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const late = expect(gpu.device()).rejects.toThrow(/gave no device: nothing within 15000 ms/);
    await vi.advanceTimersByTimeAsync(16_000);
    vi.useRealTimers();
    await late;
    come();
    return devices;
  }

  test("whose device comes too late is an error, and the device is closed when it comes", async () => {
    const devices = await openedLate("deviceComes");
    await expect.poll(() => devices.length).toBe(1);
    expect((await devices[0].lost).reason).toBe("destroyed");
  });

  test("that comes too late is an error, and gets no device", async () => {
    const devices = await openedLate("adapterComes");
    await new Promise((resolve) => void setTimeout(resolve, 300));
    expect(devices.length).toBe(0);
  });

  test("is known before it has a device, and has one before the canary has ended", async () => {
    const { gpu, devices } = setUp();
    const report = await gpu.reportIfAny();
    expect(devices.length).toBe(0);
    const early = await gpu.early();
    expect([early?.report, gpu.present]).toEqual([report, undefined]);
    expect(await gpu.device()).toBe(early);
    expect(gpu.present).toBe(early);
    expect([await gpu.early(), await gpu.reportIfAny()]).toEqual([early, report]);
    expect(devices.length).toBe(1);
    gpu.close();
  });

  test("that computes wrong is refused while kernels compile on it, and no other device comes", async () => {
    const { gpu, devices } = setUp({
      rewrite: (code, label) => (label === "canary" ? code.replace("1.0 / x", "1.5 / x") : code),
    });
    const early = await gpu.early();
    const entry = "@compute @workgroup_size(1) fn main() {}";
    const compiled = early?.pipeline("kernel", entry, "main", []).catch(() => undefined);
    await expect(gpu.device()).rejects.toThrow(/is not used: it computes division wrong/);
    await compiled;
    await expect(early?.lost).rejects.toBeInstanceOf(DeviceLostError);
    await expect(gpu.device()).rejects.toBeInstanceOf(NoAdapterError);
    expect(devices.length).toBe(2); // each is looked at by its name, and closed
  });

  test("that is lost again then is an error, which says so", async () => {
    const { gpu, devices } = setUp({ opened: (device) => device.destroy() });
    await expect(gpu.device()).rejects.toThrow(
      /^The WebGPU adapter gave no device.* lost .*Get one.$/s,
    );
    expect(devices.length).toBe(2);
  });
});
