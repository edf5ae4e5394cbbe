/** Search kernels of many domains compile too. */
import { bindings } from "../laws/fixture.ts";
import { describeGpu, gpuTest } from "../support/gpu.ts";
import { expectSearchKernels } from "./compiled-kernels.ts";

describeGpu("search kernels of 64 domains compile without a single message", () => {
  // WGSL arrays have fewer than 65 536 elements: the matrix of the full law with 64 domains has
  // more, and no GPU form.
  const fits = bindings(64).filter(([, law]) => (law.size * (law.size + 1)) / 2 < 65536);
  gpuTest.for(fits)("%s", ([, law], { device }) => expectSearchKernels(device, law));
});
