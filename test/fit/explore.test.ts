import { test } from "vitest";
import { makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/pool.ts";
import { predictRows } from "../../src/fit/predict.ts";
import { laws } from "../../src/laws/catalog.ts";
import { Normal } from "../../src/solve/normal.ts";
import { draw, problemOf } from "./fixture.ts";
test("x", async () => {
  const engine = await makeEngine({ backend: "cpu", gpu: () => Promise.resolve(undefined), pool: inlinePool(), notice: () => undefined });
  for (const [law, plan, restarts] of [
    [laws.chinchilla, {}, 32],
    [laws.mixture, { domains: 3, mixtures: 20 }, 32],
    [laws.mixtureTokens, { domains: 2 }, 32],
    [laws.simple, { domains: 2 }, 32],
    [laws.additive, { domains: 2 }, 32],
    [laws.joint, { domains: 2, mixtures: 10 }, 32],
    [laws.full, { domains: 2, mixtures: 10 }, 16],
  ] as const)
    for (const noise of [0, 3e-3]) {
      const d = draw(law, { ...plan, noise });
      const t0 = performance.now();
      const file = await engine.fit(law, d.runs, { restarts });
      const t1 = performance.now();
      const fit = file.fits[0];
      const p = problemOf(d.law, d.runs);
      const truth = new Normal(p.program, p.packed, 0, p.delta).evaluate(d.truths[0]);
      const theta = Float64Array.from(Object.values(fit.coordinates));
      const { bind } = await import("../../src/laws/define.ts");
      const b = bind(law, d.runs.domains, { signs: "positive" }, fit.center);
      const y = predictRows(b, theta, d.runs.train);
      const err = Math.sqrt(y.reduce((s, v, i) => s + (v - d.exact[0][i]) ** 2, 0) / y.length);
      console.log(
        law.name,
        noise,
        (t1 - t0).toFixed(0),
        "obj",
        fit.objective.toExponential(4),
        "truth",
        truth.toExponential(4),
        "rmse",
        err.toExponential(2),
        JSON.stringify(fit.search),
        JSON.stringify(fit.certificate),
        fit.warnings.join("; "),
      );
    }
});
