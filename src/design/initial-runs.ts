/**
 * The first runs, before there is a fit: mixtures that fill the simplex, at sizes and token counts
 * that tell α from β, within a compute.
 */
import * as v from "valibot";
import {
  aNumber,
  anObject,
  aPositive,
  aSeed,
  aText,
  aWhole,
  byName,
  type EntriesOf,
  readOptions,
} from "../options/option-schema.ts";
import { someFlops } from "../mixture/request/check-options.ts";
import { stream } from "../random/rng.ts";
import { dirichlet, onGrid, uniformMixture } from "../random/dirichlet.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { projectBox } from "../convex/project-box.ts";
import { flops as inFlops, significant } from "../base/format-number.ts";

/** What the draws are for; apart from every other purpose. */
const PURPOSE = { mixtures: 0x64657301, order: 0x64657302 } as const;
/** Candidates a mixture is picked from. */
const CANDIDATES = 4000;
/** Shares are whole multiples of this, so that a table holds them exactly. */
const GRID = 1e4;
/**
 * Four sizes over a factor of 16 and three token ratios over another: ln N and ln D then correlate
 * by about 0.6, and both exponents have something to hold on to.
 */
const SIZES = [1 / 16, 1 / 6.35, 1 / 2.52, 1] as const;
const RATIOS = [5, 20, 80] as const;

/** What is asked of `initialDesign`. */
export interface InitialOptions {
  /** Domain names; none for a law without a mixture. */
  readonly domains: readonly string[];
  /**
   * FLOPs of all runs together, by 6ND each; sizes follow from it. Either this or `sizes`, or both:
   * then it is a limit.
   */
  readonly flops?: number;
  /** Parameter counts; by default four over a factor of 16, as large as the budget allows. */
  readonly sizes?: readonly number[];
  /** Tokens a parameter; default 5, 20 and 80. */
  readonly ratios?: readonly number[];
  /** How many mixtures. Default: 3 for each domain and at least 10; 1 without domains. */
  readonly mixtures?: number;
  /** How many runs. Default: each mixture three times, and at least one at each size and ratio. */
  readonly runs?: number;
  /** Least shares by domain. Default 0.02 (0.2/k for more than 10 domains). */
  readonly floors?: Readonly<Record<string, number>>;
  /** Largest shares by domain. Default 1. */
  readonly caps?: Readonly<Record<string, number>>;
  /** Seed of the mixtures and of their order. Default 1. */
  readonly seed?: number;
}

const INITIAL = anObject({
  domains: v.array(aText, "it must be a list of domains"),
  flops: v.optional(someFlops),
  sizes: v.optional(v.array(aPositive)),
  ratios: v.optional(v.array(aPositive), [...RATIOS]),
  mixtures: v.optional(aWhole(1)),
  runs: v.optional(aWhole(1)),
  floors: v.optional(byName(aNumber)),
  caps: v.optional(byName(aNumber)),
  seed: v.optional(aSeed, 1),
} satisfies EntriesOf<InitialOptions>);

/** A run to train. */
export interface DesignedRun {
  /** Number of its mixture, from 0. */
  readonly mixture: number;
  /** N, absolute. */
  readonly params: number;
  /** D, absolute. */
  readonly tokens: number;
  /** Its training compute, 6ND. */
  readonly flops: number;
  /** Shares, in the order of the domains. */
  readonly weights: Float64Array;
}

/**
 * Runs to train first, cheapest first. Deterministic by seed.
 * Throws InputError for shares that cannot sum to 1, and for a budget that does not cover the runs.
 * @example initialDesign({ domains: ["web", "code", "papers"], flops: 1e21 })
 */
export function initialDesign(asked: InitialOptions): DesignedRun[] {
  const options = readOptions("initialDesign", INITIAL, asked);
  const { domains, seed, ratios, flops } = options;
  const k = domains.length;
  const count = options.mixtures ?? (k === 0 ? 1 : Math.max(10, 3 * k));
  const [lower, upper] = bounds(options);
  const mixtures = k === 0 ? [new Float64Array()] : spread(lower, upper, count, seed);
  const relative = options.sizes ?? SIZES;
  const cells = relative.flatMap((n) =>
    ratios.map((ratio) => ({ n, ratio, cost: 6 * n * n * ratio })),
  );
  cells.sort((a, b) => a.cost - b.cost);
  const runs = options.runs ?? Math.max(3 * mixtures.length, cells.length);
  if (runs < cells.length)
    throw new InputError(
      `${runs} runs do not cover ${relative.length} sizes at ${ratios.length} token ratios, ${cells.length} in all: ask for more ${option("runs")}, or name fewer ${option("sizes")} or ${option("ratios")}.`,
      { option: "runs" },
    );
  const counts = shareOut(cells.map(({ cost }) => 1 / Math.sqrt(cost)), runs); // prettier-ignore
  const total = cells.reduce((sum, { cost }, c) => sum + counts[c] * cost, 0);
  if (options.sizes === undefined && flops === undefined)
    throw new InputError(
      `say what the runs may cost in all with ${option("flops")}, or which ${option("sizes")} to train.`,
      { option: "flops" },
    );
  if (options.sizes !== undefined && flops !== undefined && total > flops)
    throw new InputError(
      `${runs} runs at these sizes cost ${inFlops(total)} FLOPs, more than ${option("flops")} ${inFlops(flops)}: leave ${option("sizes")} out to have them fit, or name smaller ones.`,
      { option: "flops" },
    );
  // Costs go with the square of the size.
  const scale = options.sizes === undefined ? Math.sqrt((flops ?? 0) / total) : 1;
  const order = shuffled(mixtures.length, seed);
  let next = 0;
  return cells.flatMap(({ n, ratio }, c) =>
    Array.from({ length: counts[c] }, () => {
      const mixture = order[next++ % order.length];
      const params = options.sizes === undefined ? down(n * scale) : n;
      const tokens = Math.round(ratio * params);
      return { mixture, params, tokens, flops: 6 * params * tokens, weights: mixtures[mixture] };
    }),
  );
}

