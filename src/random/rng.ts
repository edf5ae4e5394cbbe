/**
 * Random numbers as a pure function of (seed, purpose, index, lane), the same on the CPU and,
 * through shaders/lib/rng.wgsl, on the GPU.
 */

/**
 * ⌊a·b/2³²⌋ of 32-bit numbers, in 16-bit pieces because neither WGSL nor float64 holds the whole
 * product.
 */
export function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const mid1 = aHigh * bLow;
  const mid2 = aLow * bHigh;
  const carry = ((aLow * bLow) >>> 16) + (mid1 & 0xffff) + (mid2 & 0xffff);
  return (aHigh * bHigh + (mid1 >>> 16) + (mid2 >>> 16) + (carry >>> 16)) >>> 0;
}

/** An integer's two's complement of 64 bits as two words of 32: low, high. */
export const halves = (integer: number): readonly [number, number] => [
  integer >>> 0, // >>> takes the value mod 2³²
  Math.floor(integer / 2 ** 32) >>> 0,
];

/** Four words of 32 bits. */
export type Words = readonly [number, number, number, number];

/**
 * Philox4x32 with 10 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a
 * keyed bijection of 128-bit counters whose outputs pass BigCrush. All arguments and results are
 * integers in [0, 2^32).
 *
 * @example philox(0, 0, 0, 0, 0, 0) // [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
 */
export function philox(
  key0: number,
  key1: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
): Words {
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = mulHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ key0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ key1) >>> 0;
    c3 = low0;
    key0 = (key0 + 0x9e3779b9) >>> 0;
    key1 = (key1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/**
 * A word as a number strictly between 0 and 1: (⌊x/2⁹⌋ + ½)·2⁻²³, an odd multiple of 2⁻²⁴. It has
 * 24 significant bits, so float32 holds it exactly and the GPU gets the same number; the mean over
 * all words is exactly ½.
 */
export const uniform01 = (word: number): number => ((word >>> 9) + 0.5) * 2 ** -23;

/**
 * One independent sequence of draws, addressed and not consumed: the same (index, lane) always
 * gives the same draw, in any order. Lane ℓ is word ℓ mod 4 of `philox(seed low, seed high, index
 * low, index high, ⌊ℓ/4⌋, purpose)`.
 */
export interface Stream {
  /** 32 random bits. */
  word(index: number, lane: number): number;
  /** In (0, 1), exact in float32. See `uniform01`. */
  uniform(index: number, lane: number): number;
  /**
   * Standard normal by Box–Muller from the uniform lanes 2⌊lane/2⌋ and the next one: take an item's
   * normals and uniforms from different lanes. At most 5.77 in size, since the uniforms have 24
   * bits.
   */
  normal(index: number, lane: number): number;
  /** An integer in [0, below), for 1 ≤ below ≤ 2^32; the bias is at most below/2^32. */
  integer(index: number, lane: number, below: number): number;
}

/**
 * Opens a stream.
 *
 * @param seed any safe integer (negative ones too); different seeds give independent streams
 * @param purpose what the draws are for, an integer in [0, 2^32); different purposes give
 *   independent streams of one seed
 * @throws RangeError for other seeds or purposes.
 * @example const draws = stream(1, 0); draws.uniform(17, 3) // draw 3 of item 17
 */
export function stream(seed: number, purpose: number): Stream {
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`seed must be an integer within ±(2^53 − 1), got ${seed}`);
  if (purpose >>> 0 !== purpose)
    throw new RangeError(`purpose must be an integer in [0, 2^32), got ${purpose}`);
  const [key0, key1] = halves(seed);
  // Neighbouring lanes share a block: keep the last one.
  let lastIndex = -1;
  let lastBlock = -1;
  let words: Words = [0, 0, 0, 0];

  const word = (index: number, lane: number): number => {
    const block = Math.floor(lane / 4);
    if (index !== lastIndex || block !== lastBlock) {
      const [index0, index1] = halves(index);
      words = philox(key0, key1, index0, index1, block >>> 0, purpose);
      lastIndex = index;
      lastBlock = block;
    }
    return words[lane % 4];
  };
  const uniform = (index: number, lane: number): number => uniform01(word(index, lane));
  return {
    word,
    uniform,
    normal(index, lane) {
      const first = lane - (lane % 2);
      const radius = Math.sqrt(-2 * Math.log(uniform(index, first)));
      const angle = 2 * Math.PI * uniform(index, first + 1);
      return radius * (lane % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    },
    integer: (index, lane, below) =>
      below === 2 ** 32 ? word(index, lane) : mulHigh(word(index, lane), below),
  };
}
