/** What an engine computes on: the GPU, opened when first needed, and the CPU. */
import { NoAdapterError } from "../base/errors.ts";
import { given } from "../base/objects.ts";
import type { Trace } from "../trace/trace.ts";
import type { AdapterReport, GpuHost, GpuProvider } from "../gpu/adapter.ts";
import type { Device } from "../gpu/device.ts";
import { Gpu } from "../gpu/gpu.ts";
import { recordDevice } from "../gpu/trace/record-device.ts";
import { MOST_COORDINATES } from "../gpu/search/kernel-source.ts";
import { cheaper, suitsFloat32 } from "./search/choose-backend.ts";
import { GpuSearcher, steadySearcher } from "./search/gpu/searcher.ts";
import type { BackendUsed } from "./result/fit-file.ts";
import { cpuSearcher, type ExpectedWork, type Pool } from "./search/pool.ts";
import type { Problem, Searcher } from "./search/problem.ts";
import { type Float64Choice, float64Choice } from "../wasm/availability.ts";
import { onFallback } from "../wasm/fallback.ts";

/** auto: whichever finishes first. webgpu: an adapter, or an error. cpu: float64 throughout. */
export const BACKENDS = ["auto", "webgpu", "cpu"] as const;
/**
 * One of `BACKENDS`. "auto": whichever finishes first. "webgpu": an adapter, or an error. "cpu":
 * float64 throughout.
 */
export type Backend = (typeof BACKENDS)[number];

/** What an engine runs on. */
export interface EngineReport {
  /** Undefined when there is no adapter; `why` then says so in a sentence with the remedy. */
  readonly adapter: AdapterReport | undefined;
  /** Why there is no adapter, with the remedy; undefined where there is one. */
  readonly why: string | undefined;
  /**
   * The name of the adapter that is there and is not used, since it computed something wrong or did
   * not answer; `why` says what.
   */
  readonly refused: string | undefined;
  /** What the adapter was found to compute right before it was used: "exp", "hashing", … */
  readonly checks: readonly string[];
  /** Worker threads for float64 work. */
  readonly threads: number;
  /** What they compute in. */
  readonly float64: {
    /** WebAssembly where it may run. */
    readonly kind: Float64Choice["kind"];
    /** Why it is JavaScript, as the end of a sentence; undefined where it is not. */
    readonly why: string | undefined;
  };
}

/** What a fit file says that a search ran on. */
export const backendUsed = ({ kind, name }: Pick<Searcher, "kind" | "name">): BackendUsed => ({
  kind,
  adapter: name,
  float64: float64Choice().kind,
});

/** What an engine is put together from. @internal */
export interface EngineParts {
  readonly backend: Backend;
  readonly gpu: GpuProvider;
  /** How to get an adapter where there is none, in a sentence; without it, how Node gets one. */
  readonly adapterRemedy?: string;
  /** How devices are waited for and let go. */
  readonly host?: GpuHost;
  readonly pool: Pool;
  /** Whether all threads may compile JavaScript. Default true. */
  readonly compiles?: boolean;
  /** Called with a sentence that a user should know about the backend. */
  readonly notice: (sentence: string) => void;
  /** Records what the engine does. */
  readonly trace?: Trace | undefined;
}

export const NODE_REMEDY =
  'On Debian or Ubuntu, "apt-get install mesa-vulkan-drivers" gives a software one (Debian 12: from bookworm-backports); "mixlaw doctor" says more.';

/**
 * Says that float64 takes longer here than it could, in a sentence.
 *
 * @param work how much of it: "Float64 work"
 */
const slowFloat64 = ({ compiles = true }: EngineParts, work: string, why: string): string =>
  compiles
    ? `${work} runs in JavaScript, where evaluations take three to five times as long as in WebAssembly: ${why}.`
    : `${work} interprets formulas, and fits take three to seven times as long as with WebAssembly: ${why}, and compiling JavaScript (there is no 'unsafe-eval' either).`;

/** @internal */
export class Backends {
  readonly #parts: EngineParts;
  readonly #gpu: Gpu;
  #isNoticed = false;
  /** Hears no more of work that falls back to JavaScript. */
  readonly #deafen: () => void;

