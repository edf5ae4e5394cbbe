/**
 * A WebGPU device that cannot fail silently: loss is latched, every call path is inside error
 * scopes, every wait has a limit, pipelines are compiled once.
 */
import { DeviceLostError, HungKernelError, KernelError, NoAdapterError } from "../base/errors.ts";
import { type AdapterReport, type GpuHost, reportOf } from "./adapter.ts";
import { LastUsed } from "../wasm/last-used.ts";
import { unless } from "./unless.ts";
import { stagingBuffer } from "./buffers.ts";
import { patiently } from "./patience.ts";
import { MAP_MODE } from "./usage.ts";
import { Overdue, within } from "./watchdog.ts";

/** Milliseconds that calls may take, which do not wait for kernels, and that compiling may. */
const LIMITS = { call: 30_000, compile: 60_000 } as const;

/** Why a device is of no more use. */
type Loss = DeviceLostError | HungKernelError;

/**
 * Dawn's instances and adapters, kept for the life of the process: when one is collected under a
 * running dispatch, the process crashes and nothing in JavaScript can catch that.
 */
const reachable = new Set<object>();

/**
 * Compiled kernels that are kept. Formulas have a kernel for each table, of megabytes in the
 * driver, and a process may fit thousands.
 */
const MOST_PIPELINES = 32;

/**
 * The fastest adapter.
 *
 * @throws NoAdapterError where there is none.
 */
export async function fastestAdapter(gpu: GPU): Promise<GPUAdapter> {
  reachable.add(gpu);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new NoAdapterError("no WebGPU adapter");
  reachable.add(adapter);
  return adapter;
}

export class Device {
  readonly report: AdapterReport;
  readonly #device: GPUDevice;
  readonly #rest: GpuHost["rest"];
  readonly #letGo: NonNullable<GpuHost["letGo"]>;
  readonly #lost: Promise<never>;
  #fail: (loss: Loss) => void = () => undefined;
  #loss: Loss | undefined;
  #isLetGo = false;
  /** What the driver is busy with: kernels that compile, buffers that are waited for. */
  readonly #busy = new Set<Promise<unknown>>();
  readonly #pipelines = new LastUsed<Promise<GPUComputePipeline>>(MOST_PIPELINES);

  /**
   * Opens the fastest adapter, with the largest buffers and workgroup memory that it offers.
   *
   * @throws NoAdapterError where there is none.
   */
  static async open(gpu: GPU, host: GpuHost = {}): Promise<Device> {
    return Device.on(await fastestAdapter(gpu), host);
  }

