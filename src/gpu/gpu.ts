/**
 * The GPU of an engine: opened when first needed, checked by the canary, and replaced when it is
 * lost. Work on it is redone once on a new device, and then done on the CPU; a kernel that never
 * ends is not tried again.
 */
import { DeviceLostError, HungKernelError, KernelError, NoAdapterError } from "../base/errors.ts";
import type { Finding } from "../base/verdict.ts";
import { type Trace, traced } from "../trace/trace.ts";
import { type AdapterReport, type GpuHost, type GpuProvider, reportOf } from "./adapter.ts";
import { type CanaryReport, runCanary } from "./canary.ts";
import { Device, fastestAdapter } from "./device.ts";
import * as faults from "./faults.ts";
import { within } from "./watchdog.ts";

/** Milliseconds that opening a device may take. */
const OPENING = 15_000;
/** Milliseconds that work goes on after its signal has fired: then the device is dropped. */
const GRACE = 800;
/** Devices that a piece of work is tried on. */
const TRIES = 2;

/** What a GPU is opened with. */
export interface GpuParts {
  readonly provider: GpuProvider;
  readonly host: GpuHost;
  /** How to get an adapter where there is none, in a sentence. */
  readonly remedy: string;
  /** Whether a kernel that fails is an error; else the CPU goes on. */
  readonly insists: boolean;
  /** Told what went wrong, when it does, in a sentence. */
  readonly notice: (sentence: string) => void;
  /** Records that it is opened. */
  readonly trace?: Trace | undefined;
}

/** Work that can be done on a device, and in float64. */
export interface GpuWork<T> {
  /** The name of its kernel. */
  readonly kernel: string;
  readonly onDevice: (device: Device) => Promise<T>;
  /** The same on the CPU; it ends soon where the signal has fired. */
  readonly onCpu: () => Promise<T>;
  readonly signal: AbortSignal | undefined;
  /** Told what went wrong, and what was done about it. */
  readonly fault: (finding: Finding) => void;
}

/** A device, and what the canary found right on it. */
interface Opened {
  readonly device: Device;
  readonly canary: CanaryReport;
}

/** The GPU of an engine. */
export class Gpu {
  readonly #parts: GpuParts;
  readonly #memory: faults.GpuMemory;
  /** The adapter that was looked for, and that no device has been asked of. */
  #found: Promise<GPUAdapter> | undefined;
  #opened: Promise<Opened> | undefined;
  /** The device that is being opened, as soon as it is there; undefined where none comes. */
  #early: Promise<Device | undefined> = Promise.resolve(undefined);
  /** The device that was opened last, and found right. */
  #present: Device | undefined;
  #isClosed = false;
  #adapter = "";
  /** Why the GPU is not used any more. */
  #over: Finding | undefined;

  constructor(parts: GpuParts, memory: faults.GpuMemory = faults.PROCESS_MEMORY) {
    this.#parts = parts;
    this.#memory = memory;
  }

  /** Why a kernel, or the GPU, is not used any more; undefined where it is. */
  refusal(kernel: string): Finding | undefined {
    return this.#memory.kernels.get(kernel) ?? this.#over;
  }

