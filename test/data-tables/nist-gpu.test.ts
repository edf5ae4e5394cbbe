/** A reference problem of NIST on the GPU; nist-gpu.slow.test.ts has more of them. */
import { describeGpu } from "../support/gpu.ts";
import { BOXBOD } from "../support/nist.ts";
import { solveNist } from "./nist-on-gpu.ts";

describeGpu("from random starts on the GPU", () =>
  solveNist(["BoxBOD"], () => new TextEncoder().encode(BOXBOD)),
);
