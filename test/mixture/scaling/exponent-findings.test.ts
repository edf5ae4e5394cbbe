/** What is said of exponents, and intervals without a bootstrap. */
import { expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { Law } from "../../../src/laws/law.ts";
import { optimizeSizes } from "../../../src/mixture/sizes/choose-sizes.ts";
import { cpuEngine } from "../../fit/engines.ts";

const engine = await cpuEngine();
const COMPUTES = [1e18, 1e19, 1e20, 1e21];
const FACTORS = [0.2, 0.4, 0.7, 1.2, 2.2, 4];

/** Runs on isoFLOP lines of a known law, or at 20 tokens a parameter. */
async function fitted(
  law: Law,
  loss: (n: number, d: number) => number,
  lines = true,
): Promise<FitFile> {
  const runs = COMPUTES.flatMap((c) =>
    FACTORS.map((factor) => {
      const n = factor * Math.sqrt(c / 120);
      return [n, lines ? c / (6 * n) : 20 * n] as const;
    }),
  );
  const rows = runs.map(([n, d], i) => [n, d, loss(n, d) * (1 + 0.001 * Math.sin(7 * i))].join());
  const text = `n_params,n_tokens,loss_a\n${rows.join("\n")}\n`;
  const table = await parseTable(new TextEncoder().encode(text), "csv", "runs.csv");
  return engine.fit(law, toRuns(table), { restarts: 16, loss: "squared" });
}

const codesOf = (file: FitFile): string[] =>
  optimizeSizes(file, { flops: 1e20 }).verdict.findings.map(({ code }) => code);

const truth = (n: number, d: number): number => 1.7 + 406 / n ** 0.34 + 411 / d ** 0.28;

test("a right law: exponents by both, with an interval of the covariance, and nothing to beware of", async () => {
  const file = await fitted(laws.chinchilla, truth);
  const { exponents } = optimizeSizes(file, { flops: 1e20 });
  const [low, high] = exponents.interval?.params ?? [NaN, NaN];
  const exact = 0.28 / 0.62;
  expect(exponents.interval?.from).toBe("covariance");
  expect(low).toBeLessThan(exact);
  expect(high).toBeGreaterThan(exact);
  expect(high - low).toBeLessThan(0.1);
  expect(Math.abs((exponents.isoflop?.params ?? NaN) - exact)).toBeLessThan(0.05);
  const codes = codesOf(file);
  expect(codes).not.toContain("exponents-of-poor-fit");
  expect(codes).not.toContain("exponents-disagree");
  expect(codes).not.toContain("no-isoflop-groups");
  expect(optimizeSizes(file, { flops: 1e20, intervals: false }).exponents.interval).toBeNull();
});

test("a wrong law is called one, and contradicts the parabolas", async () => {
  const file = await fitted(laws.chinchilla, (n, d) => truth(n, d) + 0.02 * (Math.log(n) - 0.75 * Math.log(d)) ** 2); // prettier-ignore
  const codes = codesOf(file);
  const { findings } = optimizeSizes(file, { flops: 1e20, intervals: false }).verdict;
  expect(findings.find(({ code }) => code === "exponents-disagree")?.sentence).toMatch(
    /exponent of N, 0\.\d+, lies outside of the interval of the isoFLOP parabolas' one/,
  );
  expect(codes).toContain("exponents-of-poor-fit");
  expect(codes).toContain("exponents-disagree");
});

test("runs of one ratio form no isoFLOP groups, nor do rows that were not kept", async () => {
  const file = await fitted(laws.chinchilla, truth, false);
  expect(optimizeSizes(file, { flops: 1e20 }).exponents.isoflop).toBeNull();
  expect(codesOf(file)).toContain("no-isoflop-groups");
  const { rows: _, ...without } = file;
  const { findings } = optimizeSizes(without, { flops: 1e20 }).verdict;
  expect(findings.find(({ code }) => code === "no-isoflop-groups")?.sentence).toMatch(
    /keeps no rows/,
  );
});
