/**
 * The weights of samples on the device, blocks × samples: drawn there by shaders/samples.wgsl, or
 * uploaded where they are given.
 */
import rng from "../../../shaders/lib/rng.wgsl";
import fill from "../../../shaders/samples.wgsl";
import { FRACTION, PURPOSE, type Samples, sampleWeights } from "../../random/resampling.ts";
import type { Device } from "../device.ts";
import {
  type Binding,
  declare,
  declareUniforms,
  layoutEntries,
  packUniforms,
  type Uniforms,
} from "../layout.ts";

const WORKGROUP = 64;
const LABEL = "sample weights";

const SETTINGS: Uniforms = {
  seed_low: "u32",
  seed_high: "u32",
  first: "u32",
  samples: "u32",
  blocks: "u32",
  bayesian: "u32",
};

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  { name: "sample_weights", type: "array<u32>", access: "read_write" },
];

/** What comes before shaders/samples.wgsl. */
export const prelude = (): string =>
  [
    `const WORKGROUP = ${WORKGROUP}u;\nconst PURPOSE = ${PURPOSE}u;\nconst FRACTION = ${FRACTION}u;`,
    declareUniforms("Settings", SETTINGS),
    declare(BINDINGS),
    rng,
  ].join("\n\n");

/** Bytes of the table of these samples. */
export const sampleBytes = ({ blocks, count }: Samples): number => 4 * blocks * count;

/**
 * A storage buffer with the weight of block b in sample s at b·count + s. The caller destroys it.
 */
export async function uploadSamples(device: Device, samples: Samples): Promise<GPUBuffer> {
  const { source, blocks, count } = samples;
  const buffer = await device.checked(LABEL, (gpu) =>
    gpu.createBuffer({
      size: Math.max(16, sampleBytes(samples)),
      usage: 0x80 | 0x4 | 0x8 /* STORAGE | COPY_SRC | COPY_DST */,
    }),
  );
  if (source.kind !== "bootstrap") {
    const table = new Uint32Array(blocks * count);
    for (let s = 0; s < count; s++)
      for (const [block, w] of sampleWeights(samples, s).entries()) table[block * count + s] = w;
    await device.checked(LABEL, (gpu) => gpu.queue.writeBuffer(buffer, 0, table));
    return buffer;
  }
  const pipeline = await device.pipeline(
    LABEL,
    `${prelude()}\n\n${fill}`,
    "fill",
    layoutEntries(BINDINGS),
  );
  const settings = packUniforms(SETTINGS, {
    seed_low: source.seed >>> 0,
    seed_high: Math.floor(source.seed / 2 ** 32) >>> 0,
    first: source.first,
    samples: count,
    blocks,
    bayesian: source.scheme === "bayesian" ? 1 : 0,
  });
  await device.checked(LABEL, (gpu) => {
    const uniform = gpu.createBuffer({
      size: settings.byteLength,
      usage: 0x40 | 0x8 /* UNIFORM | COPY_DST */,
    });
    gpu.queue.writeBuffer(uniform, 0, settings);
    const entries = [uniform, buffer].map((one, binding) => ({
      binding,
      resource: { buffer: one },
    }));
    const group = gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(count / WORKGROUP));
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    uniform.destroy(); // after its last use in the queue
  });
  return buffer;
}
