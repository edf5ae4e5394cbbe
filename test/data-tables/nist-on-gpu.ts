/** NIST's reference problems searched in float32 on the GPU. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import { fitReference, referenceProblem } from "../../src/formula-tables/nist-reference.ts";
import { parseNist } from "../../src/formula-tables/nist-file.ts";
import { openGpu } from "../support/gpu.ts";
import { FORMULAS } from "../support/nist.ts";

/** Tests of problems from random starts; `read` gives the bytes of a problem's file. */
export function solveNist(names: readonly string[], read: (name: string) => Uint8Array): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await makeEngine({
      backend: "webgpu",
      gpu: () => Promise.resolve(openGpu()),
      pool: inlinePool(),
      notice: () => undefined,
    });
  });
  afterAll(() => engine.close());

  test.each(names)("%s", async (name) => {
    const problem = referenceProblem(
      parseNist(read(name), `${name}.dat`),
      FORMULAS[name] ?? "y = b1*(1-exp(-b2*x))",
    );
    const { digits, deviationDigits, fit } = await fitReference(
      problem,
      "random",
      (law, runs, options) => engine.fit(law, runs, options),
    );
    expect(digits).toBeGreaterThanOrEqual(7);
    expect(deviationDigits).toBeGreaterThanOrEqual(5);
    expect(fit.search.reachedBest + fit.search.hops.reachedBest).toBeGreaterThan(1);
  });
}
