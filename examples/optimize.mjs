/** Fits a law and asks for the mixture to train on at 7B parameters, under constraints. */
import { formatOptimum, laws, openEngine, readRuns } from "mixlaw";

const engine = await openEngine();
const fit = await engine.fit(laws.additive, await readRuns("examples/runs.csv"), { restarts: 128 });

const best = await fit.optimize({
  params: 7e9,
  tokens: 150e9,
  objective: { loss_code: 2, loss_web: 1 },
  constraints: { floors: { web: 0.3 }, caps: { books: 0.1 } },
});

console.log(formatOptimum(best, "csv"));
console.log("certified:", best.certificate.certified);
for (const { constraint, perPercent } of best.active)
  console.log(`${constraint}: one more percent would gain ${perPercent.toExponential(1)}`);

await engine.close();
