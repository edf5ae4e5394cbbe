/** A GPU with faults: devices that a test loses, kernels that it rewrites. */
import { openGpu } from "./gpu.ts";

/** What is wrong with it. */
export interface Faults {
  /** Every kernel's text as the driver gets it. */
  readonly rewrite?: (code: string, label: string) => string;
  /** Called with each device as it is opened, and its number from 0. */
  readonly opened?: (device: GPUDevice, number: number) => void;
  /** How many adapters there are, one a device. Default: as many as are asked for. */
  readonly adapters?: number;
  /** When an adapter, and when a device of it, comes. Default: at once. */
  readonly adapterComes?: Promise<void>;
  readonly deviceComes?: Promise<void>;
}

/** Dawn's GPU with these faults, and the devices that were opened. */
export function faultyGpu({
  rewrite = (code) => code,
  opened,
  adapters = Infinity,
  adapterComes,
  deviceComes,
}: Faults = {}): {
  readonly gpu: GPU;
  readonly devices: readonly GPUDevice[];
} {
  const devices: GPUDevice[] = [];
  const requestAdapter: GPU["requestAdapter"] = async (wanted) => {
    await adapterComes;
    const adapter = devices.length < adapters ? await openGpu().requestAdapter(wanted) : null;
    if (adapter === null) return null;
    const { features, info, limits } = adapter;
    const requestDevice: GPUAdapter["requestDevice"] = async (descriptor) => {
      await deviceComes;
      const device = await adapter.requestDevice(descriptor);
      const create = device.createShaderModule.bind(device);
      const createShaderModule: GPUDevice["createShaderModule"] = ({ code, label = "", ...rest }) =>
        create({ ...rest, label, code: rewrite(code, label) });
      Object.defineProperty(device, "createShaderModule", { value: createShaderModule });
      devices.push(device);
      opened?.(device, devices.length - 1);
      return device;
    };
    return { features, info, limits, requestDevice } as GPUAdapter;
  };
  return { gpu: { requestAdapter } as GPU, devices };
}
