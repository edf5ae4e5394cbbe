/**
 * The solve of the kernel, written out in one block and in two, and as loops, against float64: of
 * few coordinates, and of the fewest that are written in two blocks. A software adapter compiles
 * it for seconds: write-solve.slow.test.ts has more of them.
 */
import { describeGpu, gpuTest } from "../../support/gpu.ts";
import { expectRefused, expectSecondSide, expectStep, solvers, written } from "./solve-on-gpu.ts";

/** From 24 coordinates on there are two blocks. */
const TWO_BLOCKS = ["written out", 24, written(24)] as const;

describeGpu("the damped step is that of float64", () => {
  gpuTest.for([...solvers(1, 2, 5), TWO_BLOCKS])(
    "%s, %i coordinates",
    ([, p, solver], { device }) => expectStep(device, p, solver),
  );

  gpuTest.for([...solvers(5), TWO_BLOCKS])(
    "%s, %i coordinates, for a second right side",
    ([, p, solver], { device }) => expectSecondSide(device, p, solver),
  );

  gpuTest.for([5, 24])("what is not positive definite is said, %i coordinates", (p, { device }) =>
    expectRefused(device, p),
  );
});
