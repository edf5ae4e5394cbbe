/**
 * The weights of samples on the device, blocks × samples: drawn there by shaders/samples.wgsl, or
 * uploaded where they are given.
 */
import rng from "../../../shaders/lib/rng.wgsl";
import fill from "../../../shaders/samples.wgsl";
import { FRACTION, PURPOSE, type Samples, sampleWeights } from "../../random/resampling.ts";
import { halves } from "../../random/rng.ts";
import { bindGroup, createBuffers, submitPass } from "../buffers.ts";
import type { Device } from "../device.ts";
import { type Binding, declare, type Fields, layoutEntries, packUniforms } from "../layout.ts";

const WORKGROUP = 64;
const LABEL = "sample weights";

const SETTINGS = {
  seed_low: "u32",
  seed_high: "u32",
  first: "u32",
  samples: "u32",
  blocks: "u32",
  bayesian: "u32",
} as const satisfies Fields;

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  { name: "sample_weights", type: "array<u32>", access: "read_write" },
];

type Bootstrap = Extract<Samples["source"], { readonly kind: "bootstrap" }>;

/** What comes before shaders/samples.wgsl. */
export const prelude = (): string =>
  [declare({ WORKGROUP, PURPOSE, FRACTION }, SETTINGS, BINDINGS), rng].join("\n\n");

/** Bytes of the table of these samples. */
export const sampleBytes = ({ blocks, count }: Samples): number => 4 * blocks * count;

/**
 * A storage buffer with the weight of block b in sample s at b·count + s. The caller destroys it.
 */
export async function uploadSamples(device: Device, samples: Samples): Promise<GPUBuffer> {
  const { source } = samples;
  const contents = source.kind === "bootstrap" ? sampleBytes(samples) : weightsOf(samples);
  const { sample_weights } = await device.checked(LABEL, (gpu) =>
    createBuffers(gpu, BINDINGS, { sample_weights: contents }),
  );
  if (source.kind === "bootstrap") await drawWeights(device, samples, source, sample_weights);
  return sample_weights;
}

/** The table of weights, made here. */
function weightsOf(samples: Samples): Uint32Array<ArrayBuffer> {
  const { blocks, count } = samples;
  const table = new Uint32Array(blocks * count);
  for (let s = 0; s < count; s++)
    for (const [block, weight] of sampleWeights(samples, s).entries())
      table[block * count + s] = weight;
  return table;
}

/** Fills the table of weights on the device. */
async function drawWeights(
  device: Device,
  { count, blocks }: Samples,
  { seed, first, scheme }: Bootstrap,
  sample_weights: GPUBuffer,
): Promise<void> {
  const code = `${prelude()}\n\n${fill}`;
  const pipeline = await device.pipeline(LABEL, code, "fill", layoutEntries(BINDINGS));
  const [seed_low, seed_high] = halves(seed);
  const bayesian = scheme === "bayesian" ? 1 : 0;
  await device.checked(LABEL, (gpu) => {
    const { settings } = createBuffers(gpu, BINDINGS, {
      settings: packUniforms(SETTINGS, { seed_low, seed_high, first, samples: count, blocks, bayesian }),
    }); // prettier-ignore
    submitPass(gpu, pipeline, (pass) => {
      pass.setBindGroup(0, bindGroup(gpu, pipeline, BINDINGS, { settings, sample_weights }));
      pass.dispatchWorkgroups(Math.ceil(count / WORKGROUP));
    });
    settings.destroy(); // after its last use in the queue
  });
}
