/**
 * Weighted copies of the runs: bootstrap replicates, jackknife and cross-validation samples. A
 * sample gives each *block* of runs a whole-numbered weight; runs of one block (checkpoints of one
 * run, runs of one mixture) stay together, since their errors do.
 */
import type { Scheme } from "../options/fit-options.ts";
import { halves, mulHigh, philox } from "./rng.ts";

/** Which stream of random numbers samples are drawn from. Searches have others. */
export const PURPOSE = 301;

/** Plain data: it goes to worker threads as it is. */
export interface Samples {
  readonly count: number;
  readonly blocks: number;
  /** The block of each row of the run set. */
  readonly blockOf: Int32Array;
  readonly source:
    /** Sample s is replicate `first` + s. */
    | {
        readonly kind: "bootstrap";
        readonly scheme: Scheme;
        readonly seed: number;
        readonly first: number;
      }
    /** Sample s is all blocks without those of group `first` + s. */
    | { readonly kind: "without"; readonly group: Int32Array; readonly first: number }
    /** count × blocks, one sample after the other. */
    | { readonly kind: "given"; readonly weights: Uint32Array };
}

/** Bits after the point of a Bayesian weight. */
export const FRACTION = 18;

/**
 * What a block weighs on average over samples. Weights are divided by it where objectives must keep
 * their size.
 */
export const meanWeight = ({ source }: Samples): number =>
  source.kind === "bootstrap" && source.scheme === "bayesian" ? 2 ** FRACTION / Math.LN2 : 1;

/** The words of replicate `replicate`: word i of `philox(seed, replicate, ⌊i/4⌋)`. */
function wordsOf(seed: number, replicate: number): (i: number) => number {
  const [low, high] = halves(seed);
  let [last, four] = [-1, philox(0, 0, 0, 0, 0, 0)];
  return (i) => {
    const block = Math.floor(i / 4);
    if (block !== last) [last, four] = [block, philox(low, high, replicate, 0, block, PURPOSE)];
    return four[i % 4];
  };
}

/**
 * −log₂((x|1)/2³²) in units of 2⁻¹⁸, rounded up, from 1 to 2²³: whole-numbered arithmetic only, so
 * that the GPU gets the same bits, and below 2²⁴, so that float32 holds it. The bits after the
 * point come from squaring the mantissa again and again, in 32 bits: what that cuts off makes the
 * result a unit too large once in some ten thousand times.
 */
export function exponentialWord(x: number): number {
  const u = (x | 1) >>> 0;
  const zeros = Math.clz32(u);
  let mantissa = (u << zeros) >>> 0;
  let fraction = 0;
  for (let bit = 0; bit < FRACTION; bit++) {
    const square = mulHigh(mantissa, mantissa);
    const carry = square >>> 31;
    fraction = 2 * fraction + carry;
    mantissa = (carry === 1 ? square : square << 1) >>> 0;
  }
  return (zeros + 1) * 2 ** FRACTION - fraction;
}

/**
 * The weight of each block in sample `s`, a pure function of (samples, s).
 *
 * @example sampleWeights({ count: 100, blocks: 3, blockOf, source: { kind: "bootstrap", scheme:
 *   "multinomial", seed: 1, first: 0 } }, 0) // such as 0, 2, 1
 */
export function sampleWeights({ blocks, source }: Samples, s: number): Uint32Array {
  if (source.kind === "given") return source.weights.subarray(s * blocks, (s + 1) * blocks);
  if (source.kind === "without")
    return Uint32Array.from(source.group, (group) => (group === source.first + s ? 0 : 1));
  const weights = new Uint32Array(blocks);
  const word = wordsOf(source.seed, source.first + s);
  for (let i = 0; i < blocks; i++) {
    if (source.scheme === "multinomial") weights[mulHigh(word(i), blocks)]++;
    else weights[i] = exponentialWord(word(i));
  }
  return weights;
}

/** The samples `from` up to `to` of these. */
export function slice(samples: Samples, from: number, to: number): Samples {
  const { source, blocks } = samples;
  return {
    ...samples,
    count: to - from,
    source:
      source.kind === "given"
        ? { ...source, weights: source.weights.subarray(from * blocks, to * blocks) }
        : { ...source, first: source.first + from },
  };
}

/** Which runs stay together. */
export type Blocks = Pick<Samples, "blocks" | "blockOf">;

/**
 * All runs as they are, as one sample. A problem whose samples are fitted later is searched in this
 * form first, so that both use the same kernel.
 */
export const whole = ({ blocks, blockOf }: Blocks): Samples => ({
  count: 1,
  blocks,
  blockOf,
  source: { kind: "given", weights: new Uint32Array(blocks).fill(1) },
});

/**
 * Each block left out once; of more than `most` blocks, every most-th block at a time (the
 * delete-a-group jackknife).
 */
export function jackknife(blockOf: Int32Array, blocks: number, most = 400): Samples {
  const count = Math.min(blocks, most);
  return {
    count,
    blocks,
    blockOf,
    source: {
      kind: "without",
      group: Int32Array.from({ length: blocks }, (_, block) => block % count),
      first: 0,
    },
  };
}

/**
 * Block numbers of labels, in order of first appearance.
 *
 * @example blocksOf(["a", "b", "a"]) // { blocks: 2, blockOf: [0, 1, 0] }
 */
export function blocksOf(labels: readonly string[]): Blocks {
  const known = new Map<string, number>();
  const blockOf = Int32Array.from(labels, (label) => {
    const block = known.get(label) ?? known.size;
    known.set(label, block);
    return block;
  });
  return { blocks: known.size, blockOf };
}
