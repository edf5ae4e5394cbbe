/**
 * The first runs, before there is a fit: mixtures that fill the simplex, at sizes and token counts
 * that tell α from β, within a compute.
 */
import * as v from "valibot";
import {
  aList,
  aName,
  aNumber,
  anObject,
  aPositive,
  aSeed,
  aWhole,
  byName,
  type EntriesOf,
  readOptions,
} from "../options/option-schema.ts";
import { asTheyAre, checkListedCounts } from "../options/count-units.ts";
import { someFlops } from "../mixture/request/check-options.ts";
import { type Stream, stream } from "../random/rng.ts";
import { checkLimit, LIMITS } from "../options/limits.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { flops as inFlops } from "../base/format-number.ts";
import { shareBounds, spread } from "./spread-mixtures.ts";

/** What the draws are for; apart from every other purpose. */
const PURPOSE = 0x64657302;
/** What pairs the mixtures of phases; the phase's number is added. */
const PAIRING = 0x64657400;
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
  /** "absolute" takes sizes below 1e4 as they are; without it they are refused. */
  readonly units?: "absolute";
  /** Tokens a parameter; default 5, 20 and 80. */
  readonly ratios?: readonly number[];
  /**
   * Names of two phases or more, in their order: each has mixtures of its own, within the same
   * floors and caps. Default: one mixture for all of a run.
   */
  readonly phases?: readonly string[];
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
  domains: aList(aName, "it must be a list of domains", "domains"),
  flops: v.optional(someFlops),
  sizes: v.optional(aList(aPositive)),
  units: v.optional(asTheyAre),
  ratios: v.optional(aList(aPositive), [...RATIOS]),
  phases: v.optional(aList(aName, "it must be a list of names")),
  mixtures: v.optional(aWhole(1, LIMITS.designedRuns.most)),
  runs: v.optional(aWhole(1, LIMITS.designedRuns.most)),
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
  /** Shares, in the order of the domains; with phases those of each phase, one after the other. */
  readonly weights: Float64Array;
}

/** A size, as asked for or relative to the largest, at a token ratio. */
interface Cell {
  readonly size: number;
  readonly ratio: number;
  /** 6ND, up to the square of the unit of the size. */
  readonly cost: number;
}

/**
 * Runs to train first, cheapest first. Deterministic by seed.
 * Throws InputError for shares that cannot sum to 1, and for a budget that does not cover the runs.
 * @example initialDesign({ domains: ["web", "code", "papers"], flops: 1e21 })
 */
export function initialDesign(asked: InitialOptions): DesignedRun[] {
  const options = readOptions("initialDesign", INITIAL, asked);
  const { domains, seed, ratios, sizes, floors, caps } = options;
  checkListedCounts("sizes", "params", sizes ?? [], options.units);
  const k = domains.length;
  const count = options.mixtures ?? (k === 0 ? 1 : Math.max(10, 3 * k));
  const [lower, upper] = shareBounds(domains, floors, caps);
  checkLimit("designedRuns", (sizes ?? SIZES).length * ratios.length, {
    what: "the design",
    remedy: `name fewer ${option("sizes")} or ${option("ratios")}`,
    where: { option: "sizes" },
  });
  checkPhases(options.phases, domains);
  const mixtures =
    k === 0
      ? [new Float64Array()]
      : sideBySide(options.phases?.length ?? 1, (p) => {
          const drawn = spread(lower, upper, count, (seed + p) % 2 ** 32);
          return p === 0 ? drawn : shuffled(count, stream(seed, PAIRING + p)).map((m) => drawn[m]);
        });
  const cells = (sizes ?? SIZES)
    .flatMap((size) =>
      ratios.map((ratio): Cell => ({ size, ratio, cost: 6 * size * size * ratio })),
    )
    .sort((a, b) => a.cost - b.cost);
  if (!cells.every(({ cost }) => cost > 0 && cost < Infinity))
    throw new InputError(
      `a run of these ${option("sizes")} and ${option("ratios")} costs more FLOPs, or fewer, than a number can say: name usual ones.`,
      { option: "sizes" },
    );
  const runs = options.runs ?? Math.max(3 * mixtures.length, cells.length);
  const counts = runsByCell(cells, runs, ratios.length);
  const unit = unitOf(cells, counts, options);
  if (sizes === undefined && !(unit * SIZES[0] >= 1))
    throw new InputError(
      `${option("flops")} ${inFlops(options.flops ?? 0)} do not pay for a model of one parameter: name more.`,
      { option: "flops" },
    );
  const order = shuffled(mixtures.length, stream(seed, PURPOSE));
  let next = 0;
  return cells.flatMap(({ size, ratio }, c) =>
    Array.from({ length: counts[c] }, () => {
      const mixture = order[next++ % order.length];
      const params = sizes === undefined ? roundDown(size * unit) : size;
      const tokens = Math.round(ratio * params);
      return { mixture, params, tokens, flops: 6 * params * tokens, weights: mixtures[mixture] };
    }),
  );
}

