/** The schema of an optimum file: every part is checked, since files come from anywhere. */
import * as v from "valibot";
import { option } from "../../base/option-text.ts";
import {
  anInterval,
  aStatistic,
  atLeastZero,
  texts,
  verdictOf,
} from "../../fit/file/fit-schema.ts";
import { byNames } from "../../base/objects.ts";
import { INTERVAL_OF } from "../../fit/inference/bands.ts";
import { aLevel } from "../../options/fit-options.ts";
import {
  aName,
  aNumber,
  aPart,
  aPositive,
  aSwitch,
  aText,
  aWhole,
  byName,
  type EntriesOf,
  numberThat,
  oneOf,
} from "../../options/option-schema.ts";
import { checkFile, checkNesting, parseJson } from "../../options/parse-file.ts";
import { INTERVALS } from "../../stats/interval.ts";
import { OPTIMIZE_ENTRIES } from "./check-options.ts";
import { OPTIMUM_STATUSES } from "./optimum-verdict.ts";
import type { Optimum, OptimumInterval } from "./optimum.ts";

/** Shares may be off by rounding. */
const ROUNDING = 1e-9;

const aCount = aWhole(0);
const aShare = numberThat(
  (x) => x >= -ROUNDING && x <= 1 + ROUNDING,
  "it must be a share, from 0 to 1",
);
const numbers = byName(aNumber, aName);
const shares = byName(aShare, aName);
const span = v.strictTuple([aNumber, aNumber], "it must be [low, high]");

const judged = { weights: shares, objective: aNumber, predicted: numbers };

const gain = aPart({ estimate: aNumber, corrected: aNumber, interval: span });

const interval = aPart({
  replicates: aWhole(1),
  otherBasin: aPart({ share: aNumber, distance: aStatistic }),
  uncertified: aCount,
  level: aLevel,
  interval: oneOf(INTERVALS),
  weights: byName(anInterval, aName),
  extremes: byName(span, aName),
  leftOut: numbers,
  correlation: byName(byName(aStatistic, aName), aName),
  optima: v.array(v.array(aShare)),
  objective: anInterval,
  predicted: byName(anInterval, aName),
  regret: aPart({ median: aNumber, quantile: aNumber }),
  gain: aPart({ reference: gain, uniform: gain }),
  optimism: aNumber,
  candidates: v.array(
    aPart({
      name: aName,
      objective: aNumber,
      interval: anInterval,
      chanceBest: aNumber,
      meanRank: aNumber,
    }),
  ),
} satisfies EntriesOf<OptimumInterval>);

const { signal: _, onProgress: __, ...REQUEST } = OPTIMIZE_ENTRIES;
const request = aPart(REQUEST) as v.GenericSchema as v.GenericSchema<Optimum["request"]>;

const search = aPart({
  proof: v.nullable(oneOf(["convex", "bound"])),
  lowerBound: aStatistic,
  reasons: texts,
  descents: aCount,
  found: aCount,
  optima: v.array(
    aPart({ weights: shares, objective: aNumber, distance: aNumber, descents: aCount }),
  ),
} satisfies EntriesOf<Optimum["search"]>);

/** An optimum file. Files of earlier versions lack what is optional. */
const OPTIMUM = aPart({
  ...judged,
  schema: v.literal("mixlaw/optimum@1", 'it must be "mixlaw/optimum@1"'),
  version: aName,
  undetermined: v.optional(byName(span, aName), () => byNames()),
  at: aPart({ params: v.nullable(aPositive), tokens: v.nullable(aPositive) }),
  laws: byName(aName, aName),
  goal: v.union([v.literal("worst"), numbers], 'it must be "worst", or weights by target'),
  request: v.optional(request),
  robust: v.nullable(aText),
  active: v.array(aPart({ constraint: aText, perPercent: aNumber, perEpoch: aStatistic })),
  trainedLimit: v.nullable(
    aPart({ factor: aPositive, largest: shares, lifted: v.nullable(aPart(judged)) }),
  ),
  otherLaws: v.array(
    aPart({
      law: aName,
      objective: aNumber,
      predicted: numbers,
      gain: aPart({ reference: aNumber, uniform: aNumber }),
    }),
  ),
  reference: aPart(judged),
  uniform: aPart(judged),
  prediction: v.nullable(
    aPart({
      of: oneOf(INTERVAL_OF),
      level: aLevel,
      distance: atLeastZero,
      losses: byName(anInterval, aName),
    }),
  ),
  interval: v.nullable(interval),
  certificate: aPart({
    stationarity: aNumber,
    feasibility: aNumber,
    complementarity: aNumber,
    curvature: aStatistic,
    certified: aSwitch,
  }),
  search,
  sharpness: aPart({
    epsilon: atLeastZero,
    ranges: byName(span, aName),
    trade: v.nullable(aText),
  }),
  reach: aPart({ insideHull: aSwitch, hullDistance: aNumber, nearestDistance: aStatistic }),
  monteCarlo: v.nullable(aPart({ samples: aCount, feasible: aCount, best: aStatistic })),
  allocation: v.nullable(
    byName(
      aPart({
        tokens: atLeastZero,
        epochs: aStatistic,
        passes: v.nullable(v.picklist([4, 16, 40], "it must be one of 4, 16, 40")),
      }),
      aName,
    ),
  ),
  lattice: v.nullable(
    aPart({
      denominator: aWhole(2),
      units: byName(aCount, aName),
      cost: aNumber,
      exact: aSwitch,
    }),
  ),
  verdict: verdictOf(OPTIMUM_STATUSES),
  warnings: texts,
} satisfies EntriesOf<Optimum>);

/** Objects that were found to be optima. */
const checked = new WeakSet<Optimum>();

const NO_OPTIMUM = "is no optimum file";

/**
 * The optimum that a JSON text is.
 *
 * @param source how messages name the file
 * @throws InputError when it is no JSON, is another kind of file, or has a part that is wrong.
 */
export function parseOptimum(text: string, source: string): Optimum {
  const remedy = `write one with "mixlaw optimize FIT ${option("out", source)}"`;
  const words = { source, remedy };
  const optimum = checkFile(OPTIMUM, parseJson(text, words), NO_OPTIMUM, words);
  checked.add(optimum as unknown as Optimum);
  return optimum as unknown as Optimum;
}

/**
 * An object that is handed in as an optimum, found to be one. It stays as it is.
 *
 * @throws InputError that names the part that is wrong, what it is and what it must be.
 */
export function checkedOptimum(optimum: Optimum, source: string): Optimum {
  if (checked.has(optimum)) return optimum;
  const words = { source, remedy: "optimize again" };
  checkNesting(optimum, words);
  checkFile(OPTIMUM, optimum, NO_OPTIMUM, words);
  checked.add(optimum);
  return optimum;
}
