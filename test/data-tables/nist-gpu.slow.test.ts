/** NIST's reference problems on the GPU: parameters from 1e-9 to 1e3 side by side. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeData } from "../support/data.ts";
import { describeGpu } from "../support/gpu.ts";
import { solveNist } from "./nist-on-gpu.ts";

describeData("nist", "six problems", (folder) =>
  describeGpu("from random starts on the GPU", () =>
    solveNist(["Misra1a", "Hahn1", "Kirby2", "Nelson", "MGH17", "Gauss2"], (name) =>
      readFileSync(join(folder, `${name}.dat`)),
    ),
  ),
);