/** Two digits, rounded down so that the budget holds. */
function down(x: number): number {
  const unit = 10 ** (Math.floor(Math.log10(x)) - 1);
  return Number((Math.floor(x / unit + 1e-9) * unit).toPrecision(2));
}

/** Whole numbers in proportion to the weights, each at least 1, by largest remainders. */
function shareOut(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const spare = total - weights.length;
  const exact = weights.map((w) => (spare * w) / sum);
  const counts = exact.map((x) => 1 + Math.floor(x));
  const rest = total - counts.reduce((a, b) => a + b, 0);
  const order = [...exact.keys()].sort((a, b) => (exact[b] % 1) - (exact[a] % 1) || a - b);
  for (const c of order.slice(0, rest)) counts[c]++;
  return counts;
}

function bounds({ domains, floors = {}, caps = {} }: InitialOptions): [Float64Array, Float64Array] {
  const k = domains.length;
  const least = Math.min(0.02, 0.2 / k);
  for (const [bound, shares] of [
    ["floors", floors],
    ["caps", caps],
  ] as const) {
    // prettier-ignore
    for (const [name, share] of Object.entries(shares)) {
      if (!domains.includes(name)) throw new InputError(`${option(`${bound}.${name}`)}: the domains are ${domains.join(", ")}.`, { option: `${bound}.${name}` });
      if (!(share >= 0 && share <= 1)) throw new InputError(`${option(`${bound}.${name}`, share)}: a share lies between 0 and 1.`, { option: `${bound}.${name}` });
    }
  }
  const upper = Float64Array.from(domains, (d) => caps[d] ?? 1);
  const lower = Float64Array.from(domains, (d, i) => floors[d] ?? Math.min(least, upper[i]));
  const odd = domains.find((_, i) => lower[i] > upper[i]);
  if (odd !== undefined)
    throw new InputError(
      `${option(`floors.${odd}`)} is above ${option(`caps.${odd}`)}: there is no share between them.`,
      { option: "floors" },
    );
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  if (k > 0 && sum(lower) > 1)
    throw new InputError(
      `the floors sum to ${significant(sum(lower), 3)}, more than 1: lower some.`,
      { option: "floors" },
    );
  if (k > 0 && sum(upper) < 1)
    throw new InputError(
      `the caps sum to ${significant(sum(upper), 3)}, less than 1: raise some.`,
      { option: "caps" },
    );
  return [lower, upper];
}

/**
 * `count` mixtures far from each other within the bounds: the most even one first, then from random
 * candidates the farthest from all chosen so far, time and again (maximin, Johnson, Moore &
 * Ylvisaker 1990). Distances are Hellinger's, between square roots of shares: laws go with powers
 * of a share, so 1 % and 4 % are as far apart as 40 % and 50 %.
 */
export function spread(
  lower: Float64Array,
  upper: Float64Array,
  count: number,
  seed: number,
): Float64Array[] {
  const k = lower.length;
  const draws = stream(seed, PURPOSE.mixtures);
  const room = 1 - lower.reduce((a, b) => a + b, 0);
  const even = projectBox(uniformMixture(k), lower, upper);
  const candidates = Array.from({ length: Math.max(CANDIDATES, 20 * count) }, (_, n) =>
    projectBox(dirichlet(draws, n, 1, k).map((x, i) => lower[i] + room * x), lower, upper),
  ); // prettier-ignore
  const roots = candidates.map((h) => h.map(Math.sqrt));
  const chosen = [even];
  const far = new Float64Array(candidates.length).fill(Infinity);
  let latest = even.map(Math.sqrt);
  while (chosen.length < count) {
    let best = 0;
    for (const [n, root] of roots.entries()) {
      far[n] = Math.min(far[n], root.reduce((sum, x, i) => sum + (x - latest[i]) ** 2, 0)); // prettier-ignore
      if (far[n] > far[best]) best = n;
    }
    chosen.push(candidates[best]);
    latest = roots[best];
  }
  // Where rounding would break a bound that is no multiple itself, the exact shares stay.
  return chosen.map((h) => {
    const rounded = onGrid(h, GRID);
    return rounded.every((x, i) => x >= lower[i] && x <= upper[i]) ? rounded : h;
  });
}

/** 0 … n − 1 in random order. */
function shuffled(n: number, seed: number): number[] {
  const draws = stream(seed, PURPOSE.order);
  const keys = Array.from({ length: n }, (_, i) => draws.uniform(i, 0));
  return [...keys.keys()].sort((a, b) => keys[a] - keys[b] || a - b);
}
