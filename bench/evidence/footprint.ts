/** What a process holds: memory, handles, files, threads, and buffers and devices of the GPU. */
import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { globals } from "webgpu";

/** What is held at one time; megabytes after a full collection. */
export interface Footprint {
  /** Live objects of JavaScript. */
  readonly heapMiB: number;
  /** Array buffers and what native code keeps for objects of JavaScript. */
  readonly externalMiB: number;
  /** All of the process, as the kernel counts it. */
  readonly residentMiB: number;
  /** What keeps an event loop alive: timers, sockets, requests. */
  readonly handles: number;
  /** Open files; 0 where there is no /proc. */
  readonly files: number;
  /** Threads of the operating system; 0 where there is no /proc. */
  readonly threads: number;
  /** Buffers of the GPU that were created and not destroyed, on devices that are open. */
  readonly buffers: number;
  /** Devices of the GPU that are open. */
  readonly devices: number;
}

/** A full collection, so that what is left is what is kept. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

const entriesOf = (folder: string): number => {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
};

/** WebGPU's classes, of which the package's types know nothing. */
interface Kinds {
  readonly GPUAdapter: { readonly prototype: GPUAdapter };
  readonly GPUDevice: { readonly prototype: GPUDevice };
  readonly GPUBuffer: { readonly prototype: GPUBuffer };
}

/**
 * Counts what is created on every device of this process from now on, and what of it is destroyed.
 */
export class GpuCount {
  readonly #alive = new Map<GPUDevice, Set<GPUBuffer>>();
  #created = 0;

  constructor() {
    const { GPUAdapter: adapters, GPUDevice: devices, GPUBuffer: buffers } = globals as Kinds;
    const alive = this.#alive;
    /* oxlint-disable typescript/unbound-method -- each is applied to what it was called on */
    const { requestDevice } = adapters.prototype;
    const { createBuffer, destroy: close } = devices.prototype;
    const { destroy } = buffers.prototype;
    /* oxlint-enable typescript/unbound-method */
    const count = (): void => void this.#created++;
    adapters.prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args);
      alive.set(device, new Set());
      return device;
    };
    devices.prototype.createBuffer = function (...args) {
      const buffer = createBuffer.apply(this, args);
      count();
      alive.get(this)?.add(buffer);
      return buffer;
    };
    devices.prototype.destroy = function () {
      alive.delete(this);
      return close.apply(this);
    };
    buffers.prototype.destroy = function () {
      for (const each of alive.values()) each.delete(this);
      return destroy.apply(this);
    };
  }

  /** Buffers created so far. */
  get created(): number {
    return this.#created;
  }

  get buffers(): number {
    return [...this.#alive.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get devices(): number {
    return this.#alive.size;
  }
}

/** What the process holds now. */
export async function footprint(gpu: GpuCount): Promise<Footprint> {
  // Finalizers and exits of threads come to their end between two collections.
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapMiB: heapUsed / 2 ** 20,
    externalMiB: external / 2 ** 20,
    residentMiB: rss / 2 ** 20,
    handles: process.getActiveResourcesInfo().length,
    files: entriesOf("/proc/self/fd"),
    threads: entriesOf("/proc/self/task"),
    buffers: gpu.buffers,
    devices: gpu.devices,
  };
}
