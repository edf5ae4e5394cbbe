/** Fits two laws to a table of runs and prints how well each predicts the runs that were held out. */
import { laws, openEngine, readRuns } from "mixlaw";

const runs = await readRuns("examples/runs.csv", {
  units: "absolute", // models this small look as if they were counted in thousands
  targets: "loss_linuxdoc,loss_anarchism",
  test: "n_params > 5e5",
});
const engine = await openEngine(); // WebGPU, or float64 on the CPU where there is no adapter

const file = await engine.fit([laws.additive, laws.joint], runs, { restarts: 128, seed: 1 });

for (const { law, target, objective, test, search } of file.fits)
  console.log(
    law.padEnd(8),
    target.padEnd(14),
    `objective ${objective.toExponential(3)}`,
    `held-out error ${test?.mrePercent.toFixed(2)} %`,
    `${search.reachedBest} of ${search.starts} starts agree`,
  );

await engine.close(); // the engine may hold a GPU device and worker threads
