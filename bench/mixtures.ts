/**
 * Monte Carlo over mixtures: the kernel's and the float64 twin's rate, and what one sample costs.
 */
import { firstOf } from "../src/base/known.ts";
import { stream } from "../src/random/rng.ts";
import type { Device } from "../src/gpu/device.ts";
import { bind } from "../src/laws/bind.ts";
import type { Law } from "../src/laws/law.ts";
import { onSimplex } from "../src/mixture/goal/law-on-simplex.ts";
import { type MonteCarlo, sampleMixtures } from "../src/mixture/sampling/montecarlo.ts";
import type { Term } from "../src/mixture/goal/surface.ts";
import type { MonteCarloCase } from "./cases.ts";
import { type Work, levelWork } from "./kernels/work.ts";

const AT = { params: 7e9, tokens: 150e9 };
const SILENT = { signal: undefined, tick: () => undefined };

/** Targets with coordinates drawn from the ranges in which fits start, for losses around 2.6. */
export function drawTerms(law: Law, domains: number, count: number): Term[] {
  const names = Array.from({ length: domains }, (_, i) => `d${i}`);
  const bound = bind(law, names, { signs: "positive" }, { params: 4e8, tokens: 9e9 });
  return Array.from({ length: count }, (_, t) => {
    const draws = stream(t, 0);
    const theta = Float64Array.from(bound.coordinates, ({ spec }, i) => {
      const [from, to] = spec.start({ min: 2, mean: 2.6, max: 3.5 }, domains);
      return from + (to - from) * draws.uniform(0, i);
    });
    return { fitted: { law: bound, theta }, weight: 1 / count };
  });
}

export interface TimedMixtures {
  readonly samples: number;
  /** Of the first call, with few samples: compiling, mostly. */
  readonly first: number;
  readonly seconds: number;
  readonly best: number | undefined;
  readonly work: Work;
}

/**
 * The law's own operations and what drawing needs: a share is −ln u by a series of 14 flops, a
 * reciprocal, a scaling and a few comparisons (8 in all); ten rounds of Philox for every four words
 * are 10 × 2 products of 32 bits in halves, about 40 integer operations a round. Integer operations
 * count as flops.
 */
function workOf(terms: readonly Term[], domains: number): Work {
  const { value } = onSimplex(firstOf(terms).fitted.law, domains).programs;
  const [once, each] = [levelWork(value, "fit"), levelWork(value, "run")];
  const words = Math.ceil((domains + 1) / 4);
  return {
    transcendentals: once.transcendentals + terms.length * each.transcendentals,
    flops: once.flops + terms.length * (each.flops + 2) + 22 * domains + 400 * words,
    loads: 0,
  };
}

export async function timeMonteCarlo(
  sampling: MonteCarloCase,
  device: Device | undefined,
  tiny: boolean,
  repeats = 3,
): Promise<TimedMixtures> {
  const domains = tiny ? 3 : sampling.domains;
  const terms = drawTerms(sampling.law, domains, tiny ? 2 : sampling.targets);
  const samples = tiny
    ? 4096
    : device === undefined
      ? Math.ceil(sampling.samples / 40)
      : sampling.samples;
  const run = async (count: number): Promise<[number, MonteCarlo]> => {
    const from = performance.now();
    const result = await sampleMixtures(
      terms,
      AT,
      domains,
      { seed: 1, samples: count },
      device,
      SILENT,
    );
    return [(performance.now() - from) / 1000, result];
  };
  const [first] = await run(4096);
  let [seconds, result] = await run(samples); // the sizes of chunks settle
  for (let again = 1; again < (tiny ? 1 : repeats); again++) {
    const next = await run(samples);
    if (next[0] < seconds) [seconds, result] = next;
  }
  return { samples, first, seconds, best: result.best[0]?.loss, work: workOf(terms, domains) };
}