  constructor(parts: EngineParts) {
    const {
      backend,
      gpu: provider,
      host = {},
      adapterRemedy: remedy = NODE_REMEDY,
      notice,
      trace,
    } = parts;
    this.#parts = parts;
    const record = trace && ((device: GPUDevice) => recordDevice(device, trace));
    const followed = { ...host, ...given({ record }) };
    const insists = backend === "webgpu";
    this.#gpu = new Gpu({ provider, host: followed, remedy, insists, notice, trace });
    const choice = float64Choice();
    if (choice.kind === "javascript") notice(slowFloat64(parts, "Float64 work", choice.why));
    this.#deafen = onFallback((why) => {
      this.#deafen();
      notice(slowFloat64(parts, "Some float64 work", why));
    });
  }

  /** The GPU. Rejects with NoAdapterError where there is none. */
  device(): Promise<Device> {
    return this.#gpu.device();
  }

  /** The GPU; undefined on the "cpu" backend and where "auto" finds none. */
  async gpuIfAny(): Promise<Gpu | undefined> {
    const { backend } = this.#parts;
    if (backend === "cpu") return undefined;
    try {
      await this.#gpu.deviceIfAny();
      return this.#gpu;
    } catch (error) {
      if (backend === "webgpu" || !(error instanceof NoAdapterError)) throw error;
      return undefined;
    }
  }

  /** Looks for the adapter, and asks no device of it. Where there is none, nothing is said. */
  async look(): Promise<void> {
    if (this.#parts.backend === "cpu") return;
    await this.#gpu.reportIfAny().catch((error: unknown) => {
      if (!(error instanceof NoAdapterError)) throw error;
    });
  }

  /** The searcher for some work on a problem. */
  async searcherFor(problem: Problem, work: ExpectedWork): Promise<Searcher> {
    const { backend, pool, notice } = this.#parts;
    if (backend === "cpu") return cpuSearcher(pool);
    try {
      return await this.#choose(problem, work);
    } catch (error) {
      if (backend === "webgpu" || !(error instanceof NoAdapterError)) throw error;
      if (!this.#isNoticed) notice(`${error.message} Using float64 on the CPU.`);
      this.#isNoticed = true;
      return cpuSearcher(pool);
    }
  }

  /** The GPU is opened where it is to work; the choice needs to know its adapter alone. */
  async #choose(problem: Problem, work: ExpectedWork): Promise<Searcher> {
    const gpu = this.#gpu;
    const cpu = cpuSearcher(this.#parts.pool);
    const searchers = new Map<Device, GpuSearcher>();
    const on = (device: Device): GpuSearcher => {
      const known = searchers.get(device) ?? new GpuSearcher(device, { notice: (what) => gpu.notice(what) }); // prettier-ignore
      searchers.set(device, known);
      return known;
    };
    const refused = (): Searcher => {
      const refusal = gpu.refusal(problem.title);
      return { ...cpu, faults: refusal === undefined ? [] : [refusal] };
    };
    const report = await gpu.reportIfAny();
    if (report === undefined || gpu.refusal(problem.title) !== undefined) return refused();
    const { present } = gpu;
    const isCompiled = (): boolean => present !== undefined && on(present).prepared(problem);
    if (!this.#isForGpu(problem, work, report, isCompiled)) return cpu;
    const early = await gpu.early();
    // Its kernel compiles while the canary runs. What goes wrong does so again where it is needed.
    if (early !== undefined && early !== present)
      on(early)
        .prepare(problem)
        .catch(() => undefined);
    const device = await gpu.deviceIfAny();
    return device === undefined
      ? refused()
      : steadySearcher(problem.title, gpu, device, on(device), this.#parts.pool);
  }

  /** No where float32 or the kernels do not take the problem, or "auto" expects the CPU first. */
  #isForGpu(
    problem: Problem,
    { iterations }: ExpectedWork,
    adapter: AdapterReport,
    isCompiled: () => boolean,
  ): boolean {
    const { backend, pool, notice } = this.#parts;
    const coordinates = problem.program.params;
    if (coordinates > MOST_COORDINATES) {
      if (backend === "webgpu")
        notice(
          `The law ${problem.title} has ${coordinates} parameters here, more than the GPU kernels take (${MOST_COORDINATES}): it is fitted in float64 on the CPU.`,
        );
      return false;
    }
    if (backend === "webgpu") return true;
    if (!suitsFloat32(problem)) return false;
    return !cheaper(problem, iterations, pool.threads, adapter, isCompiled()).cpu;
  }

  /** What there is. Opens the adapter if need be. */
  async describe(): Promise<EngineReport> {
    const choice = float64Choice();
    const float64 = { kind: choice.kind, why: "why" in choice ? choice.why : undefined };
    const cores = { threads: this.#parts.pool.threads, float64 };
    try {
      const checks = await this.#gpu.checks();
      const adapter = (await this.device()).report;
      return { adapter, why: undefined, refused: undefined, checks, ...cores };
    } catch (error) {
      if (!(error instanceof NoAdapterError)) throw error;
      const { message: why, refused } = error;
      return { adapter: undefined, why, refused, checks: [], ...cores };
    }
  }

  async close(): Promise<void> {
    this.#gpu.close();
    this.#deafen();
    await this.#parts.pool.close();
  }
}
