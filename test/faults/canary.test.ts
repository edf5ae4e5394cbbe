/** Each kind of arithmetic computed wrong is seen by the kernel with a known answer. */
import { test } from "vitest";
import { expectSeen } from "../support/canary.ts";
import { describeGpu } from "../support/gpu.ts";

describeGpu("the canary", () => {
  test.each([
    ["division", "1.0 / x", "1.00001 / x"],
    ["log", "log(abs(x))", "log2(abs(x))"],
    ["square roots", "inverseSqrt(a * a)", "inverseSqrt(a * a + 0.001)"],
    ["loops", "var sums = array<f32, 4>();", "var sums = array<f32, 4>(last, 0.0, 0.0, 0.0);"],
    ["workgroup memory", "words[WORKGROUP - 1u - lane]", "words[lane]"],
    ["atomics", "atomicAdd(&bins[lane % BINS], lane)", "atomicStore(&bins[lane % BINS], lane)"],
    ["integers", "(lane << 8u) >> 3u", "(lane << 8u) >> 4u"],
  ])("sees %s computed wrong", expectSeen);
});
