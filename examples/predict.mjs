/** Fits a law with a bootstrap and predicts a run that was never trained, with an interval. */
import { laws, openEngine, parseTable, predict, readRuns, toRuns } from "mixlaw";

const engine = await openEngine();
const file = await engine.fit(laws.additive, await readRuns("examples/runs.csv"), {
  restarts: 128,
  bootstrap: 200,
});

// Points need the columns of the law's inputs, and no losses: `targets: ""`.
const csv = "n_params,n_tokens,h_web,h_code,h_papers,h_books\n1e9,2e10,0.4,0.2,0.2,0.2\n";
const table = await parseTable(new TextEncoder().encode(csv), "csv", "points.csv");
const points = toRuns(table, { targets: "" });

for (const { target, values, band } of predict(file, points))
  console.log(
    target.padEnd(13),
    values[0].toFixed(4),
    band === undefined ? "" : `(${band.low[0].toFixed(4)} … ${band.high[0].toFixed(4)})`,
  );

await engine.close();