  /** The device of an adapter, which gives one. */
  static async on(adapter: GPUAdapter, host: GpuHost = {}): Promise<Device> {
    const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } =
      adapter.limits;
    const wanted: GPUFeatureName[] =
      host.record === undefined ? ["subgroups"] : ["subgroups", "timestamp-query"];
    const device = await adapter.requestDevice({
      requiredLimits: {
        maxBufferSize,
        maxStorageBufferBindingSize,
        maxComputeWorkgroupStorageSize,
      },
      requiredFeatures: wanted.filter((name) => adapter.features.has(name)),
    });
    host.record?.(device);
    return new Device(device, reportOf(adapter), host);
  }

  constructor(device: GPUDevice, report: AdapterReport, host: GpuHost = {}) {
    this.#device = device;
    // a GPU has processors of its own
    this.#rest = report.software ? host.rest : undefined;
    this.#letGo = host.letGo ?? ((own) => own.destroy());
    this.report = report;
    this.#lost = new Promise((_, reject) => {
      this.#fail = (loss) => {
        this.#loss ??= loss;
        reject(this.#loss);
      };
    });
    this.#lost.catch(() => undefined); // seen by whoever races it
    void device.lost.then(({ reason, message }) =>
      this.#fail(new DeviceLostError(reason, message || "no further detail")),
    );
  }

  /** Rejects when the device goes, or is dropped, with the reason; pending until then. */
  get lost(): Promise<never> {
    return this.#lost;
  }

  /** Invocations of a subgroup, at most; 0 where kernels may not use subgroups. */
  get subgroup(): number {
    return this.#device.features.has("subgroups")
      ? (this.#device.adapterInfo.subgroupMaxSize ?? 0)
      : 0;
  }

  get limits(): GPUSupportedLimits {
    return this.#device.limits;
  }

  /**
   * The result of a GPU promise, or the loss of the device: after a loss some promises never settle
   * and others reject as if the user had aborted. The device is dropped when the promise has not
   * settled within `limit` milliseconds.
   */
  async race<T>(promise: Promise<T>, label: string, limit: number = LIMITS.call): Promise<T> {
    try {
      return await within(unless(this.#lost, promise), limit);
    } catch (error) {
      if (error instanceof Overdue) this.drop(new HungKernelError(label, limit));
      throw this.#loss ?? error;
    }
  }

  /**
   * Gives the device up, whatever it is doing: whoever waits for it learns why. It is not destroyed
   * where that would wait for work that may never end; see `GpuHost.letGo`.
   */
  drop(loss: Loss): void {
    if (this.#loss !== undefined) return;
    this.#fail(loss);
    this.#isLetGo = true;
    this.#letGo(this.#device, Promise.allSettled(this.#busy));
  }

  /** What the driver takes its time for, with rests. */
  async #wait<T>(promise: Promise<T>, label: string, limit: number): Promise<T> {
    this.#busy.add(promise);
    const over = (): void => void this.#busy.delete(promise);
    promise.then(over, over);
    return patiently(this.race(promise, label, limit), this.#rest);
  }

  /**
   * Runs synchronous GPU calls inside error scopes; throws KernelError for what they catch. A
   * device that was given up gets no more work: whoever has it waits for its last.
   */
  async checked<T>(label: string, calls: (device: GPUDevice) => T): Promise<T> {
    if (this.#loss !== undefined) throw this.#loss;
    const device = this.#device;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("internal");
    device.pushErrorScope("validation");
    let result: T;
    try {
      result = calls(device);
    } finally {
      const scopes = [device.popErrorScope(), device.popErrorScope(), device.popErrorScope()];
      for (const error of await this.race(Promise.all(scopes), label)) {
        // oxlint-disable-next-line no-unsafe-finally -- a GPU error explains a failed call better than the call's own exception
        if (error !== null) throw new KernelError(label, error.message);
      }
    }
    return result;
  }

  /** The compiled kernel; the same text is compiled once, while it is among those used last. */
  pipeline(
    label: string,
    code: string,
    entryPoint: string,
    entries: readonly GPUBindGroupLayoutEntry[],
  ): Promise<GPUComputePipeline> {
    const key = `${entryPoint}\n${code}`;
    return this.#pipelines.get(key, () => {
      const compiled = this.#compile(label, code, entryPoint, entries);
      compiled.catch(() => this.#pipelines.delete(key));
      return compiled;
    });
  }

  /** Whether this kernel has been asked for before. */
  knows(code: string, entryPoint: string): boolean {
    return this.#pipelines.has(`${entryPoint}\n${code}`);
  }

  /** Whether any pipeline of an entry point has been compiled, or is being. */
  knowsAny(entryPoint: string): boolean {
    for (const key of this.#pipelines.keys()) if (key.startsWith(`${entryPoint}\n`)) return true;
    return false;
  }

  async #compile(
    label: string,
    code: string,
    entryPoint: string,
    entries: readonly GPUBindGroupLayoutEntry[],
  ): Promise<GPUComputePipeline> {
    const module = await this.checked(label, (device) =>
      device.createShaderModule({ label, code }),
    );
    const { messages } = await this.race(module.getCompilationInfo(), label, LIMITS.compile);
    const wrong = messages.find((m) => m.type === "error");
    if (wrong !== undefined)
      throw new KernelError(label, `line ${wrong.lineNum}: ${wrong.message}`);
    const layout = await this.checked(label, (device) =>
      device.createPipelineLayout({
        bindGroupLayouts: [device.createBindGroupLayout({ label, entries: [...entries] })],
      }),
    );
    try {
      const pipeline = this.#device.createComputePipelineAsync({
        label,
        layout,
        compute: { module, entryPoint },
      });
      return await this.#wait(pipeline, label, LIMITS.compile);
    } catch (error) {
      throw error instanceof DeviceLostError || error instanceof HungKernelError
        ? error
        : new KernelError(label, error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Copies `size` bytes of a buffer to the host. `staging` must be a MAP_READ buffer at least as
   * large. When that takes longer than `limit` milliseconds, the device is dropped.
   */
  async read(
    label: string,
    source: GPUBuffer,
    staging: GPUBuffer,
    size: number,
    limit: number = LIMITS.call,
  ): Promise<ArrayBuffer> {
    return this.submitAndRead(label, size, limit, (_, encoder) => {
      encoder.copyBufferToBuffer(source, 0, staging, 0, size);
      return staging;
    });
  }

  /**
   * Submits the commands that `encode` gives, and copies `size` bytes of the staging buffer that it
   * returns to the host. When that takes longer than `limit` milliseconds, the device is dropped.
   */
  async submitAndRead(
    label: string,
    size: number,
    limit: number,
    encode: (device: GPUDevice, encoder: GPUCommandEncoder) => GPUBuffer,
  ): Promise<ArrayBuffer> {
    const staging = await this.checked(label, (device) => {
      const encoder = device.createCommandEncoder({ label });
      const buffer = encode(device, encoder);
      device.queue.submit([encoder.finish()]);
      return buffer;
    });
    await this.#wait(staging.mapAsync(MAP_MODE.READ, 0, size), label, limit);
    const bytes = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    return bytes;
  }

  /**
   * Marks the end of what is submitted so far. The function it returns waits until all of that is
   * done, whatever is submitted later, and is to be called once. Only while it waits is a promise
   * of the device's pending, and the device polled. When it waits longer than `limit` milliseconds,
   * the device is dropped, and the kernel `label` named.
   */
  async fence(label = "fence", limit: number = LIMITS.call): Promise<() => Promise<void>> {
    const flag = await this.checked(label, (device) => {
      const buffer = stagingBuffer(device, 4);
      const encoder = device.createCommandEncoder({ label });
      encoder.clearBuffer(buffer);
      device.queue.submit([encoder.finish()]);
      return buffer;
    });
    return async () => {
      try {
        await this.#wait(flag.mapAsync(MAP_MODE.READ), label, limit);
      } finally {
        flag.destroy(); // which also ends the polling for a device that was dropped
      }
    };
  }

  /** Frees the device; one that is busy is let go. */
  close(): void {
    if (this.#isLetGo) return;
    if (this.#busy.size > 0)
      this.drop(new DeviceLostError("destroyed", "it was closed while at work"));
    else this.#device.destroy();
  }
}
