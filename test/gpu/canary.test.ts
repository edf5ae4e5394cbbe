/** The kernel with a known answer, on adapters that are right and on such that are not. */
import { expect, test } from "vitest";
import { Device } from "../../src/gpu/device.ts";
import { runCanary } from "../../src/gpu/canary.ts";
import { describeGpu, openGpu } from "../support/gpu.ts";
import { faultyGpu } from "../support/faulty-gpu.ts";

describeGpu("the canary", () => {
  test("finds a sound adapter right, in a moment", async () => {
    const device = await Device.open(openGpu());
    const began = performance.now();
    const { right, wrong } = await runCanary(device);
    console.log(performance.now() - began);
    const again = performance.now();
    await runCanary(device);
    console.log(performance.now() - again);
    expect(wrong).toBeUndefined();
    expect(right).toContain("exp");
    device.close();
  });

  test.each([
    ["division", "1.0 / x", "1.00001 / x"],
    ["exp", "exp(x)", "exp(0.9999 * x)"],
    ["log", "log(abs(x))", "log2(abs(x))"],
    ["square roots", "inverseSqrt(a * a)", "inverseSqrt(a * a + 0.001)"],
    ["loops", "var sums = array<f32, 4>();", "var sums = array<f32, 4>(last, 0.0, 0.0, 0.0);"],
    ["hashing", "round < 10u", "round < 9u"],
    ["workgroup memory", "words[WORKGROUP - 1u - lane]", "words[lane]"],
    ["atomics", "atomicAdd(&bins[lane % BINS], lane)", "atomicStore(&bins[lane % BINS], lane)"],
    ["integers", "(lane << 8u) >> 3u", "(lane << 8u) >> 4u"],
    ["subgroups", "subgroupShuffle(7u * own + 1u, row)", "(7u * own + 1u)"],
  ])("sees %s computed wrong", async (name, from, to) => {
    const device = await Device.open(faultyGpu({ rewrite: (code) => code.replace(from, to) }).gpu);
    const { right, wrong } = await runCanary(device);
    expect(wrong).toMatch(new RegExp(`^${name} wrong: .* it gives .*, and .* is right$`));
    expect(right).not.toContain(name);
    device.close();
  });
});
