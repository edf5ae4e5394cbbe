/** What is asked of `optimizeSizes`, and its answer, `mixlaw/sizes@1`. */
import * as v from "valibot";
import type { Verdict } from "../../base/verdict.ts";
import { anObject, type EntriesOf, readOptions } from "../../options/option-schema.ts";
import { OPTIMIZE_ENTRIES, someFlops } from "../request/check-options.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { ScalingExponents } from "../request/exponents.ts";

/** What is asked of `optimizeSizes`. */
export interface SizesOptions extends Pick<
  OptimizeOptions,
  "objective" | "law" | "inputs" | "units" | "intervals" | "level" | "interval"
> {
  /** Training compute, 6 × active parameters × tokens. */
  readonly flops: number;
}

const SCHEMA = anObject({
  flops: someFlops,
  ...v.pick(v.object(OPTIMIZE_ENTRIES), [
    "objective",
    "law",
    "inputs",
    "units",
    "intervals",
    "level",
    "interval",
  ]).entries,
} satisfies EntriesOf<SizesOptions>);

/** The options, checked. Throws InputError naming the option, what it is and what it must be. */
export const sizesOptions = (options: unknown): SizesOptions =>
  readOptions("optimizeSizes", SCHEMA, options);

/**
 * "inside": the best sizes lie inside what was looked at. "at-end": they lie at its end, so that
 * the law has no best sizes, or has them beyond.
 */
export type SizesStatus = "inside" | "at-end";

/** The best N and D at a compute, `mixlaw/sizes@1`. */
export interface Sizes {
  /** Name and version of the format. */
  readonly schema: "mixlaw/sizes@1";
  /** The version of mixlaw that wrote it. */
  readonly version: string;
  /** The training compute. */
  readonly flops: number;
  /** N, D and the law's other inputs, as chosen or as given. */
  readonly at: Readonly<Record<string, number>>;
  /** Names of what was chosen, of those in `at`. */
  readonly chosen: readonly string[];
  /** The law that predicts each target; "average" of the laws of `average`. */
  readonly laws: Readonly<Record<string, string>>;
  /** By law, its part of the average; left out where single laws predict all. */
  readonly average?: Readonly<Record<string, number>>;
  /** The least objective. */
  readonly objective: number;
  /** Predicted loss by target. */
  readonly predicted: Readonly<Record<string, number>>;
  /** Sizes whose best loss is within `epsilon` of the best. */
  readonly nearOptimal: {
    /** In units of the objective. */
    readonly epsilon: number;
    /** Smallest and largest N. */
    readonly params: readonly [number, number];
  };
  /** Intervals of what was chosen, over the replicates of the fits' bootstrap; null without one. */
  readonly interval: Readonly<Record<string, readonly [number, number]>> | null;
  /** How the best N and D grow with compute around this one. */
  readonly exponents: ScalingExponents;
  /** Passes over the unique tokens, where the law knows them. */
  readonly epochs: number | null;
  /** What may be said of them, with the reasons. */
  readonly verdict: Verdict<SizesStatus>;
  /** The sentences of the verdict. */
  readonly warnings: readonly string[];
}
