/** Runs a WGSL function over a list of inputs: out[i] = body(i). */

/** A text that several tests run on a device is compiled once: that takes seconds. */
const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

async function pipelineOf(device: GPUDevice, code: string): Promise<GPUComputePipeline> {
  const known = pipelines.get(device) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(device, known);
  const pipeline =
    known.get(code) ??
    (await device.createComputePipelineAsync({
      layout: "auto",
      compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
    }));
  known.set(code, pipeline);
  return pipeline;
}

/**
 * The body's result for each row of `inputs`; `body` is WGSL that returns a `vec4<u32>` from `x:
 * vec4<u32>`.
 */
export async function mapOnGpu(
  device: GPUDevice,
  library: string,
  body: string,
  inputs: Uint32Array<ArrayBuffer>,
): Promise<Uint32Array> {
  const code = `
@group(0) @binding(0) var<storage, read> inputs: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> outputs: array<vec4<u32>>;
${library}
fn apply(x: vec4<u32>) -> vec4<u32> {
  ${body}
}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&inputs)) {
    outputs[id.x] = apply(inputs[id.x]);
  }
}`;
  const size = inputs.byteLength;
  const buffer = (usage: number): GPUBuffer => device.createBuffer({ size, usage });
  const source = buffer(GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
  const result = buffer(GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
  const staging = buffer(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  device.queue.writeBuffer(source, 0, inputs);
  const pipeline = await pipelineOf(device, code);
  const entries = [source, result].map((bound, binding) => ({
    binding,
    resource: { buffer: bound },
  }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(size / 16 / 64));
  pass.end();
  encoder.copyBufferToBuffer(result, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(staging.getMappedRange().slice(0));
  for (const used of [source, result, staging]) used.destroy();
  return words;
}
