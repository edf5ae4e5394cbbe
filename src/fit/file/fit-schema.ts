/** The schema of a fit, as fit files have it. Files come from anywhere: every part is checked. */
import * as v from "valibot";
import type { Claim } from "../../base/claims.ts";
import { byNames } from "../../base/objects.ts";
import { LIMITS } from "../../options/limits.ts";
import { aLevel, SCHEMES } from "../../options/fit-options.ts";
import {
  aName,
  aNumber,
  aPart,
  aPositive,
  aRange,
  aText,
  atLeastZero,
  aWhole,
  INPUT_UNITS,
  byName,
  type EntriesOf,
  listOf,
  oneOf,
} from "../../options/option-schema.ts";
import { INTERVALS } from "../../stats/interval.ts";
import type { Backtest, Backtests } from "../result/backtests.ts";
import type { Fit } from "../result/fit-file.ts";
import { FIT_STATUSES } from "../result/fit-verdict.ts";

/** How many there are of something. */
export const aCount = aWhole(0);
/** A statistic that may have no value. */
export const aStatistic = v.nullable(aNumber);
/** Names of anything. */
export const names = listOf(aName);
/** Sentences. */
export const texts = listOf(aText);
/** An end that is null is infinite. */
export const anInterval = v.pipe(
  aRange(aStatistic, "it must be [low, high], null for an open end"),
  v.check(
    ([low, high]) => (low ?? -Infinity) <= (high ?? Infinity),
    "the first must not be above the second",
  ),
);
/** A range of what runs have. */
export const aSpan = v.pipe(
  aPart({ min: aNumber, max: aNumber }),
  v.check(({ min, max }) => min <= max, "min must not be above max"),
);
const reported = byName(v.union([aStatistic, byName(aStatistic, aName)], "it must be a number, or numbers by domain"), aName); // prettier-ignore
/** Base64 of float64 numbers; how many there are is checked where the law is known. */
const packed = aText;

/** A code of a claim. Those that only later versions know are let through. */
const aCode = aName as v.GenericSchema as v.GenericSchema<Claim>;

/** What was found. */
export const FINDINGS = listOf(
  aPart({ code: aCode, sentence: aText, about: v.exactOptional(texts) }),
);

/** What may be said of a fit or an optimum. */
export const verdictOf = <const T extends readonly string[]>(statuses: T) =>
  aPart({ status: oneOf(statuses), findings: FINDINGS });

const blockKind = oneOf(["group", "configuration", "rows"]);

const score = aPart({
  rows: aCount,
  mrePercent: aStatistic,
  r2: aStatistic,
  mae: atLeastZero,
  spearman: aStatistic,
} satisfies EntriesOf<Fit["train"]>);

const starts = { starts: aCount, reachedBest: aCount };
const search = aPart({
  ...starts,
  restarts: v.exactOptional(
    aPart({
      asked: v.union([aCount, v.literal("auto")], 'it must be a count or "auto"'),
      done: aCount,
    }),
  ),
  sampledRows: v.exactOptional(aCount),
  followed: v.optional(aCount),
  basins: v.optional(
    listOf(aPart({ objective: aNumber, starts: aCount, hops: aCount, distance: aStatistic })),
  ),
  objectives: v.exactOptional(aText),
  otherBasins: v.optional(aPart({ basins: aCount, starts: aCount, hops: aCount })),
  unseen: v.optional(aStatistic),
  plateau: v.optional(
    aPart({
      points: aCount,
      parameters: byName(aRange(aNumber), aName),
    }),
  ),
  hops: aPart(starts),
  status: oneOf(["converged", "not-converged", "interrupted"]),
  ended: aPart({ converged: aCount, stalled: aCount, limit: aCount, dropped: aCount, nonfinite: aCount }), // prettier-ignore
  origin: oneOf(["random", "given", "nested", "hop"]),
} satisfies EntriesOf<Fit["search"]>);

