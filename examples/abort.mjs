/**
 * Stops a fit half-way and keeps what was found by then. Here the fit stops itself when it comes to
 * the joint law; Ctrl-C or a button would call `abort` as well.
 */
import { AbortedError, laws, openEngine, readRuns } from "mixlaw";

const engine = await openEngine();
const stop = new AbortController();

try {
  const targets = "loss_linuxdoc,loss_anarchism";
  const runs = await readRuns("examples/runs.csv", { units: "absolute", targets });
  await engine.fit([laws.additive, laws.joint], runs, {
    restarts: 128,
    signal: stop.signal,
    onProgress: ({ law }) => {
      if (law === "joint") stop.abort();
    },
  });
} catch (error) {
  if (!(error instanceof AbortedError)) throw error; // other errors are not ours to swallow
  // `partial` is a fit file; it is undefined when nothing was found yet.
  for (const { law, target, objective, search } of error.partial?.fits ?? [])
    console.log(law, target, objective.toExponential(3), search.status);
} finally {
  await engine.close();
}
