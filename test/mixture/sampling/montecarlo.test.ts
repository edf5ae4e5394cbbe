import { describe, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import { BLOCK } from "../../../src/gpu/montecarlo/draws.ts";
import { additive } from "../../../src/laws/catalog/mixture/additive.ts";
import { chinchilla } from "../../../src/laws/catalog/scale/chinchilla.ts";
import { mixture } from "../../../src/laws/catalog/mixture/mixture.ts";
import {
  type MonteCarlo,
  type MonteCarloOptions,
  sampleMixtures,
} from "../../../src/mixture/sampling/montecarlo.ts";
import { drawsOf, sampler } from "../../../src/mixture/sampling/random-mixtures.ts";
import { surface, type Term } from "../../../src/mixture/goal/surface.ts";
import { AT, madeUp } from "./made-up-terms.ts";

const quiet = { signal: undefined, tick: () => undefined };
const here = (
  terms: readonly Term[],
  k: number,
  options: Partial<MonteCarloOptions>,
): Promise<MonteCarlo> =>
  sampleMixtures(terms, AT, k, { seed: 2, samples: 20_000, ...options }, undefined, quiet);
const total = (counts: Float64Array): number => counts.reduce((a, b) => a + b, 0);

describe("without a GPU", () => {
  const terms = madeUp(additive, 5, 3);
  const bounds = { lower: [0, 0.05, 0, 0, 0], upper: [0.3, 1, 1, 0.4, 1] };

  test("finds the best of its samples, and counts all", async () => {
    const found = await here(terms, 5, { bounds, keep: 3 });
    const from = sampler(drawsOf(5, { seed: 2, bounds }));
    const exact = surface(terms, AT, 5);
    const h = new Float64Array(5);
    let [feasible, best, index, worst] = [0, Infinity, -1, -Infinity];
    const beyond = { first: 0, median: 0 };
    const { edges, counts } = found.histogram;
    for (let n = 0; n < found.samples; n++) {
      from.draw(n, h);
      if (!from.feasible(h)) continue;
      feasible++;
      const value = exact.law(h);
      if (value < best) [best, index] = [value, n];
      worst = Math.max(worst, value);
      if (value < edges[1]) beyond.first++;
      if (value < edges[64]) beyond.median++;
    }
    expect(found).toMatchObject({ samples: 20_000, feasible });
    expect(found.best[0]).toMatchObject({ index, loss: best });
    expect(edges[0]).toBe(best);
    expect(edges[edges.length - 1]).toBeGreaterThanOrEqual(worst);
    expect(total(counts)).toBe(feasible);
    // Up to the rounding of an edge.
    expect(Math.abs(counts[0] - beyond.first)).toBeLessThanOrEqual(1);
    expect(Math.abs(total(counts.subarray(0, 64)) - beyond.median)).toBeLessThanOrEqual(1);
    expect([...edges]).toEqual([...edges].sort((a, b) => a - b));
  });

  test("keeps distinct mixtures in order", async () => {
    const { best } = await here(terms, 5, { keep: 4 });
    expect(best).toHaveLength(4);
    expect(best.map((b) => b.loss)).toEqual(best.map((b) => b.loss).sort((a, b) => a - b));
    expect(new Set(best.map((b) => Math.floor(b.index / BLOCK))).size).toBe(4);
    for (const { h } of best)
      expect(best.filter((b) => b.h.every((x, i) => Math.abs(x - h[i]) < 1e-3))).toHaveLength(1);
  });

  test("one domain has one mixture", async () => {
    const { best, feasible, histogram } = await here(madeUp(mixture, 1, 1), 1, { samples: 5000 });
    expect(best.map(({ h }) => [...h])).toEqual([[1]]);
    expect(feasible).toBe(5000);
    expect(total(histogram.counts)).toBe(5000);
  });

  test("a law without shares is the same everywhere", async () => {
    const { best, histogram } = await here(madeUp(chinchilla, 3, 1), 3, { samples: 100 });
    expect(total(histogram.counts)).toBe(100);
    expect(best[0].index).toBe(0);
  });

  test("nothing feasible gives nothing", async () => {
    const rows = [{ coefficients: [1, 1, 1, 1, 1], min: 2, max: 3 }];
    const { best, feasible, histogram } = await here(terms, 5, { rows, samples: 5000 });
    expect([best.length, feasible, total(histogram.counts)]).toEqual([0, 0, 0]);
  });

  test.each([0, 1.5, -3, 2 ** 32, NaN])("%d samples are refused", async (samples) => {
    await expect(here(terms, 5, { samples })).rejects.toThrow(RangeError);
  });

  test("an abort ends it, with what was done", async () => {
    const control = new AbortController();
    const ticks: number[] = [];
    const tick = (done: number): void => {
      ticks.push(done);
      control.abort();
    };
    const options = { seed: 2, samples: 1e7 };
    const error: unknown = await sampleMixtures(terms, AT, 5, options, undefined, {
      signal: control.signal,
      tick,
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AbortedError);
    const { partial } = error as AbortedError<MonteCarlo>;
    expect(ticks).toHaveLength(1);
    expect(partial?.samples).toBe(Math.round((ticks[0] * 1e7) / BLOCK) * BLOCK || undefined);
    expect(await here(terms, 5, { samples: partial?.samples })).toMatchObject({
      feasible: partial?.feasible,
      best: partial?.best,
    });
  });
});
