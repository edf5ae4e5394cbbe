/** Fits a law that the catalog does not have, typed as a formula. */
import { lawFromFormula, openEngine, readRuns } from "mixlaw";

// Names that are no inputs are parameters: A and B get positive scales, alpha and beta exponents.
const law = lawFromFormula("L = E + A/params^alpha + B/tokens^beta + sum(w[i]*h[i]^2)");

const engine = await openEngine();
const runs = await readRuns("examples/runs.csv", {
  units: "absolute",
  targets: "loss_linuxdoc,loss_anarchism",
});
const file = await engine.fit(law, runs, { restarts: 128 });

for (const { target, parameters, train } of file.fits)
  console.log(target, `error ${train.mrePercent.toFixed(2)} %`, JSON.stringify(parameters));

await engine.close();
