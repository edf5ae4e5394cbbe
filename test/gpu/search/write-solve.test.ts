/** The solve of the kernel, written out in one block and in two, and as loops, against float64. */
import { expect } from "vitest";
import solveLoop from "../../../shaders/lib/solve.wgsl";
import { solveSource } from "../../../src/gpu/search/write-solve.ts";
import { describeGpu, gpuTest } from "../../support/gpu.ts";
import { expectSecondSide, expectStep, onGpu, system } from "./solve-on-gpu.ts";

const written = (p: number): string => solveSource(p, () => true);

/** Each size written out and in loops. */
const solvers = (...sizes: readonly number[]) =>
  sizes.flatMap((p) => [
    ["written out", p, written(p)] as const,
    ["in loops", p, solveLoop] as const,
  ]);

describeGpu("the damped step is that of float64", () => {
  gpuTest.for(solvers(1, 2, 5, 19, 23, 24, 25, 33, 40))(
    "%s, %i coordinates",
    ([, p, solver], { device }) => expectStep(device, p, solver),
  );

  gpuTest.for(solvers(5, 23, 24, 33))(
    "%s, %i coordinates, for a second right side",
    ([, p, solver], { device }) => expectSecondSide(device, p, solver),
  );

  gpuTest.for([5, 33])(
    "what is not positive definite is said, %i coordinates",
    async (p, { device }) => {
      for (const at of [0, p - 1]) {
        const posed = system(p);
        posed.H[(at * (at + 3)) / 2] = -1e3;
        const { positive } = await onGpu(
          device,
          { ...posed, pins: posed.pins.fill(NaN) },
          written(p),
        );
        expect(positive, `coordinate ${at}`).toBe(false);
      }
    },
  );
});
