/** The solve of the kernel, up to as many coordinates as are ever written out, against float64. */
import { describeGpu, gpuTest } from "../../support/gpu.ts";
import { expectRefused, expectSecondSide, expectStep, solvers } from "./solve-on-gpu.ts";

describeGpu("the damped step of more coordinates is that of float64", () => {
  gpuTest.for(solvers(19, 23, 24, 25, 33, 40, 64))(
    "%s, %i coordinates",
    ([, p, solver], { device }) => expectStep(device, p, solver),
  );

  gpuTest.for(solvers(23, 24, 33, 64))(
    "%s, %i coordinates, for a second right side",
    ([, p, solver], { device }) => expectSecondSide(device, p, solver),
  );

  gpuTest("what is not positive definite is said, 33 coordinates", ({ device }) =>
    expectRefused(device, 33),
  );
});
