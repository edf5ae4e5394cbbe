/** The kernel with a known answer, on an adapter that computes something wrong. */
import { expect } from "vitest";
import { runCanary } from "../../src/gpu/canary.ts";
import { Device } from "../../src/gpu/device.ts";
import { faultyGpu } from "./faulty-gpu.ts";

/** Expects that the check `name` fails where `to` stands in place of the WGSL `from`. */
export async function expectSeen(name: string, from: string, to: string): Promise<void> {
  const device = await Device.open(faultyGpu({ rewrite: (code) => code.replace(from, to) }).gpu);
  const { right, wrong } = await runCanary(device);
  expect(wrong).toMatch(new RegExp(`^${name} wrong: .* it gives .*, and .* is right$`));
  expect(right).not.toContain(name);
  device.close();
}
