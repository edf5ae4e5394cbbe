/**
 * The kernel with a known answer, on adapters that are right and on such that are not. Each fault
 * is a kernel that the driver compiles: the rest of them are in test/faults/canary.test.ts.
 */
import { expect, test } from "vitest";
import { Device } from "../../src/gpu/device.ts";
import { runCanary } from "../../src/gpu/canary.ts";
import { expectSeen } from "../support/canary.ts";
import { describeGpu, openGpu } from "../support/gpu.ts";

describeGpu("the canary", () => {
  test("finds a sound adapter right", async () => {
    const device = await Device.open(openGpu());
    const { right, wrong } = await runCanary(device);
    expect(wrong).toBeUndefined();
    expect(right).toEqual(expect.arrayContaining(["exp", "hashing", "workgroup memory"]));
    device.close();
  });

  test.each([
    ["exp", "exp(x)", "exp(0.9999 * x)"],
    ["hashing", "round < 10u", "round < 9u"],
    ["subgroups", "subgroupShuffle(7u * own + 1u, row)", "(7u * own + 1u)"],
  ])("sees %s computed wrong", expectSeen);
});
