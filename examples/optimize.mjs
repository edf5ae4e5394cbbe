/** Fits a law and asks for the mixture to train on of a larger model, under constraints. */
import { formatOptimum, laws, openEngine, readRuns } from "mixlaw";

const engine = await openEngine();
const runs = await readRuns("examples/runs.csv", { units: "absolute" });
const fit = await engine.fit(laws.additive, runs, { restarts: 128 });

const best = await fit.optimize({
  params: 616416,
  tokens: 4194304,
  units: "absolute",
  objective: { loss_linuxdoc: 2, loss_anarchism: 1 },
  constraints: { floors: { c: 0.3 }, caps: { man: 0.2, austen: 0.1 } },
});

console.log(formatOptimum(best, "csv"));
console.log("certified:", best.certificate.certified);
for (const { constraint, perPercent } of best.active)
  console.log(`${constraint}: one more percent would gain ${perPercent.toExponential(1)}`);

await engine.close();
