/** The engine's public face; see `openEngine`. */
import type { Runs } from "../data/runs.ts";
import type { Law } from "../laws/define.ts";
import type { FitOptions } from "../options.ts";
import type { FitFile } from "./result.ts";

export type Backend = "auto" | "webgpu" | "cpu";

export interface Engine {
  /** Fits every law to every target. Rejects with AbortedError (its `partial` a FitFile or undefined) when `signal` fires. */
  fit(laws: Law | readonly Law[], runs: Runs, options?: FitOptions): Promise<FitFile>;
  /** What the engine runs on. */
  describe(): Promise<EngineReport>;
  close(): Promise<void>;
}

export interface EngineReport {
  /** Undefined when there is no adapter; `why` then says so in a sentence with the remedy. */
  readonly adapter: { readonly description: string; readonly vendor: string; readonly architecture: string; readonly software: boolean; readonly limits: Readonly<Record<string, number>> } | undefined;
  readonly why: string | undefined;
  readonly threads: number;
}
