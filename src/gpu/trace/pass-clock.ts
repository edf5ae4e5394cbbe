/**
 * How long compute passes take on the device, by its own clock. A pass writes the time at its
 * beginning and at its end. They are read after a buffer was mapped that a later command writes:
 * by then the pass is over, and the reading waits for no kernel.
 */
import type { Trace } from "../../trace/trace.ts";
import { BUFFER_USAGE, MAP_MODE } from "../usage.ts";

/** Bytes of the two times of a pass. */
const STAMPS = 16;

/** A pass that writes its times. */
export interface TimedPass {
  /** Which kernels it runs; known when it is submitted. */
  readonly kernels: ReadonlySet<string>;
  readonly queries: GPUQuerySet;
  readonly staging: GPUBuffer;
}

/** A pass under way. */
interface FlyingPass extends TimedPass {
  /** The number of its submit. */
  readonly submit: number;
}

/** A pass that is over. */
interface DonePass {
  readonly name: string;
  /** Milliseconds of the device's clock, since the first pass. */
  readonly begin: number;
  readonly end: number;
  /** When the host knew that it was over. */
  readonly known: number;
}

export class PassClock {
  readonly #device: GPUDevice;
  readonly #createBuffer: GPUDevice["createBuffer"];
  readonly #trace: Trace;
  /** Submitted, and not known to be over. */
  #flying: FlyingPass[] = [];
  #submits = 0;
  /** The last submit that writes each of the buffers that the host maps. */
  readonly #lastWrite = new WeakMap<object, number>();
  #done: DonePass[] = [];
  /** The device's first time, in nanoseconds. */
  #origin: bigint | undefined;
  /** What is added to the device's clock for the host's, at most. */
  #shift = Infinity;

  constructor(device: GPUDevice, trace: Trace) {
    this.#device = device;
    this.#createBuffer = device.createBuffer.bind(device); // as it is now: not recorded
    this.#trace = trace;
    trace.beforeReading(() => this.#place());
  }

  /** A pass that is to be timed, and what its encoding begins with. */
  timed(kernels: ReadonlySet<string>): {
    readonly pass: TimedPass;
    readonly writes: GPUComputePassTimestampWrites;
  } {
    const querySet = this.#device.createQuerySet({ type: "timestamp", count: 2 });
    const usage = BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST;
    const staging = this.#createBuffer({ size: STAMPS, usage });
    return {
      pass: { kernels, queries: querySet, staging },
      writes: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    };
  }

  /** Encodes, behind a pass, that its times go where the host reads them. */
  resolve(encoder: GPUCommandEncoder, { queries, staging }: TimedPass): void {
    const usage = BUFFER_USAGE.QUERY_RESOLVE | BUFFER_USAGE.COPY_SRC;
    const resolved = this.#createBuffer({ size: STAMPS, usage });
    encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, STAMPS);
  }

  /** Passes were submitted, and commands that write some buffers. */
  submitted(passes: readonly TimedPass[], written: Iterable<object>): void {
    const submit = ++this.#submits;
    this.#flying.push(...passes.map((pass) => ({ ...pass, submit })));
    for (const buffer of written) this.#lastWrite.set(buffer, submit);
  }

  /** A buffer was mapped: what was submitted up to its last write is over. */
  mapped(buffer: GPUBuffer): void {
    const known = this.#trace.now();
    const last = this.#lastWrite.get(buffer) ?? 0;
    const over = this.#flying.filter(({ submit }) => submit <= last);
    this.#flying = this.#flying.filter(({ submit }) => submit > last);
    for (const pass of over) this.#read(pass, known).catch(() => undefined); // the device is lost
  }

  async #read({ kernels, queries, staging }: TimedPass, known: number): Promise<void> {
    await staging.mapAsync(MAP_MODE.READ);
    const [begin = 0n, end = 0n] = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.destroy();
    queries.destroy();
    this.#origin ??= begin;
    const since = (time: bigint): number => Number(time - (this.#origin ?? 0n)) / 1e6;
    const name = [...kernels].join(", ");
    this.#done.push({ name, begin: since(begin), end: since(end), known });
  }

  /**
   * Adds the passes to the trace. Each was over before the host knew it, and for one of them that
   * was at once, nearly: so far are the clocks apart.
   */
  #place(): void {
    for (const { end, known } of this.#done) this.#shift = Math.min(this.#shift, known - end);
    for (const { name, begin, end } of this.#done)
      this.#trace.add({
        name,
        kind: "gpu",
        track: "GPU kernels",
        begin: begin + this.#shift,
        end: end + this.#shift,
      });
    this.#done = [];
  }
}
