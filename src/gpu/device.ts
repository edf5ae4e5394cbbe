/**
 * A WebGPU device that cannot fail silently: loss is latched, every call path is inside error
 * scopes, pipelines are compiled once.
 */
import { DeviceLostError, KernelError, NoAdapterError } from "../base/errors.ts";
import { unless } from "./unless.ts";
import { type AdapterReport, reportOf } from "./adapter.ts";
import { stagingBuffer } from "./buffers.ts";
import { patiently, type Rest } from "./patience.ts";
import { MAP_MODE } from "./usage.ts";

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

export class Device {
  readonly report: AdapterReport;
  readonly #device: GPUDevice;
  readonly #rest: Rest | undefined;
  readonly #lost: Promise<never>;
  #loss: DeviceLostError | undefined;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  /**
   * Opens the fastest adapter, with the largest buffers that it offers.
   *
   * @param rest where the event loop polls; see `Rest`
   * @throws NoAdapterError where there is none.
   */
  static async open(gpu: GPU, rest?: Rest): Promise<Device> {
    reachable.add(gpu);
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) throw new NoAdapterError("no WebGPU adapter");
    reachable.add(adapter);
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
      requiredFeatures: adapter.features.has("subgroups") ? ["subgroups"] : [],
    });
    return new Device(device, reportOf(adapter), rest);
  }

  constructor(device: GPUDevice, report: AdapterReport, rest?: Rest) {
    this.#device = device;
    this.#rest = report.software ? rest : undefined; // a GPU has processors of its own
    this.report = report;
    this.#lost = device.lost.then((info) => {
      this.#loss = new DeviceLostError(info.reason, info.message || "no further detail");
      throw this.#loss;
    });
    this.#lost.catch(() => undefined); // seen by whoever races it
  }

  /** Rejects with DeviceLostError when the device goes; pending until then. */
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
   * and others reject as if the user had aborted.
   */
  async race<T>(promise: Promise<T>): Promise<T> {
    try {
      return await unless(this.#lost, promise);
    } catch (error) {
      throw this.#loss ?? error;
    }
  }

  /** Runs synchronous GPU calls inside error scopes; throws KernelError for what they catch. */
  async checked<T>(label: string, calls: (device: GPUDevice) => T): Promise<T> {
    const device = this.#device;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("internal");
    device.pushErrorScope("validation");
    let result: T;
    try {
      result = calls(device);
    } finally {
      const scopes = [device.popErrorScope(), device.popErrorScope(), device.popErrorScope()];
      for (const error of await this.race(Promise.all(scopes))) {
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
    const known = this.#pipelines.get(key);
    const compiled = known ?? this.#compile(label, code, entryPoint, entries);
    if (known === undefined) compiled.catch(() => this.#pipelines.delete(key));
    // The one used last stands last; those not used for long are let go, with the driver's code.
    this.#pipelines.delete(key);
    this.#pipelines.set(key, compiled);
    for (const oldest of this.#pipelines.keys()) {
      if (this.#pipelines.size <= MOST_PIPELINES) break;
      this.#pipelines.delete(oldest);
    }
    return compiled;
  }

  /** Whether this kernel has been asked for before. */
  knows(code: string, entryPoint: string): boolean {
    return this.#pipelines.has(`${entryPoint}\n${code}`);
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
    const { messages } = await this.race(module.getCompilationInfo());
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
      return await patiently(this.race(pipeline), this.#rest);
    } catch (error) {
      throw error instanceof DeviceLostError
        ? error
        : new KernelError(label, error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Copies `size` bytes of a buffer to the host. `staging` must be a MAP_READ buffer at least as
   * large.
   */
  async read(
    label: string,
    source: GPUBuffer,
    staging: GPUBuffer,
    size: number,
  ): Promise<ArrayBuffer> {
    await this.checked(label, (device) => {
      const encoder = device.createCommandEncoder({ label });
      encoder.copyBufferToBuffer(source, 0, staging, 0, size);
      device.queue.submit([encoder.finish()]);
    });
    await this.race(staging.mapAsync(MAP_MODE.READ, 0, size));
    const bytes = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    return bytes;
  }

  /**
   * Marks the end of what is submitted so far. The function it returns waits until all of that is
   * done, whatever is submitted later, and is to be called once. Only while it waits is a promise
   * of the device's pending, and the device polled.
   */
  async fence(): Promise<() => Promise<void>> {
    const flag = await this.checked("fence", (device) => {
      const buffer = stagingBuffer(device, 4);
      const encoder = device.createCommandEncoder({ label: "fence" });
      encoder.clearBuffer(buffer);
      device.queue.submit([encoder.finish()]);
      return buffer;
    });
    return async () => {
      try {
        await patiently(this.race(flag.mapAsync(MAP_MODE.READ)), this.#rest);
      } finally {
        flag.destroy();
      }
    };
  }

  close(): void {
    this.#device.destroy();
  }
}
