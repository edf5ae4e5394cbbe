/** Fits a law with a bootstrap and predicts a run that was never trained, with an interval. */
import { laws, openEngine, parseTable, predict, readRuns, toRuns } from "mixlaw";

const engine = await openEngine();
const runs = await readRuns("examples/runs.csv", {
  units: "absolute",
  targets: "loss_linuxdoc,loss_anarchism",
});
const file = await engine.fit(laws.additive, runs, {
  restarts: 128,
  bootstrap: 200,
});

// Points need the columns of the law's inputs, and no losses: `targets: ""`.
const csv = "n_params,n_tokens,h_c,h_py,h_man,h_gcide,h_austen\n616416,4194304,0.2,0.4,0.3,0.1,0\n";
const table = await parseTable(new TextEncoder().encode(csv), "csv", "points.csv");
const points = toRuns(table, { targets: "", units: "absolute" });

for (const { target, values, band } of predict(file, points))
  console.log(
    target.padEnd(14),
    values[0].toFixed(4),
    band === undefined ? "" : `(${band.low[0].toFixed(4)} … ${band.high[0].toFixed(4)})`,
  );

await engine.close();
