/**
 * NIST's reference problems searched in float32 on the GPU: parameters from 1e-9 to 1e3 side by
 * side.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseNist } from "../../src/formula-tables/nist-file.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import { fitReference, referenceProblem } from "../../src/formula-tables/nist-reference.ts";
import { sharedData } from "../support/data.ts";
import { describeGpu, openGpu } from "../support/gpu.ts";
import { BOXBOD, FORMULAS } from "../support/nist.ts";

const folder = sharedData("nist");
if (folder === undefined)
  console.log(
    "skipped: NIST's problems on the GPU need nist (set MIXLAW_DATA to the folder that has it); BoxBOD alone is run",
  );
const names =
  folder === undefined ? [] : ["Misra1a", "Hahn1", "Kirby2", "Nelson", "MGH17", "Gauss2"];

describeGpu("from random starts on the GPU", () => {
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

  test.each(["BoxBOD", ...names])("%s", async (name) => {
    const bytes =
      name === "BoxBOD"
        ? new TextEncoder().encode(BOXBOD)
        : readFileSync(join(folder ?? "", `${name}.dat`));
    const reference = parseNist(bytes, `${name}.dat`);
    const problem = referenceProblem(reference, FORMULAS[name] ?? "y = b1*(1-exp(-b2*x))");
    const { digits, deviationDigits, fit } = await fitReference(
      problem,
      "random",
      (law, runs, options) => engine.fit(law, runs, options),
    );
    expect(digits).toBeGreaterThanOrEqual(7);
    expect(deviationDigits).toBeGreaterThanOrEqual(5);
    expect(fit.search.reachedBest + fit.search.hops.reachedBest).toBeGreaterThan(1);
  });
});
