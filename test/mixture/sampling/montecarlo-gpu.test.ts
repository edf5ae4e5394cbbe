import { afterAll, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import { Device } from "../../../src/gpu/device.ts";
import { BLOCK, type Draws } from "../../../src/gpu/montecarlo/draws.ts";
import { runMixtures, type Tally } from "../../../src/gpu/montecarlo/run-mixtures.ts";
import { additive } from "../../../src/laws/catalog/mixture/additive.ts";
import type { Law } from "../../../src/laws/law.ts";
import { joint } from "../../../src/laws/catalog/mixture/joint.ts";
import {
  type MonteCarlo,
  type MonteCarloOptions,
  lawRows,
  sampleMixtures,
  tallyHere,
} from "../../../src/mixture/sampling/montecarlo.ts";
import { drawsOf, sampler } from "../../../src/mixture/sampling/random-mixtures.ts";
import { lossesOf } from "../../../src/mixture/goal/surface.ts";
import { describeGpu, openGpu } from "../../support/gpu.ts";
import { AT, madeUp } from "./made-up-terms.ts";

/**
 * Relative error of a loss in float32: measured 5e-7, and each backend's exp may differ by some
 * ulp.
 */
const TOLERANCE = 5e-6;

const quiet = { signal: undefined, tick: () => undefined };
const total = (counts: Float64Array): number => counts.reduce((a, b) => a + b, 0);

let opened: Promise<Device> | undefined;
const open = (): Promise<Device> => (opened ??= Device.open(openGpu()));
afterAll(async () => (await opened)?.close());

type Case = readonly [
  name: string,
  law: Law,
  k: number,
  samples: number,
  options: Partial<MonteCarloOptions>,
];
const CASES: readonly Case[] = [
  ["additive, k = 1", additive, 1, 1e4, {}],
  ["additive, k = 2", additive, 2, 1e5, {}],
  ["additive, k = 7", additive, 7, 1e5, { reference: [0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1] }],
  ["joint, k = 7", joint, 7, 3e4, {}],
  ["additive, k = 64", additive, 64, 1e4, {}],
  [
    "additive, k = 7, constrained",
    additive,
    7,
    1e5,
    {
      reference: [0, 0.2, 0.4, 0.1, 0.1, 0.1, 0.1],
      bounds: { lower: [0, 0, 0.05, 0, 0.1, 0, 0], upper: [1, 0.3, 1, 0.4, 0.1, 1, 0.35] },
      rows: [
        { coefficients: [1, 1, 0, 0, 0, 0, 0], min: 0.1, max: 0.5 },
        { coefficients: [0, 0, 1, -1, 0, 0, 0], min: 0, max: Infinity },
      ],
    },
  ],
];

/** Feasible samples so near a limit that float32 may see them on the other side. */
function borderline(draws: Draws, samples: number): number {
  const from = sampler(draws);
  const h = new Float64Array(draws.lower.length);
  let count = 0;
  for (let n = 0; n < samples; n++) {
    from.draw(n, h);
    const gaps = [...h].flatMap((x, i) =>
      draws.pinned[i] === 1 ? [] : [x - draws.lower[i], draws.upper[i] - x],
    );
    for (const { coefficients, min, max } of draws.rows) {
      const sum = h.reduce((a, x, i) => a + coefficients[i] * x, 0);
      gaps.push(sum - min, max - sum);
    }
    if (gaps.some((gap) => gap !== 0 && Math.abs(gap) < 2e-6)) count++;
  }
  return count;
}

describeGpu("Monte Carlo on the GPU", () => {
  test.for(CASES)("%s: agrees with the float64 twin", async ([, law, k, samples, options]) => {
    const terms = madeUp(law, k, k > 7 ? 1 : 3);
    const run = (device: Device | undefined): Promise<MonteCarlo> =>
      sampleMixtures(terms, AT, k, { seed: 11, samples, ...options }, device, quiet);
    const [there, here] = [await run(await open()), await run(undefined)];
    expect(there.samples).toBe(samples);
    const constrained = options.bounds !== undefined;
    const near = constrained ? borderline(drawsOf(k, { seed: 11, ...options }), samples) : 0;
    expect(near).toBeLessThan(samples / 1000);
    expect(Math.abs(there.feasible - here.feasible)).toBeLessThanOrEqual(near);
    if (constrained) expect(here.feasible).toBeLessThan(0.9 * samples);
    expect(here.feasible).toBeGreaterThan(0.05 * samples);
    // The best in float64 is the best; float32 may take another that is as good to its accuracy.
    expect(there.best[0].loss).toBeGreaterThanOrEqual(here.best[0].loss);
    expect(there.best[0].loss).toBeLessThanOrEqual(here.best[0].loss * (1 + 2 * TOLERANCE));
    if (there.best[0].index === here.best[0].index) expect(there.best[0]).toEqual(here.best[0]);

    expect(total(there.histogram.counts)).toBe(there.feasible);
    const [edges, counts] = [here.histogram.edges, here.histogram.counts];
    expect([...there.histogram.edges.subarray(1, -1)]).toEqual([...edges.subarray(1, -1)]);
    // A sample changes its interval only if it is within the tolerance of an edge: that share of an
    // interval, and 5 standard errors of it.
    const share = Math.min(1, (2 * TOLERANCE * Math.abs(edges[2])) / (edges[2] - edges[1]));
    const moved =
      counts.reduce((sum, c, i) => sum + Math.abs(c - there.histogram.counts[i]), 0) / 2;
    if (k > 1)
      expect(moved).toBeLessThanOrEqual(share * samples + 5 * Math.sqrt(share * samples) + near);
  });

  const draws = drawsOf(7, { seed: 4 });
  const terms = madeUp(additive, 7, 2);
  const weights = terms.map(({ weight }) => weight);
  const losses = lossesOf(
    terms.map(({ fitted }) => fitted),
    AT,
    7,
  );
  const rows = lawRows(losses, weights);
  const range = { low: 2, high: 4 };

  test("losses are those of the float64 twin, block by block", async () => {
    const there = await runMixtures(await open(), rows, draws, range, 10 * BLOCK + 17, quiet);
    const here = await tallyHere(losses.sum(weights).law, draws, range, 10 * BLOCK + 17, quiet);
    expect(there.feasible).toEqual(here.feasible);
    expect(there.feasible.at(-1)).toBe(17);
    for (const which of ["best", "worst"] as const) {
      for (const [b, loss] of here[which].entries())
        expect(Math.abs(there[which][b] / loss - 1)).toBeLessThan(TOLERANCE);
    }
  });

  test("nothing depends on the chunks", async () => {
    const run = async (most?: number): Promise<Tally> =>
      runMixtures(
        await open(),
        rows,
        draws,
        range,
        50 * BLOCK - 100,
        quiet,
        ...(most === undefined ? [] : [most]),
      );
    const whole = await run();
    expect(await run(1)).toEqual(whole);
    expect(await run(7)).toEqual(whole);
  });

  test("an abort ends it between chunks, with what was done", async () => {
    const device = await open();
    const control = new AbortController();
    const ticks: number[] = [];
    const tick = (done: number): void => {
      ticks.push(done);
      control.abort();
    };
    const options = { seed: 4, samples: 4e9 };
    const error: unknown = await sampleMixtures(madeUp(additive, 7, 2), AT, 7, options, device, {
      signal: control.signal,
      tick,
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AbortedError);
    const { partial } = error as AbortedError<MonteCarlo>;
    const samples = partial?.samples ?? 0;
    expect(ticks.length).toBeLessThanOrEqual(2); // the one that aborts, and the one under way
    expect(samples).toBeGreaterThan(0);
    expect(samples % BLOCK).toBe(0);
    const again = await sampleMixtures(
      madeUp(additive, 7, 2),
      AT,
      7,
      { seed: 4, samples },
      device,
      quiet,
    );
    expect(again).toEqual(partial);
  });

  test("an abort before the start does nothing", async () => {
    const { samples, counts } = await runMixtures(await open(), rows, draws, range, 1e6, {
      signal: AbortSignal.abort(),
      tick: () => undefined,
    });
    expect([samples, total(counts)]).toEqual([0, 0]);
  });
});