/** Throws InputError for phases that cannot be. */
function checkPhases(phases: readonly string[] | undefined, domains: readonly string[]): void {
  if (phases === undefined) return;
  const isDistinct = new Set(phases).size === phases.length;
  if (phases.length > 1 && isDistinct && domains.length > 0) return;
  throw new InputError(
    `${option("phases")} ${phases.join(",")}: name two phases or more, each once, such as main,anneal, beside ${option("domains")}.`,
    { option: "phases" },
  );
}

/** Mixtures of so many phases, the first of each in one run and so on. */
function sideBySide(
  phases: number,
  mixturesOf: (phase: number) => readonly Float64Array[],
): Float64Array[] {
  const [first = [], ...others] = Array.from({ length: phases }, (_, p) => mixturesOf(p));
  return first.map((shares, m) =>
    Float64Array.from([shares, ...others.map((mixtures) => mixtures[m])].flatMap((x) => [...x])),
  );
}

/** How many runs each cell has: fewer where they are dear, at least one. */
function runsByCell(cells: readonly Cell[], runs: number, ratios: number): number[] {
  if (runs < cells.length)
    throw new InputError(
      `${runs} runs do not cover ${cells.length / ratios} sizes at ${ratios} token ratios, ${cells.length} in all: ask for more ${option("runs")}, or name fewer ${option("sizes")} or ${option("ratios")}.`,
      { option: "runs" },
    );
  return shareOut(cells.map(({ cost }) => 1 / Math.sqrt(cost)), runs); // prettier-ignore
}

/**
 * What relative sizes are multiples of: as large as the budget allows. Throws InputError where
 * neither sizes nor a budget are given, and where the sizes cost more than the budget.
 */
function unitOf(
  cells: readonly Cell[],
  counts: readonly number[],
  { sizes, flops }: Pick<InitialOptions, "sizes" | "flops">,
): number {
  const total = cells.reduce((sum, { cost }, c) => sum + counts[c] * cost, 0);
  if (sizes === undefined && flops === undefined)
    throw new InputError(
      `say what the runs may cost in all with ${option("flops")}, or which ${option("sizes")} to train.`,
      { option: "flops" },
    );
  if (sizes !== undefined && flops !== undefined && total > flops) {
    const runs = counts.reduce((a, b) => a + b, 0);
    throw new InputError(
      `${runs} runs at these sizes cost ${inFlops(total)} FLOPs, more than ${option("flops")} ${inFlops(flops)}: leave ${option("sizes")} out to have them fit, or name smaller ones.`,
      { option: "flops" },
    );
  }
  // Costs go with the square of the size.
  return sizes === undefined && flops !== undefined ? Math.sqrt(flops / total) : 1;
}

/** Two digits, rounded down so that the budget holds. */
function roundDown(x: number): number {
  const unit = 10 ** (Math.floor(Math.log10(x)) - 1);
  return Number((Math.floor(x / unit + 1e-9) * unit).toPrecision(2));
}

/** Whole numbers in proportion to the weights, each at least 1, by largest remainders. */
function shareOut(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const spare = total - weights.length;
  const exact = weights.map((weight) => (spare * weight) / sum);
  const counts = exact.map((x) => 1 + Math.floor(x));
  const rest = total - counts.reduce((a, b) => a + b, 0);
  const order = [...exact.keys()].sort((a, b) => (exact[b] % 1) - (exact[a] % 1) || a - b);
  for (const c of order.slice(0, rest)) counts[c]++;
  return counts;
}

/** 0 … n − 1 in random order. */
function shuffled(n: number, draws: Stream): number[] {
  const keys = Array.from({ length: n }, (_, i) => draws.uniform(i, 0));
  return [...keys.keys()].sort((a, b) => keys[a] - keys[b] || a - b);
}
