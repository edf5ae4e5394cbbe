import { expect } from "vitest";
import rng from "../../shaders/lib/rng.wgsl";
import { philox, stream, uniform01 } from "../../src/random/rng.ts";
import { mapOnGpu } from "../expr/compute.ts";
import { describeGpu, gpuTest } from "../support/gpu.ts";

const KEY = [0x9abcdef0, 0x12345678] as const;

describeGpu("shaders/lib/rng.wgsl", () => {
  const draws = stream(99, 3);
  const edges = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
  const counters = Array.from({ length: 256 }, (_, i) =>
    i < 64
      ? [edges[i % 8], edges[i >> 3], edges[(i + 3) % 8], edges[(i >> 3) ^ 5]]
      : [0, 1, 2, 3].map((lane) => draws.word(i, lane)),
  );
  const inputs = new Uint32Array(counters.flat());

  gpuTest("philox gives the words of src/random/rng.ts", async ({ device }) => {
    const words = await mapOnGpu(
      device,
      rng,
      `return philox(vec2<u32>(${KEY.map((k) => `${k}u`).join(", ")}), x);`,
      inputs,
    );
    expect([...words]).toEqual(counters.flatMap(([a, b, c, d]) => philox(...KEY, a, b, c, d)));
  });

  gpuTest("a key made of data, too", async ({ device }) => {
    const words = await mapOnGpu(device, rng, "return philox(x.xy, x.zwxy);", inputs);
    expect([...words]).toEqual(counters.flatMap(([a, b, c, d]) => philox(a, b, c, d, a, b)));
  });

  gpuTest("uniform01 gives the same float32 numbers", async ({ device }) => {
    const body =
      "return vec4<u32>(bitcast<u32>(uniform01(x.x)), bitcast<u32>(uniform01(x.y)), bitcast<u32>(uniform01(x.z)), bitcast<u32>(uniform01(x.w)));";
    const words = await mapOnGpu(device, rng, body, inputs);
    expect([...new Float32Array(words.buffer)]).toEqual([...inputs].map(uniform01));
  });
});
