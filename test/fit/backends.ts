/** The two searchers, for suites that hold both to the same. */
import { describe } from "vitest";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { cpuSearcher, inlinePool } from "../../src/fit/search/pool.ts";
import type { Searcher } from "../../src/fit/search/problem.ts";
import type { AdapterReport } from "../../src/gpu/adapter.ts";
import { Device } from "../../src/gpu/device.ts";
import { rest } from "../../src/node/sleep.ts";
import { openDevice } from "../support/gpu.ts";

type Suite = (title: string, body: () => void) => void;

export interface Backend {
  readonly kind: "cpu" | "webgpu";
  readonly suite: Suite;
  readonly open: () => Promise<Searcher>;
}

export const REPORT: AdapterReport = {
  description: "the test's device",
  vendor: "",
  architecture: "",
  software: true,
  limits: {},
};

let wrapped: { readonly own: GPUDevice; readonly device: Device } | undefined;

/** The file's shared device, wrapped once: its compiled kernels are kept. */
export async function sharedDevice(): Promise<Device> {
  const own = await openDevice();
  if (wrapped?.own !== own) wrapped = { own, device: new Device(own, REPORT, { rest }) };
  return wrapped.device;
}

/**
 * Both, the GPU's suites made by `describeGpu`: the file that passes it imports it itself, which is
 * how GPU tests are told from others.
 */
export const backends = (describeGpu: Suite): readonly Backend[] => [
  {
    kind: "cpu",
    suite: (title, body) => void describe(title, body),
    open: () => Promise.resolve(cpuSearcher(inlinePool())),
  },
  { kind: "webgpu", suite: describeGpu, open: async () => new GpuSearcher(await sharedDevice()) },
];
