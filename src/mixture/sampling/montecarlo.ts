/**
 * Millions of random mixtures: the best of them, and how the losses are spread. On a GPU in
 * float32, without one in float64 in this thread; the samples are the same, and the best ones are
 * drawn and evaluated again in float64.
 */
import type { Watch } from "../../base/watch.ts";
import { AbortedError } from "../../base/errors.ts";
import { Pauses } from "../../base/pauses.ts";
import type { Device } from "../../gpu/device.ts";
import {
  BINS,
  BLOCK,
  type Draws,
  type LawRows,
  MOST_SAMPLES,
  type Range,
} from "../../gpu/montecarlo/draws.ts";
import { runMixtures, type Tally } from "../../gpu/montecarlo/run-mixtures.ts";
import { drawsOf, type SampleOptions, sampler } from "./random-mixtures.ts";
import { type Losses, lossesOf, type Scale, type Term } from "../goal/surface.ts";

export interface MonteCarlo {
  /** Mixtures drawn. */
  readonly samples: number;
  /** How many of them satisfy bounds and rows. On a GPU, to a millionth of a share. */
  readonly feasible: number;
  /**
   * Feasible mixtures in order of loss, in nats: the best of all, then the best of other blocks of
   * 4096 samples, each at least 0.001 away in some share.
   */
  readonly best: readonly {
    readonly index: number;
    readonly h: Float64Array;
    readonly loss: number;
  }[];
  /**
   * Losses of the feasible mixtures: counts[i] lie between edges[i] and edges[i + 1]. Equal
   * intervals but for the outermost, which reach as far as losses do.
   */
  readonly histogram: { readonly edges: Float64Array; readonly counts: Float64Array };
}

export interface MonteCarloOptions extends SampleOptions {
  /** Default 10⁷ on a GPU, 2·10⁵ without. */
  readonly samples?: number | undefined;
  /** How many of the best. Default 8. */
  readonly keep?: number | undefined;
}

/** Samples that set the range of the histogram. */
const PILOT = 256;
/** Mixtures closer than this in every share are one. */
const APART = 1e-3;

/**
 * Evaluates Σ w·L (`surface(…).law`) at random mixtures. The result is a function of the arguments,
 * whatever the device, up to float32 rounding of `feasible` and the counts. Throws RangeError for
 * options that cannot be drawn from, AbortedError with what was done so far when the signal fires.
 * @example (await sampleMixtures(terms, { params: 7e9, tokens: 150e9 }, 7, { seed: 1 }, device,
 *   watch)).best[0].h
 */
export async function sampleMixtures(
  terms: readonly Term[],
  at: Scale,
  domains: number,
  options: MonteCarloOptions,
  device: Device | undefined,
  watch: Watch,
): Promise<MonteCarlo> {
  const samples = options.samples ?? (device === undefined ? 2e5 : 1e7);
  if (!Number.isInteger(samples) || samples < 1 || samples > MOST_SAMPLES)
    throw new RangeError(`samples must be an integer from 1 to ${MOST_SAMPLES}, got ${samples}`);
  const draws = drawsOf(domains, options);
  const weights = terms.map(({ weight }) => weight);
  const losses = lossesOf(
    terms.map(({ fitted }) => fitted),
    at,
    domains,
  );
  const value = losses.sum(weights).law;
  const range = rangeOf(value, draws);
  const tally =
    device === undefined
      ? await tallyHere(value, draws, range, samples, watch)
      : await runMixtures(device, lawRows(losses, weights), draws, range, samples, watch);
  const result = summarize(tally, draws, range, value, options.keep ?? 8);
  if (watch.signal?.aborted === true && tally.samples < samples) throw new AbortedError(result);
  return result;
}

/** What the kernel reads of some losses. */
export const lawRows = ({ blocks }: Losses, weights: readonly number[]): LawRows[] =>
  blocks.map(({ law, targets, rows }) => ({
    program: law.programs.value,
    table: rows,
    weights: targets.map((t) => weights[t]),
  }));

type Value = (h: Float64Array) => number;

/**
 * From the smallest loss of the pilot samples to the largest but 1 %, since far corners may have
 * losses that would leave one interval for all others.
 */
