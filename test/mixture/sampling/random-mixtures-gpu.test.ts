import { expect } from "vitest";
import { BUFFER_USAGE, MAP_MODE } from "../../../src/gpu/usage.ts";
import {
  packDomains,
  packRows,
  packSettings,
  packTargets,
} from "../../../src/gpu/montecarlo/mixtures-layout.ts";
import { mixturesSource } from "../../../src/gpu/montecarlo/mixtures-source.ts";
import { unroll } from "../../../src/gpu/unroll.ts";
import { additive } from "../../../src/laws/catalog/mixture/additive.ts";
import { joint } from "../../../src/laws/catalog/mixture/joint.ts";
import { lawRows } from "../../../src/mixture/sampling/montecarlo.ts";
import {
  drawsOf,
  sampler,
  type SampleOptions,
} from "../../../src/mixture/sampling/random-mixtures.ts";
import { lossesOf } from "../../../src/mixture/goal/surface.ts";
import { describeGpu, gpuTest } from "../../support/gpu.ts";
import { AT, madeUp } from "./made-up-terms.ts";

/** Sample numbers: some of the first, and some with every bit. */
const NUMBERS = Uint32Array.from({ length: 4096 }, (_, i) =>
  i < 3000 ? i : (i * 2654435761) >>> 0,
);

/** Appended to the kernel: what it draws, and what it thinks of it. */
const INSPECT = `
@group(1) @binding(0) var<storage, read> numbers: array<u32>;
@group(1) @binding(1) var<storage, read_write> seen: array<u32>;
@compute @workgroup_size(64)
fn inspect(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = id.x * (2u * K + 3u);
  draw(numbers[id.x]);
  seen[at] = word[0];
  /*unroll*/ for (var i = 0u; i < K; i++) {
    seen[at + 1u + i] = word[i + 1u];
    seen[at + K + 1u + i] = bitcast<u32>(share[i]);
  }
  seen[at + 2u * K + 1u] = bitcast<u32>(loss());
  seen[at + 2u * K + 2u] = u32(feasible());
}`;

/** The joint law where it compiles quickly. */
function lossesFor(k: number) {
  const terms = madeUp(k > 7 ? additive : joint, k, 2);
  const [fitted, weights] = [terms.map((term) => term.fitted), terms.map((term) => term.weight)];
  const losses = lossesOf(fitted, AT, k);
  return { rows: lawRows(losses, weights), value: losses.sum(weights).law };
}

/** Per sample: k + 1 words, k shares, the loss, whether it is feasible. */
async function inspect(device: GPUDevice, k: number, options: SampleOptions): Promise<Uint32Array> {
  const draws = drawsOf(k, options);
  const module = device.createShaderModule({
    code: mixturesSource(lossesFor(k).rows, draws) + unroll(INSPECT, { K: k }),
  });
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module, entryPoint: "inspect" },
  });
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = BUFFER_USAGE;
  const upload = (data: ArrayBufferView | ArrayBuffer, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({
      size: Math.max(16, data.byteLength),
      usage: usage | COPY_DST,
    });
    device.queue.writeBuffer(
      buffer,
      0,
      data instanceof ArrayBuffer ? data : Uint8Array.from(new Uint8Array(data.buffer)),
    );
    return buffer;
  };
  const size = 4 * NUMBERS.length * (2 * k + 3);
  const inputs = [
    upload(packSettings(draws, { low: 0, high: 1 }, 1, 0), UNIFORM),
    upload(packDomains(draws), STORAGE),
    upload(packRows(draws.rows), STORAGE),
  ];
  // The kernel's blocks and histogram, bindings 3 and 4, are not used here.
  const targets = {
    binding: 5,
    resource: { buffer: upload(packTargets(lossesFor(k).rows), UNIFORM) },
  };
  const [numbers, seen] = [
    upload(NUMBERS, STORAGE),
    device.createBuffer({ size, usage: STORAGE | COPY_SRC }),
  ];
  const staging = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  const entries = (buffers: readonly GPUBuffer[]) =>
    buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [...entries(inputs), targets],
    }),
  );
  pass.setBindGroup(
    1,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(1),
      entries: entries([numbers, seen]),
    }),
  );
  pass.dispatchWorkgroups(NUMBERS.length / 64);
  pass.end();
  encoder.copyBufferToBuffer(seen, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MAP_MODE.READ);
  const result = new Uint32Array(staging.getMappedRange().slice(0));
  for (const buffer of [...inputs, targets.resource.buffer, numbers, seen, staging])
    buffer.destroy();
  return result;
}

/** Options that use everything for k domains. */
const everything = (k: number): SampleOptions => ({
  seed: -7 - 2 ** 40,
  reference: Float64Array.from({ length: k }, (_, i) => (2 * (i + 1)) / (k * (k + 1))),
  shares: { sparse: 0.4, near: 0.3 },
  bounds: {
    lower: Float64Array.from({ length: k }, (_, i) => (i % 3 === 1 ? 0.2 / k : 0)),
    upper: Float64Array.from({ length: k }, (_, i) =>
      k < 3 ? 1 : i === 0 ? 0 : 1 - 0.2 * (i % 2),
    ),
  },
  rows: [{ coefficients: Float64Array.from({ length: k }, (_, i) => i / k), min: 0.05, max: 0.6 }],
});

/** The largest |a/b − 1|, with 0/0 = 1. */
const apart = (a: number, b: number): number => (a === b ? 0 : Math.abs(a / b - 1));

describeGpu("the draw in WGSL", () => {
  // From 16 domains on the words are drawn in a loop.
  gpuTest.for([1, 2, 7, 20])(
    "is that of src/mixture/sampling/random-mixtures.ts for %i domains",
    async (k, { device }) => {
      const options = everything(k);
      const draws = drawsOf(k, options);
      const from = sampler(draws);
      const { value } = lossesFor(k);
      const seen = await inspect(device, k, options);
      const floats = new Float32Array(seen.buffer);
      const h = new Float64Array(k);
      let [shareError, lossError, disagreements, feasible] = [0, 0, 0, 0];
      for (const [i, n] of NUMBERS.entries()) {
        const at = i * (2 * k + 3);
        // One assertion a sample, not one a number: expect() is slow.
        const words = seen.subarray(at, at + k + 1);
        if (!from.words(n).every((word, j) => word === words[j]))
          expect([n, ...words]).toEqual([n, ...from.words(n)]);
        from.draw(n, h);
        for (const [j, x] of h.entries())
          shareError = Math.max(shareError, apart(floats[at + k + 1 + j], x));
        lossError = Math.max(lossError, apart(floats[at + 2 * k + 1], value(h)));
        feasible += seen[at + 2 * k + 2];
        if (seen[at + 2 * k + 2] !== Number(from.feasible(h))) disagreements++;
      }
      // A logarithm by ten operations, a sum, a quotient of 2.5 ulp and a product: zeros are zeros,
      // other shares are right to some units of 2⁻²⁴.
      expect(shareError).toBeLessThan(1e-6);
      // exp(x) is right to 3 + 2|x| ulp, and |x| is up to 20 in these laws.
      expect(lossError).toBeLessThan(5e-6);
      // Only within SLACK of a limit.
      expect(disagreements).toBeLessThanOrEqual(2);
      if (k > 1) expect(feasible).toBeGreaterThan(100);
    },
  );
});
