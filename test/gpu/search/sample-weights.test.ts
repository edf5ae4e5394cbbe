import { expect } from "vitest";
import { type Samples, sampleWeights } from "../../../src/random/resampling.ts";
import { stagingBuffer } from "../../../src/gpu/buffers.ts";
import { Device } from "../../../src/gpu/device.ts";
import { sampleBytes, uploadSamples } from "../../../src/gpu/search/sample-weights.ts";
import { describeGpu, gpuTest, openGpu } from "../../support/gpu.ts";

async function onDevice(samples: Samples): Promise<number[]> {
  const device = await Device.open(openGpu());
  const buffer = await uploadSamples(device, samples);
  const size = sampleBytes(samples);
  const staging = await device.checked("staging", (gpu) => stagingBuffer(gpu, size));
  const table = [...new Uint32Array(await device.read("weights", buffer, staging, size))];
  device.close();
  return table;
}

const inTypeScript = (samples: Samples): number[] => {
  const each = Array.from({ length: samples.count }, (_, s) => sampleWeights(samples, s));
  return Array.from({ length: samples.blocks }, (_, block) =>
    each.map((weights) => weights[block]),
  ).flat();
};

describeGpu("sample weights on the device are TypeScript's, bit for bit", () => {
  const cases = (["multinomial", "bayesian"] as const).flatMap((scheme) =>
    [1, 7, 61, 240].flatMap((blocks) =>
      [1, -12345678901].map((seed) => ({ scheme, blocks, seed })),
    ),
  );
  gpuTest.for(cases)("$scheme, $blocks blocks, seed $seed", async ({ scheme, blocks, seed }) => {
    // Below, at and above a workgroup's 64, and from a first sample that is not 0.
    for (const [count, first] of [[1, 0], [64, 3], [130, 100_000]] as const) {
      const samples: Samples = { count, blocks, blockOf: new Int32Array(), source: { kind: "bootstrap", scheme, seed, first } };
      expect(await onDevice(samples)).toEqual(inTypeScript(samples));
    }
  }); // prettier-ignore

  gpuTest("given ones", async () => {
    const weights = Uint32Array.from({ length: 6 }, (_, i) => i * 1000);
    const samples: Samples = {
      count: 2,
      blocks: 3,
      blockOf: new Int32Array(),
      source: { kind: "given", weights },
    };
    expect(await onDevice(samples)).toEqual([0, 3000, 1000, 4000, 2000, 5000]);
  });
});
