import type { TestProject } from "vitest/node";
import { type Probe, probe, remedy } from "../../scripts/adapter.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether there is a WebGPU adapter, and why not. */
    gpu: Probe;
  }
}

/**
 * Once a run: looks for an adapter and says what it found. `gpu.ts` turns that into running,
 * skipping or failing.
 */
export function setup(project: TestProject): void {
  const found = probe();
  project.provide("gpu", found);
  if (found.adapter !== undefined) console.log(`GPU tests run on ${found.adapter}`);
  else
    console.log(
      `GPU tests ${process.env["REQUIRE_GPU"] === "1" ? "fail" : "are skipped"}: ${found.why}. ${remedy}`,
    );
}
