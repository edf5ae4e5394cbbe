/** The worked examples of docs/laws.md: what is printed there is what is tested here. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evaluator64 } from "../../src/expr/float64.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { parseLawFile } from "../../src/laws/formula/law-file.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";
import { bound } from "../laws/fixture.ts";
import { ratio } from "./ratio.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/laws.md"), "utf8");
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((m) => m[1]);

test("the law in the code is the one that is printed, and a fit recovers what it was drawn from", async () => {
  const source = readFileSync(join(import.meta.dirname, "ratio.ts"), "utf8");
  const printed = blocks("ts").find((block) => block.includes('name: "ratio"'));
  // As it would stand in src/laws/catalog/scale.
  expect(printed).toBe(
    source.replaceAll("../../src/laws/", "../../").replaceAll("../../src/", "../../../"),
  );
  const { runs, exact } = draw(ratio, { noise: 1e-4, seed: 3 });
  const file = await (await cpuEngine()).fit(ratio, runs, { restarts: 64 });
  const [fit] = file.fits;
  expect(fit.search.status).toBe("converged");
  expect(fit.train.mae).toBeLessThan(1.5e-4);
  expect(exact[0].length).toBe(runs.train.rows);
  expect(() => evaluator64(residualProgram(bound(ratio, 1, "positive"), "log"))).not.toThrow();
});

test("the law file is read, and its formula has the inputs and parameters that it says", () => {
  const [yaml] = blocks("yaml");
  const law = parseLawFile(yaml, "moe.yaml");
  expect(law.name).toBe("moe");
  expect(law.uses.inputs?.map(({ name }) => name)).toEqual(["sparsity"]);
  expect(Object.keys(law.parameters({ signs: "positive" })).toSorted()).toEqual([
    "E",
    "alpha",
    "c",
    "lambda",
    "lnA",
  ]);
});

test("the formulas of the first section are laws", () => {
  const [shell] = blocks("sh");
  const formulas = [...shell.matchAll(/--law '([^']*)'/g)].map((m) =>
    m[1].replace(/^additive,/, ""),
  );
  expect(formulas.length).toBe(3);
  for (const formula of formulas)
    expect(
      lawFromFormula(formula, { name: "one", inputs: ["sparsity"] }).equation.length,
    ).toBeGreaterThan(10);
});

test("additive as a formula ends where the built-in law ends", async () => {
  const { runs } = draw(laws.additive, { domains: 3, mixtures: 12, noise: 3e-3, seed: 5 });
  const engine = await cpuEngine();
  const formula = lawFromFormula(
    "L = E + 1/sum(C[i]*h[i]^gamma[i]) + A/params^alpha + B/tokens^beta",
    { name: "typed" },
  );
  const [typed, built] = await Promise.all(
    [formula, laws.additive].map(
      async (law) => (await engine.fit(law, runs, { restarts: 64 })).fits[0].objective,
    ),
  );
  expect(typed / built).toBeCloseTo(1, 6);
});