const certificate = aPart({
  gradientNorm: aStatistic,
  conditionNumber: aStatistic,
  spectrum: v.optional(listOf(aStatistic), []),
  notIdentified: names,
  directions: v.optional(
    listOf(
      aPart({
        coordinates: byName(aNumber, aName),
        eigenvalue: aNumber,
        standardError: aStatistic,
        sentence: aText,
      }),
    ),
    [],
  ),
  atBound: names,
});

const profile = aPart({
  level: aLevel,
  interval: anInterval,
  better: aStatistic,
  points: listOf(aRange(aNumber, "it must be [value, objective]")),
});

const bootstrap = aPart({
  replicates: aWhole(1, LIMITS.replicates.most),
  unconverged: aCount,
  otherBasin: aCount,
  group: v.nullable(aName),
  blocks: aCount,
  blockKind: v.optional(blockKind),
  resampling: oneOf(SCHEMES),
  level: aLevel,
  interval: oneOf(INTERVALS),
  tolerance: aNumber,
  parameters: byName(v.union([anInterval, byName(anInterval, aName)], "it must be an interval, or intervals by domain"), aName), // prettier-ignore
  standardErrors: reported,
  coordinates: packed,
  jackknife: packed,
} satisfies EntriesOf<NonNullable<Fit["bootstrap"]>>);

const backtest = aPart({
  fittedTo: aNumber,
  levels: aCount,
  predicted: aNumber,
  rows: aWhole(1),
  distance: atLeastZero,
  error: aNumber,
  scatter: atLeastZero,
  noise: atLeastZero,
  standardError: atLeastZero,
} satisfies EntriesOf<Backtest>);

const backtests = aPart({
  axis: oneOf(["params", "tokens", "compute"]),
  levels: listOf(aPositive),
  scale: aPositive,
  noise: atLeastZero,
  list: listOf(backtest),
} satisfies EntriesOf<Backtests>);

const frame = aPart({
  origins: byName(byName(aNumber), aName),
  units: byName(aPositive, aName),
});

const ridge = aPart({
  parameters: byName(atLeastZero, aName),
  penalty: atLeastZero,
  tried: v.exactOptional(
    listOf(v.strictTuple([aNumber, aStatistic], "it must be [strength, loss]")),
  ),
});

/** One law fitted to one target. What files of earlier versions lack is optional. */
export const FIT = aPart({
  law: aName,
  target: aName,
  formula: aText,
  objective: atLeastZero,
  delta: v.optional(aPositive),
  common: v.exactOptional(names),
  ridge: v.exactOptional(ridge),
  parameters: reported,
  fixed: v.optional(byName(aNumber, aName), () => byNames<number>()),
  tied: v.optional(byName(aName, aName), () => byNames<string>()),
  units: INPUT_UNITS,
  form: v.optional(aPart({ equations: texts, where: texts })),
  coordinates: byName(aNumber, aName),
  center: INPUT_UNITS,
  frame: v.optional(frame),
  train: score,
  test: v.nullable(score),
  search,
  certificate,
  profile: v.optional(byName(profile, aName)),
  bootstrap: v.optional(v.nullable(bootstrap), null),
  covariance: v.optional(packed),
  backtests: v.optional(backtests),
  verdict: v.optional(verdictOf(FIT_STATUSES)),
  warnings: v.optional(texts, []),
  degreesOfFreedom: v.optional(aNumber),
  residualSd: v.optional(aStatistic),
  overSigma: v.optional(aNumber),
  standardErrors: v.optional(v.nullable(reported)),
  errors: v.optional(aPart({ degreesOfFreedom: aNumber, blocks: blockKind })),
  noise: v.optional(
    v.nullable(
      aPart({
        configurations: aCount,
        runs: aCount,
        degreesOfFreedom: aCount,
        sd: atLeastZero,
        lackOfFit: v.nullable(aPart({ F: aNumber, p: aNumber })),
      }),
    ),
  ),
});
