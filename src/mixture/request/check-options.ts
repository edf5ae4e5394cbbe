/** What may be asked of `optimize`: an unknown option or a wrong value is said and not ignored. */
import * as v from "valibot";
import { aLevel } from "../../options/fit-options.ts";
import { INTERVAL_OF } from "../../fit/inference/bands.ts";
import type { RecordStore } from "../../records/record-store.ts";
import { INTERVALS } from "../../stats/interval.ts";
import {
  aDuration,
  aList,
  aName,
  aNumber,
  anObject,
  anything,
  aPositive,
  aSeed,
  aSwitch,
  aText,
  aWhole,
  byName,
  type EntriesOf,
  numberThat,
  oneOf,
  readOptions,
} from "../../options/option-schema.ts";
import { asTheyAre } from "../../options/count-units.ts";
import { MOST_SAMPLES } from "../../gpu/montecarlo/draws.ts";
import { MOST_IN_SIZE } from "../../options/limits.ts";
import { CONSTRAINTS } from "../constraints/read-constraints.ts";
import { noWorse } from "../constraints/kinds/no-worse.ts";
import { trainedShares } from "../constraints/kinds/trained-shares.ts";
import { FAR, type OptimizeOptions, SOLVER_NAMES } from "./optimize-options.ts";

/** A training compute. */
export const someFlops = numberThat(
  (x) => x > 0 && x < Infinity,
  "it must be a positive number of floating-point operations, such as 1e21",
);

/** N or D: those of runs, or the limit of a path. */
const aScale = v.pipe(
  aPositive,
  v.check((x) => x <= MOST_IN_SIZE || x === FAR, `it must be at most ${MOST_IN_SIZE}`),
);

const numbers = byName(aNumber);

/** What each option of `optimize` may be. */
export const OPTIMIZE_ENTRIES = {
  params: v.optional(aScale),
  tokens: v.optional(aScale),
  units: v.optional(asTheyAre),
  inputs: v.optional(numbers),
  objective: v.optional(
    v.union([v.literal("worst"), numbers], 'it must be "worst", or weights by target'),
  ),
  law: v.optional(v.union([aText, byName(aText)], "it must be a law's name, or names by target")),
  phases: v.optional(byName(aPositive)),
  constraints: v.optional(CONSTRAINTS),
  reference: v.optional(numbers),
  noWorse: v.optional(noWorse.schema),
  beyond: v.optional(trainedShares.schema),
  solver: v.optional(oneOf(SOLVER_NAMES)),
  samples: v.optional(aWhole(0, MOST_SAMPLES)),
  seed: v.optional(aSeed),
  epsilon: v.optional(
    numberThat((x) => x >= 0 && x < Infinity, "it must be a number of at least 0"),
  ),
  intervals: v.optional(aSwitch),
  intervalOf: v.optional(oneOf(INTERVAL_OF)),
  level: v.optional(aLevel),
  interval: v.optional(oneOf(INTERVALS)),
  robust: v.optional(v.string("it must be mean, or a quantile such as q95")),
  candidates: v.optional(
    aList(anObject({ name: aName, weights: numbers }), "it must be a list of names and weights"),
  ),
  signal: v.optional(anything<AbortSignal>()),
  records: v.optional(anything<RecordStore>()),
  deadline: v.optional(aDuration),
  onProgress: v.optional(anything<(fraction: number) => void>()),
} satisfies EntriesOf<OptimizeOptions>;

const OPTIMIZE = anObject(OPTIMIZE_ENTRIES);

/**
 * What is asked of `optimize`, checked; constraints as numbers. Throws InputError naming the
 * option, what it is and what it must be.
 *
 * @example optimizeOptions({ sampels: 3 }) // optimize has no option "sampels"; did you mean
 *   "samples"?
 */
export const optimizeOptions = (options: unknown): OptimizeOptions =>
  readOptions("optimize", OPTIMIZE, options);
