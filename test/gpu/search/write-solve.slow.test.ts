/** The solve of the kernel, of as many coordinates as are ever written out, against float64. */
import solveLoop from "../../../shaders/lib/solve.wgsl";
import { solveSource } from "../../../src/gpu/search/write-solve.ts";
import { describeGpu, gpuTest } from "../../support/gpu.ts";
import { expectSecondSide, expectStep } from "./solve-on-gpu.ts";

const solvers = [
  ["written out", solveSource(64, () => true)],
  ["in loops", solveLoop],
] as const;

describeGpu("the damped step of 64 coordinates is that of float64", () => {
  gpuTest.for(solvers)("%s", ([, solver], { device }) => expectStep(device, 64, solver));

  gpuTest.for(solvers)("%s, for a second right side", ([, solver], { device }) =>
    expectSecondSide(device, 64, solver),
  );
});
