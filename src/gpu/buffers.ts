/** Buffers for a kernel's bindings, and the dispatch of a kernel on them. */
import { type Access, type Binding, type Bound, groupEntries } from "./layout.ts";
import { BUFFER_USAGE } from "./usage.ts";

const { COPY_DST, COPY_SRC, MAP_READ, STORAGE, UNIFORM } = BUFFER_USAGE;

/** The host fills all of them, and reads back what kernels write. */
const USAGE: Readonly<Record<Access, number>> = {
  uniform: UNIFORM | COPY_DST,
  read: STORAGE | COPY_DST,
  read_write: STORAGE | COPY_SRC | COPY_DST,
};

/** Bytes of the smallest buffer: an empty one cannot be bound. */
const LEAST = 16;

/** Contents of a buffer, or the bytes of one that begins with zeros. */
export type Contents = number | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** Buffers for some of a kernel's bindings, by name. */
export function createBuffers<Name extends string>(
  gpu: GPUDevice,
  bindings: readonly Binding[],
  contents: Readonly<Record<Name, Contents>>,
): Record<Name, GPUBuffer> {
  const buffers = Object.entries<Contents>(contents).map(([name, content]) => {
    const binding = bindings.find(({ name: known }) => known === name);
    if (binding === undefined) throw new Error(`there is no binding ${name}`);
    const bytes = typeof content === "number" ? content : content.byteLength;
    const buffer = gpu.createBuffer({ size: Math.max(LEAST, bytes), usage: USAGE[binding.access] });
    if (typeof content !== "number") gpu.queue.writeBuffer(buffer, 0, content);
    return [name, buffer];
  });
  return Object.fromEntries(buffers) as Record<Name, GPUBuffer>;
}

/** A buffer through which the host reads others; see `Device.read`. */
export const stagingBuffer = (gpu: GPUDevice, bytes: number): GPUBuffer =>
  gpu.createBuffer({ size: Math.max(LEAST, bytes), usage: MAP_READ | COPY_DST });

/** Asking for one makes another: a search binds thousands of groups. */
const layouts = new WeakMap<GPUComputePipeline, GPUBindGroupLayout>();

function layoutOf(pipeline: GPUComputePipeline): GPUBindGroupLayout {
  const layout = layouts.get(pipeline) ?? pipeline.getBindGroupLayout(0);
  layouts.set(pipeline, layout);
  return layout;
}

/** A pipeline's buffers, by name. */
export const bindGroup = (
  gpu: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: readonly Binding[],
  buffers: Readonly<Record<string, Bound>>,
): GPUBindGroup =>
  gpu.createBindGroup({
    layout: layoutOf(pipeline),
    entries: groupEntries(bindings, buffers),
  });

/** Submits one compute pass of a pipeline; `dispatches` binds groups and dispatches workgroups. */
export function submitPass(
  gpu: GPUDevice,
  pipeline: GPUComputePipeline,
  dispatches: (pass: GPUComputePassEncoder) => void,
): void {
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  dispatches(pass);
  pass.end();
  gpu.queue.submit([encoder.finish()]);
}