function rangeOf(value: Value, draws: Draws): Range {
  const from = sampler(draws);
  const h = new Float64Array(draws.lower.length);
  const [all, feasible]: [number[], number[]] = [[], []];
  for (let n = 0; n < PILOT; n++) {
    from.draw(n, h);
    const loss = value(h);
    if (!Number.isFinite(loss)) continue;
    all.push(loss);
    if (from.feasible(h)) feasible.push(loss);
  }
  const losses = Float64Array.from(feasible.length >= 16 ? feasible : all).sort();
  const low = losses[0] ?? 0;
  return {
    low,
    high: Math.max(
      losses[Math.floor(0.99 * (losses.length - 1))] ?? 1,
      low + 1e-6 * Math.max(1, Math.abs(low)),
    ),
  };
}

/** The float64 twin of shaders/mixtures.wgsl. */
export async function tallyHere(
  value: Value,
  draws: Draws,
  { low, high }: Range,
  samples: number,
  watch: Watch,
): Promise<Tally> {
  const from = sampler(draws);
  const h = new Float64Array(draws.lower.length);
  const blocks = Math.ceil(samples / BLOCK);
  const [best, index, worst, feasible] = [Infinity, -1, -Infinity, 0].map((initial) =>
    new Float64Array(blocks).fill(initial),
  );
  const counts = new Float64Array(BINS);
  const scale = BINS / (high - low);
  let done = 0;
  const pauses = new Pauses();
  for (; done < blocks && watch.signal?.aborted !== true; done++) {
    for (let n = done * BLOCK; n < Math.min(samples, (done + 1) * BLOCK); n++) {
      from.draw(n, h);
      if (!from.feasible(h)) continue;
      const raw = value(h);
      const loss = Number.isFinite(raw) ? raw : Infinity;
      if (loss < best[done]) {
        best[done] = loss;
        index[done] = n;
      }
      worst[done] = Math.max(worst[done], loss);
      feasible[done]++;
      counts[Math.floor(Math.min(Math.max((loss - low) * scale, 0), BINS - 1))]++;
    }
    if (!pauses.isDue()) continue;
    watch.tick((done + 1) / blocks);
    await pauses.take();
  }
  return { samples: Math.min(samples, done * BLOCK), counts, best, index, worst, feasible };
}

/** A mixture that was drawn. */
type Sample = MonteCarlo["best"][number];

function summarize(
  tally: Tally,
  draws: Draws,
  range: Range,
  value: Value,
  keep: number,
): MonteCarlo {
  const blocks = [...tally.feasible.keys()].filter((b) => tally.feasible[b] > 0);
  const ranked = bestOfBlocks(blocks, tally, draws, value, keep);
  const edges = Float64Array.from(
    { length: BINS + 1 },
    (_, i) => range.low + (i * (range.high - range.low)) / BINS,
  );
  const least = blocks.reduce((a, b) => Math.min(a, tally.best[b]), ranked[0]?.loss ?? Infinity);
  const greatest = blocks.reduce((a, b) => Math.max(a, tally.worst[b]), -Infinity);
  edges[0] = Math.min(edges[0], least);
  edges[BINS] = Math.max(edges[BINS], greatest);
  return {
    samples: tally.samples,
    feasible: tally.feasible.reduce((a, b) => a + b, 0),
    best: apart(ranked, keep),
    histogram: { edges, counts: tally.counts },
  };
}

/** The best mixtures of the best blocks, drawn and evaluated again in float64, in order of loss. */
function bestOfBlocks(
  blocks: readonly number[],
  tally: Tally,
  draws: Draws,
  value: Value,
  keep: number,
): Sample[] {
  const from = sampler(draws);
  return (
    blocks
      // A block whose losses all overflow has no best.
      .filter((b) => tally.index[b] >= 0 && tally.index[b] < tally.samples)
      .toSorted((a, b) => tally.best[a] - tally.best[b] || a - b)
      // float32 cannot tell near ties: a few more than are wanted are evaluated again.
      .slice(0, Math.max(64, 8 * keep))
      .map((b) => {
        const h = new Float64Array(draws.lower.length);
        from.draw(tally.index[b], h);
        return { index: tally.index[b], h, loss: value(h) };
      })
      .filter(({ h, loss }) => Number.isFinite(loss) && from.feasible(h))
      .toSorted((a, b) => a.loss - b.loss || a.index - b.index)
  );
}

/** The first ones that are not alike. */
function apart(ranked: readonly Sample[], keep: number): Sample[] {
  const best: Sample[] = [];
  for (const sample of ranked) {
    if (best.length >= keep) break;
    if (best.every(({ h }) => h.some((x, i) => Math.abs(x - sample.h[i]) >= APART)))
      best.push(sample);
  }
  return best;
}
