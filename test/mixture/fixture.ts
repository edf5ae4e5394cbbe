/** Laws with drawn coordinates, for tests of the mixture room. */
import { stream } from "../../src/random/rng.ts";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { bind } from "../../src/laws/bind.ts";
import type { Law } from "../../src/laws/law.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import type { ConstraintRequest } from "../../src/mixture/constraints/constraint-kinds.ts";
import { type Region, regionOf } from "../../src/mixture/constraints/region.ts";
import type { TargetLoss } from "../../src/mixture/goal/goal.ts";
import { settingOf } from "../../src/mixture/problem/pose-problem.ts";
import { DEFAULTS } from "../../src/options/fit-options.ts";
import { VERSION } from "../../src/base/version.ts";
import { namesOf } from "../laws/fixture.ts";
import { UNSEARCHED } from "../support/unsearched-fit.ts";

export const AT = { params: 7e9, tokens: 1.5e11 } as const;

const SCALE = { min: 2, mean: 3, max: 4 } as const;

export function lawOf(name: string): Law {
  const law = CATALOG.get(name);
  if (law === undefined) throw new Error(`no law ${name}`);
  return law;
}

/**
 * Losses of `targets` targets over k domains, their coordinates uniform in the law's start ranges.
 */
export function drawLosses(
  name: string,
  k: number,
  targets: number,
  seed: number,
  unbound: Law = lawOf(name),
): TargetLoss[] {
  const domains = Array.from({ length: k }, (_, i) => `d${i}`);
  const law = bind(unbound, domains, { signs: "positive" }, { params: 1e9, tokens: 2e10 });
  const draws = stream(seed, 7001);
  return Array.from({ length: targets }, (_, t) => ({
    target: `loss_${t}`,
    law: name,
    weight: 1 / targets,
    fitted: {
      law,
      theta: Float64Array.from(law.coordinates, ({ spec }, i) => {
        const [low, high] = spec.start(SCALE, k);
        return low + (high - low) * draws.uniform(t, i);
      }),
    },
  }));
}

/** A mixture from uniform spacings. */
export function drawMixture(k: number, seed: number, n: number): Float64Array {
  const draws = stream(seed, 7002);
  const h = Float64Array.from({ length: k }, (_, i) => -Math.log(draws.uniform(n, i)));
  const sum = h.reduce((a, b) => a + b, 0);
  return h.map((x) => x / sum);
}

export const total = (h: Float64Array): number => h.reduce((a, b) => a + b, 0);

/**
 * A fit file with these losses' fits: what optimize needs of one, and placeholders for what it does
 * not read.
 */
export function fileOf(
  losses: readonly TargetLoss[],
  trained: readonly (readonly number[])[] = [],
): FitFile {
  const { law } = losses[0].fitted;
  return {
    schema: "mixlaw/fit@2",
    version: VERSION,
    data: {
      source: "drawn", sha256: "", rows: 1, testRows: 0, domains: law.domains, dropped: [], notes: [],
      range: { params: { min: 1e8, max: 1e9 }, tokens: { min: 1e9, max: 1e11 } },
      coverage: { sizes: 2, tokenCounts: 2, tokensPerParam: { min: 1, max: 1000 }, correlation: 0 },
      mixtures: trained.map((weights) => ({ weights, runs: 1 })),
    }, // prettier-ignore
    settings: DEFAULTS,
    backend: { kind: "cpu", adapter: "" },
    fits: losses.map(({ target, fitted }) => ({
      law: law.law.name,
      target,
      formula: law.law.equation,
      objective: 0,
      parameters: {},
      fixed: {},
      tied: {},
      units: { params: 1, tokens: 1 },
      coordinates: Object.fromEntries(namesOf(law).map((name, i) => [name, fitted.theta[i]])),
      center: law.units,
      ...UNSEARCHED,
      residualSd: 1,
    })),
    timing: {},
  };
}

/** The region that constraints leave of the mixtures of k domains, d0 and so on. */
export const regionFor = (
  k: number,
  request: ConstraintRequest = {},
  {
    reference = new Float64Array(k).fill(1 / k),
    tokens,
  }: { readonly reference?: Float64Array; readonly tokens?: number } = {},
): Region => {
  const domains = Array.from({ length: k }, (_, i) => `d${i}`);
  return regionOf(request, settingOf([], AT, { space: { domains }, reference, tokens }));
};
