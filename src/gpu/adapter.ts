/** Adapters: where they come from, what WebGPU says of them, and what a host does for devices. */
import type { Rest } from "./patience.ts";

/**
 * How to get a `GPU` object: Dawn's in Node, `navigator.gpu` in a page. The engine never looks for
 * one itself.
 * @internal
 */
export type GpuProvider = () => Promise<GPU | undefined>;

/** How devices are waited for and let go, where that is not the same everywhere. @internal */
export interface GpuHost {
  /** How to wait for a software adapter, where the event loop polls it. */
  readonly rest?: Rest;
  /**
   * Takes a device of which work may never end; `calls` resolves when what it was asked has been
   * answered, kernels that compile included. Default: it is destroyed, which is right where nobody
   * waits for its work, as in a page.
   */
  readonly letGo?: (device: GPUDevice, calls: Promise<unknown>) => void;
  /**
   * Records what a device does from its opening on. The device then has timestamps where the
   * adapter offers them. Default: nothing is recorded.
   */
  readonly record?: (device: GPUDevice) => void;
}

/** What WebGPU says of an adapter. */
export interface AdapterReport {
  /** Its name, or what is known of it in place of one: "google swiftshader". */
  readonly description: string;
  /** Who made it. */
  readonly vendor: string;
  /** Its family; empty where that is not known. */
  readonly architecture: string;
  /** A CPU pretending to be a GPU. */
  readonly software: boolean;
  /** WebGPU's limits by name, in bytes and counts. */
  readonly limits: Readonly<Record<string, number>>;
}

const SOFTWARE = /llvmpipe|lavapipe|swiftshader|software|basic render/i;

/** The report of an adapter. @internal */
export function reportOf(adapter: GPUAdapter): AdapterReport {
  const { info, limits } = adapter;
  const { vendor, architecture } = info;
  // Browsers tell no more than "google" and "swiftshader", or "nvidia" and "ampere".
  const family = [vendor, architecture].filter((word) => word !== "").join(" ");
  const description = info.description || info.device || family || "unnamed adapter";
  return {
    description,
    vendor,
    architecture,
    software:
      info.isFallbackAdapter || SOFTWARE.test(`${description} ${architecture} ${info.device}`),
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  };
}
