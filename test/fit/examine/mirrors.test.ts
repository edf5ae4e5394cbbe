/** Parameters that are known but for a sign, or for which of two terms is which. */
import { afterAll, expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import { cpuEngine } from "../engines.ts";

const engine = await cpuEngine();
afterAll(() => engine.close());

/** What is said of mirrors, by the parameters concerned, sorted. */
async function mirrorsOf(formula: string, truth: (x: number) => number): Promise<string[]> {
  const lines = Array.from({ length: 40 }, (_, i) => {
    const x = 0.1 + i / 8;
    return `${x},${truth(x) + 1e-3 * Math.sin(37 * i)}`;
  });
  const table = await parseTable(
    new TextEncoder().encode(["x,y", ...lines].join("\n")),
    "csv",
    "drawn.csv",
  );
  const { law, runs } = formulaProblem(table, formula);
  const [{ verdict }] = (await engine.fit(law, runs, { loss: "squared", restarts: 32 })).fits;
  const said = verdict.findings.filter(({ code }) => code === "mirror-solution");
  expect(verdict.findings.map(({ code }) => code)).not.toContain("plateau-of-fits");
  return said.map(({ about = [] }) => about.toSorted().join()).toSorted();
}

test.each<[string, (x: number) => number, string[]]>([
  ["y = a*exp(-((x - m)/s)^2) + c", (x) => 3 * Math.exp(-(((x - 2) / 0.7) ** 2)) + 1, ["s"]],
  [
    "y = a*exp(-x/s) + b*exp(-x/t)",
    (x) => 3 * Math.exp(-x / 0.4) + 2 * Math.exp(-x / 3),
    ["a,b,s,t"],
  ],
  ["y = a*cos(w*x) + c", (x) => 3 * Math.cos(2 * x) + 1, ["w"]],
  ["y = a*sin(w*x) + c", (x) => 3 * Math.sin(2 * x) + 1, ["a,w"]],
  ["y = a*exp(-x/b) + c", (x) => 3 * Math.exp(-x) + 1, []],
  ["y = a + b*x + c*x^2", (x) => 1 + 2 * x - x * x, []],
])("%s", async (formula, truth, about) => {
  expect(await mirrorsOf(formula, truth)).toEqual(about);
});
