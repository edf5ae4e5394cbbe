/**
 * Random mixtures as a pure function of (seed, n). A draw is one of three kinds, chosen by the
 * sample's own words, with uᵢ the domains' uniforms and eᵢ = −ln uᵢ (exponential, so that e/Σe is
 * uniform on the simplex, Dirichlet(1), up to the 24 bits of uᵢ):
 *
 *   plain   h = floor + rest·e/Σe: uniform on the simplex above the floors.
 *   sparse  the same on a random face. Each domain is in with probability q, which is itself
 *   uniform
 *           on {1, …, 512}/512, so that every number of domains is about equally likely, 1/(k+1).
 *           Where none would be in, the one that came closest is (all of them in a tie of their
 *           9-bit numbers). The others have their floor: exactly 0 without one.
 *   near    (1 − r)·reference + r·(a plain draw), r log-uniform by octaves: 2⁻ᵃ⁻¹ ≤ r < 2⁻ᵃ with a
 *           in 0 … 7, uniform within the octave.
 *
 * The words, the kinds, the faces and r are integers or exact in float32: the same bits as in
 * shaders/mixtures.wgsl; shares there are float32. Floors hold by construction, a domain with lower
 * = upper stays there; caps and rows are for the caller to check with `feasible`. Constraints that
 * are equalities between several domains have no feasible samples.
 */
import { halves, philox, uniform01 } from "../../random/rng.ts";
import { type Draws, PINNED, type Row } from "../../gpu/montecarlo/draws.ts";

/** What the random words are for; see fit/starts/starts.ts. */
const PURPOSE = 202;
/** Kinds are chosen by 16 bits. */
const KINDS = 2 ** 16;
/** Feasible up to rounding. */
const SLACK = 1e-12;

export interface SampleOptions {
  /** Any safe integer. */
  readonly seed: number;
  /** Default: the uniform mixture. */
  readonly reference?: ArrayLike<number> | undefined;
  /**
   * Fractions of the draws that are sparse and near the reference, rounded to 1/65536; the rest is
   * plain. Default: a quarter sparse, and a quarter near where a reference is given.
   */
  readonly shares?: { readonly sparse: number; readonly near: number } | undefined;
  /** Least and greatest share a domain. Default 0 and 1. */
  readonly bounds?:
    | { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> }
    | undefined;
  /** Linear conditions on the shares. */
  readonly rows?: readonly Row[] | undefined;
}

/** Options as numbers. Throws RangeError for what cannot be drawn from. */
export function drawsOf(domains: number, options: SampleOptions): Draws {
  const { seed, reference, bounds, rows = [] } = options;
  const { sparse, near } = options.shares ?? {
    sparse: 0.25,
    near: reference === undefined ? 0 : 0.25,
  };
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`seed must be an integer within ±(2^53 − 1), got ${seed}`);
  if (!(sparse >= 0 && near >= 0 && sparse + near <= 1))
    throw new RangeError(`shares ${sparse} and ${near} are not fractions of 1`);
  const vector = (values: ArrayLike<number> | undefined, otherwise: number): Float64Array => {
    if (values !== undefined && values.length !== domains)
      throw new RangeError(`${values.length} numbers for ${domains} domains`);
    return values === undefined
      ? new Float64Array(domains).fill(otherwise)
      : Float64Array.from(values);
  };
  const lower = vector(bounds?.lower, 0);
  // A share of 1 is no limit, and in float32 it may come out as 1 + 2⁻²³.
  const upper = vector(bounds?.upper, Infinity).map((x) => (x >= 1 ? Infinity : x));
  for (const { coefficients } of rows) vector(coefficients, 0);
  const rest = 1 - lower.reduce((a, b) => a + b, 0);
  if (!(rest >= -1e-9 && lower.every((x, i) => x >= 0 && x <= upper[i])))
    throw new RangeError("the bounds contain no mixture");
  const pinned = Uint8Array.from(lower, (x, i) => (x === upper[i] ? 1 : 0));
  return {
    seed,
    purpose: PURPOSE,
    sparseBelow: Math.round(sparse * KINDS),
    nearBelow: Math.round((sparse + near) * KINDS),
    rest: Math.max(0, rest),
    lower,
    upper,
    // Where all are fixed one has to take the rest, of 0 if they sum to 1.
    pinned: pinned.every((p) => p === 1) ? pinned.fill(0) : pinned,
    reference: vector(reference, 1 / domains),
    rows,
  };
}

