import { test } from "vitest";
import { cpuSearcher, inlinePool } from "../../src/fit/pool.ts";
import { laws } from "../../src/laws/catalog.ts";
import { minimize } from "../../src/solve/lm.ts";
import { Normal } from "../../src/solve/normal.ts";
import { draw, problemOf, around, quiet, HUBER } from "./fixture.ts";
test("x", async () => {
      const drawn = draw(laws.chinchilla, { noise: 3e-3 });
      for (const objective of [HUBER, { ...HUBER, loss: "squared" }, { ...HUBER, residual: "log" }, { ...HUBER, residual: "relative" }] as const) {
        const problem = problemOf(drawn.law, drawn.runs, objective);
        for (const s of around(drawn, 0.1, 4)) {
          const n = new Normal(problem.program, problem.packed, 0, problem.delta);
          const a = minimize(n, s.theta, problem.box, { iterations: 200, tolerance: 1e-6, gradient: 1e-6, newton: false });
          const b = minimize(n, a.theta, problem.box, { iterations: 500, tolerance: 1e-12, gradient: 1e-9, newton: false });
          const c = minimize(n, a.theta, problem.box, { iterations: 3000, tolerance: 1e-13, gradient: 1e-9, newton: true });
          console.log(objective, a.objective, a.iterations, a.status, "|", b.objective, b.iterations, b.status, "|", c.objective, c.iterations, c.status, [...c.theta].map(x => x.toFixed(3)).join(" "));
        }
      }
      console.log([...drawn.truths[0]].map(x => x.toFixed(3)).join(" "), drawn.runs.train.rows);
});
