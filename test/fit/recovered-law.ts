/**
 * A law of the catalog on runs that are simulated from it: what `mixlaw simulate --law NAME` writes
 * and `mixlaw fit --law NAME` reads.
 */
import { expect } from "vitest";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Design } from "../../src/simulate/run-design.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { predict } from "../../src/fit/predict.ts";
import type { Law } from "../../src/laws/law.ts";
import { cpuEngine } from "./engines.ts";

const SIGMA = 0.005;
const engine = await cpuEngine();

/** Runs of the law and, for the same truth, without noise. */
async function simulated(
  law: Law,
  targets: readonly string[],
): Promise<{ noisy: Runs; exact: Runs }> {
  const domains = law.uses.weights ? ["web", "code", "books"] : [];
  const truth = drawTruth(law, domains, targets, {
    signs: "positive",
    seed: 1,
    noise: { kind: "lognormal", sigma: SIGMA },
  });
  const others = (law.uses.inputs ?? []).length > 0;
  const design: Design = {
    domains,
    targets,
    sizes: law.uses.params ? [2e7, 6e7, 2e8, 7e8] : [1e8],
    tokens: { perParam: 20, checkpoints: law.uses.tokens ? (others ? 3 : 5) : 1 },
    mixtures: law.uses.params || law.uses.tokens ? 12 : 60,
  };
  const read = async (noise: number): Promise<Runs> => {
    const { columns, rows } = simulate(
      law,
      { ...truth, noise: { kind: "lognormal", sigma: noise } },
      design,
    );
    const text = `${columns.join()}\n${rows.map((row) => row.join()).join("\n")}\n`;
    const { params, tokens, weights, inputs = [] } = law.uses;
    const need = { params, tokens, weights, inputs: inputs.map((input) => input.name) };
    return toRuns(await parseTable(new TextEncoder().encode(text), "csv", "simulated.csv"), {
      need,
    });
  };
  return { noisy: await read(SIGMA), exact: await read(0) };
}

/** Expects that predictions of a fit to simulated runs come back to the noise, for each target. */
export async function expectRecovered(law: Law, ...targets: readonly string[]): Promise<void> {
  const { noisy, exact } = await simulated(law, targets);
  const file = await engine.fit(law, noisy, { restarts: 8 });
  expect(file.fits.map((fit) => [fit.law, fit.target])).toEqual(
    noisy.targets.map((target) => [law.name, target]),
  );
  for (const [t, { values }] of predict(file, noisy).entries()) {
    const p = Object.keys(file.fits[t].coordinates).length;
    const n = values.length;
    const truth = exact.train.losses[t];
    const distance = Math.sqrt(
      values.reduce((sum, v, row) => sum + (v / truth[row] - 1) ** 2, 0) / n,
    );
    // p of n degrees of freedom are fitted: √(p/n) of the noise, times 1.25 for the L1-like Huber
    // loss, and half as much again for a scatter of draws.
    expect(distance, file.fits[t].target).toBeLessThan(1.9 * SIGMA * Math.sqrt(p / n));
  }
}