export interface Sampler {
  /** The random words of sample n: one that chooses the kind, then one a domain. */
  words(n: number): Uint32Array;
  /** Mixture number n into `h`. */
  draw(n: number, h: Float64Array): void;
  /** Whether h is within the bounds and rows. */
  feasible(h: Float64Array): boolean;
}

/** The float64 form of the draw. @example sampler(drawsOf(3, { seed: 1 })).draw(17, h) */
export function sampler(draws: Draws): Sampler {
  const { sparseBelow, nearBelow, rest, lower, reference } = draws;
  const k = lower.length;
  const { word, fill } = wordsOf(draws);
  /** 9 bits that decide whether a domain is in; above all limits where it is pinned. */
  const bits = (i: number): number => (word[i + 1] & 511) | (draws.pinned[i] === 1 ? PINNED : 0);
  /** A domain is in where its bits are at most this. On a random face one is always in. */
  const limitOf = (detail: number): number => {
    let limit = 511;
    for (let i = 0; i < k; i++) limit = Math.min(limit, bits(i));
    return Math.max(detail >>> 7, limit);
  };
  return {
    words(n) {
      fill(n);
      return word.slice(0, k + 1);
    },
    draw(n, h) {
      fill(n);
      const kind = word[0] >>> 16;
      const detail = word[0] & 0xffff;
      const sparse = kind < sparseBelow;
      const limit = sparse ? limitOf(detail) : 511;
      let total = 0;
      for (let i = 0; i < k; i++) {
        h[i] = bits(i) <= limit ? -Math.log(uniform01(word[i + 1])) : 0;
        total += h[i];
      }
      for (let i = 0; i < k; i++) h[i] = lower[i] + rest * (h[i] / total);
      if (sparse || kind >= nearBelow) return;
      const reach = 2 ** -(detail >>> 13) * (8192 + (detail & 8191) + 0.5) * 2 ** -14;
      for (let i = 0; i < k; i++) h[i] = (1 - reach) * reference[i] + reach * h[i];
    },
    feasible: (h) => isFeasible(draws, h),
  };
}

/** The random words of a sample, written anew by `fill`: four from each block of Philox. */
function wordsOf({ seed, purpose, lower }: Draws): {
  readonly word: Uint32Array;
  readonly fill: (n: number) => void;
} {
  const [low, high] = halves(seed);
  const word = new Uint32Array(4 * Math.ceil((lower.length + 1) / 4));
  return {
    word,
    fill(n) {
      for (let at = 0; at < word.length; at += 4) {
        const four = philox(low, high, n, 0, at / 4, purpose);
        for (let j = 0; j < 4; j++) word[at + j] = four[j];
      }
    },
  };
}

/** Whether h is within the bounds and rows, up to rounding. */
function isFeasible({ lower, upper, rows }: Draws, h: Float64Array): boolean {
  for (let i = 0; i < h.length; i++)
    if (!(h[i] >= lower[i] - SLACK && h[i] <= upper[i] + SLACK)) return false;
  return rows.every(({ coefficients, min, max }) => {
    let [sum, size] = [0, 1];
    for (let i = 0; i < h.length; i++) {
      sum += coefficients[i] * h[i];
      size = Math.max(size, Math.abs(coefficients[i]));
    }
    return sum >= min - SLACK * size && sum <= max + SLACK * size;
  });
}
