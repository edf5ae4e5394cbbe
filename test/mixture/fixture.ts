/** Laws with drawn coordinates, for tests of the mixture room. */
import { stream } from "../../src/data/rng.ts";
import { CATALOG } from "../../src/laws/catalog.ts";
import { bind, type Law } from "../../src/laws/define.ts";
import type { TargetLoss } from "../../src/mixture/goal.ts";

export const AT = { params: 7e9, tokens: 1.5e11 } as const;

const SCALE = { min: 2, mean: 3, max: 4 } as const;

export function lawOf(name: string): Law {
  const law = CATALOG.get(name);
  if (law === undefined) throw new Error(`no law ${name}`);
  return law;
}

/** Losses of `targets` targets over k domains, their coordinates uniform in the law's start ranges. */
export function drawLosses(name: string, k: number, targets: number, seed: number): TargetLoss[] {
  const domains = Array.from({ length: k }, (_, i) => `d${i}`);
  const law = bind(lawOf(name), domains, { signs: "positive" }, { params: 1e9, tokens: 2e10 });
  const draws = stream(seed, 7001);
  return Array.from({ length: targets }, (_, t) => ({
    target: `loss_${t}`,
    law: name,
    weight: 1 / targets,
    fitted: {
      law,
      theta: Float64Array.from(law.specs, (spec, i) => {
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
