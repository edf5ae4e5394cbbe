/**
 * Every end of a profile is what it is said to be, by fits from many starts with the parameter
 * fixed: one that is found has the statistic at the threshold, one that is open or a bound has it
 * below as far as was walked.
 */
import { expect } from "vitest";
import { DEFAULTS, type FitOptions } from "../../../src/options/fit-options.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import type { Fit } from "../../../src/fit/result/fit-file.ts";
import { informationAt } from "../../../src/fit/inference/information.ts";
import { poseProblem } from "../../../src/fit/search/pose-problem.ts";
import { bindToRuns } from "../../../src/fit/bind-to-runs.ts";
import { CATALOG } from "../../../src/laws/catalog/catalog.ts";
import type { Law } from "../../../src/laws/law.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

export const engine = await cpuEngine();

/**
 * The statistic's root over the threshold, a quantile of Student's t with n − p degrees of freedom,
 * of a fit with one parameter fixed.
 */
export function shareOfThreshold(law: Law, runs: Runs, options: FitOptions, fit: Fit) {
  const settings = { ...DEFAULTS, ...options };
  const bound = bindToRuns(law, runs, settings);
  const problem = poseProblem(bound, runs.train, settings);
  const theta = Float64Array.from(bound.coordinates, ({ name }) => fit.coordinates[name]);
  const { noise, quantile } = informationAt(problem, 0, theta);
  return async (name: string, value: number): Promise<number> => {
    const held = await engine.fit(law, runs, { ...options, fix: { [name]: value } });
    const rise = Math.max(0, held.fits[0].objective - fit.objective);
    return Math.sqrt((2 * runs.train.rows * rise) / noise.dispersion) / quantile;
  };
}

const few = { sizes: [1e8, 3e8, 9e8], tokens: [2e9, 8e9, 32e9] };
const mixed = { ...few, domains: 2, mixtures: 8 };

/** A law, how its runs are drawn, and the parameters that are profiled. */
type Case = readonly [law: string, plan: Parameters<typeof draw>[1], profile: readonly string[]];

export const CASES: readonly Case[] = [
  ["chinchilla", few, ["E", "A", "alpha", "B", "beta"]],
  ["kaplan", few, ["N_c", "alphaN", "D_c", "alphaD"]],
  ["mixture", { domains: 3, mixtures: 30 }, ["E", "C", "gamma"]],
  ["linear", mixed, ["pure"]],
  ["log-linear", mixed, ["E", "pure"]],
  ["data-mixing", { domains: 3, mixtures: 24 }, ["c"]],
  // five times the noise: ends are far, and other basins near
  ["chinchilla", { ...few, noise: 0.02 }, ["E", "alpha", "beta"]],
  ["additive", { ...mixed, noise: 0.02, seed: 3 }, ["E", "alpha", "gamma"]],
];

/** The same of laws whose refits take longer. */
export const SLOW_CASES: readonly Case[] = [
  ["mixture-tokens", mixed, ["E", "B", "beta", "C[d0]", "gamma[d1]"]],
  ["simple", mixed, ["E", "A", "alpha", "pure[d0]", "gamma"]],
  ["additive", mixed, ["E", "B", "beta", "C[d0]", "gamma[d1]"]],
  ["farseer", { sizes: [1e8, 2e8, 4e8, 8e8], tokens: [2e9, 8e9, 32e9], noise: 0.004 }, ["v3", "v1"]], // prettier-ignore
];

/** Expects that the ends of a case are where they are said to be. */
export async function expectEnds([name, plan, profile]: Case): Promise<void> {
  const law = CATALOG.get(name) as Law;
  const { runs } = draw(law, { noise: 0.004, ...plan });
  const options = { loss: "squared", restarts: 12 } as const;
  const [fit] = (await engine.fit(law, runs, { ...options, profile })).fits;
  expect(fit.warnings.filter((sentence) => sentence.includes("was not walked"))).toEqual([]);
  const share = shareOfThreshold(law, runs, options, fit);
  for (const [symbol, { interval, points }] of Object.entries(fit.profile ?? {})) {
    const walked = [points[0][0], points[points.length - 1][0]];
    for (const [side, end] of interval.entries()) {
      const found = end !== null && end !== walked[side];
      const value = await share(symbol, end ?? walked[side]);
      const what = `${symbol} ${end} of ${walked.join(" … ")} ${value}`;
      if (found) expect(Math.abs(value - 1), what).toBeLessThan(0.005);
      else expect(value, what).toBeLessThan(1);
    }
  }
}