  /**
   * The device; after it was lost, another. Rejects with NoAdapterError where there is none, or
   * where the adapter is refused.
   */
  async device(): Promise<Device> {
    return (await this.#open()).device;
  }

  /**
   * The device; undefined where there was one and no other comes any more: `refusal` then says so.
   * Rejects with NoAdapterError where there never was one.
   */
  async deviceIfAny(): Promise<Device | undefined> {
    try {
      return await this.device();
    } catch (error) {
      if (!(error instanceof NoAdapterError) || this.#present === undefined) throw error;
      this.#giveUp(faults.gone(this.#adapter, error));
      return undefined;
    }
  }

  /** The device that was opened last, and found right; it may be lost by now. */
  get present(): Device | undefined {
    return this.#present;
  }

  /**
   * What is known of the adapter, which may get no device for it: work that is not the GPU's need
   * not wait for one. Undefined, and rejects, as `deviceIfAny`.
   */
  async reportIfAny(): Promise<AdapterReport | undefined> {
    if (this.#opened !== undefined || this.#present !== undefined)
      return (await this.deviceIfAny())?.report;
    return reportOf(await this.#find());
  }

  /**
   * The device before the canary has ended on it: kernels may compile meanwhile, and nothing be
   * computed. Undefined where there is none.
   */
  early(): Promise<Device | undefined> {
    this.#open().catch(() => undefined); // whoever computes hears of it
    return this.#early;
  }

  /** Tells what went wrong, in a sentence. */
  notice(sentence: string): void {
    this.#parts.notice(sentence);
  }

  /** The name of the adapter that was opened last. */
  get adapter(): string {
    return this.#adapter;
  }

  /** What the canary found right on the device. Opens it if need be. */
  async checks(): Promise<readonly string[]> {
    return (await this.#open()).canary.right;
  }

  #open(): Promise<Opened> {
    if (this.#opened !== undefined) return this.#opened;
    const what = { name: "open the adapter", kind: "warm-up", track: "GPU warm-up" } as const;
    let hand: (device: Device | undefined) => void = () => undefined;
    this.#early = new Promise((resolve) => (hand = resolve));
    const opening = traced(this.#parts.trace, what, () => this.#openAnother(TRIES, hand));
    this.#opened = opening;
    const forget = (): void => {
      if (this.#opened === opening) this.#opened = undefined; // the next work opens another
    };
    const keep = ({ device }: Opened): void => {
      this.#present = device;
      if (this.#isClosed) device.close();
      device.lost.catch(forget);
    };
    opening
      .then(keep)
      .catch(forget)
      .finally(() => hand(undefined));
    return opening;
  }

  /** The adapter, looked for once until a device is asked of it. */
  #find(): Promise<GPUAdapter> {
    if (this.#found !== undefined) return this.#found;
    const what = { name: "find the adapter", kind: "warm-up", track: "GPU warm-up" } as const;
    const finding = traced(this.#parts.trace, what, () => this.#findAnother());
    this.#found = finding;
    finding.catch(() => {
      if (this.#found === finding) this.#found = undefined;
    });
    return finding;
  }

  async #findAnother(): Promise<GPUAdapter> {
    const { provider, remedy } = this.#parts;
    const none = new NoAdapterError(`No WebGPU adapter was found. ${remedy}`);
    const gpu = await provider();
    if (gpu === undefined) throw none;
    return within(fastestAdapter(gpu), OPENING).catch((error: unknown) => {
      throw error instanceof NoAdapterError ? none : this.#noDevice(error);
    });
  }

  #noDevice(error: unknown): NoAdapterError {
    const why = error instanceof Error ? error.message : String(error);
    const { remedy } = this.#parts;
    return new NoAdapterError(`The WebGPU adapter gave no device: ${ended(why)} ${remedy}`);
  }

  /** @param hand is given the device as soon as the canary is at work on it */
  async #openAnother(tries: number, hand: (device: Device) => void): Promise<Opened> {
    const found = this.#find();
    this.#found = undefined; // an adapter gives one device
    const opening = Device.on(await found, this.#parts.host);
    const device = await within(opening, OPENING).catch((error: unknown) => {
      // One that comes too late is nobody's.
      opening.then((late) => late.close()).catch(() => undefined);
      throw this.#noDevice(error);
    });
    const { description } = device.report;
    this.#adapter = description;
    const refuse = (why: string): NoAdapterError => {
      this.#memory.adapters.set(description, why);
      device.close();
      return new NoAdapterError(
        `The adapter ${description} is not used: ${ended(why)}`,
        description,
      );
    };
    const known = this.#memory.adapters.get(description);
    if (known !== undefined) throw refuse(known);
    try {
      const canary = await runCanary(device, () => hand(device));
      if (canary.wrong === undefined) return { device, canary };
      throw refuse(`it computes ${canary.wrong}`);
    } catch (error) {
      if (error instanceof DeviceLostError && tries > 1)
        return await this.#openAnother(tries - 1, hand);
      if (error instanceof DeviceLostError) throw this.#noDevice(error);
      throw faults.isGpuError(error) ? refuse(`on it ${error.message}`) : error;
    }
  }

  /** Does some work: on a device, on another one where that was lost, else on the CPU. */
  async run<T>(work: GpuWork<T>): Promise<T> {
    const { kernel, signal } = work;
    for (let tries = 1; signal?.aborted !== true; tries++) {
      const device = this.refusal(kernel) === undefined ? await this.#deviceFor(work) : undefined;
      if (device === undefined) {
        const refusal = this.refusal(kernel);
        if (refusal !== undefined) work.fault(refusal);
        break;
      }
      try {
        const result = await untilStopped(work.onDevice(device), signal);
        if (result === STOPPED) {
          device.drop(new DeviceLostError("destroyed", "its work was stopped"));
          break;
        }
        if (tries > 1) work.fault(faults.redone(this.#adapter));
        return result;
      } catch (error) {
        if (this.#isClosed || !faults.isGpuError(error)) throw error;
        this.#learn(error, kernel, device.report, tries);
      }
    }
    return work.onCpu();
  }

  /** The device; undefined where none comes any more, or the work was stopped before one came. */
  async #deviceFor<T>({ signal }: GpuWork<T>): Promise<Device | undefined> {
    const device = await untilStopped(this.deviceIfAny(), signal);
    return device === STOPPED ? undefined : device;
  }

  /** What follows from an error for the kernel, the adapter and this GPU. */
  #learn(
    error: faults.GpuError,
    kernel: string,
    { description, software }: AdapterReport,
    tries: number,
  ): void {
    const { adapters, kernels } = this.#memory;
    if (error instanceof KernelError) {
      if (this.#parts.insists) throw error;
      this.#refuse(kernel, faults.failed(description, error));
    } else if (error instanceof HungKernelError && error.label === kernel) {
      this.#refuse(kernel, faults.hung(description, error));
      // The threads that it computes with never come back.
      if (software) adapters.set(description, `${error.message}, and keeps its threads`);
    } else if (tries >= TRIES) this.#giveUp(faults.givenUp(description));
    else if (!kernels.has(kernel))
      this.#parts.notice(`The GPU device was lost; going on with a new one.`);
  }

  #refuse(kernel: string, why: Finding): void {
    this.#memory.kernels.set(kernel, why);
    this.#parts.notice(capital(why.sentence));
  }

  #giveUp(why: Finding): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    this.#parts.notice(capital(why.sentence));
  }

  /** Frees the device. One that is still being opened is freed when it is there. */
  close(): void {
    this.#isClosed = true;
    this.#present?.close();
  }
}

const capital = (sentence: string): string =>
  `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;

/** A text with the stop at its end that some messages have already. */
const ended = (text: string): string => `${text.replace(/\.$/, "")}.`;

const STOPPED = Symbol("stopped");

/** What some work comes to; STOPPED where it goes on for long after the signal has fired. */
async function untilStopped<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | typeof STOPPED> {
  if (signal === undefined) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort = (): void => undefined;
  const stopped = new Promise<typeof STOPPED>((resolve) => {
    onAbort = () => {
      timer = setTimeout(() => resolve(STOPPED), GRACE);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  work.catch(() => undefined); // after a stop nobody waits for it
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
