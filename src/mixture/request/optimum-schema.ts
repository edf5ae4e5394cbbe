/** The schema of an optimum file: every part is checked, since files come from anywhere. */
import * as v from "valibot";
import { option } from "../../base/option-text.ts";
import { aCount, anInterval, aStatistic, texts, verdictOf } from "../../fit/file/fit-schema.ts";
import { InputError } from "../../base/errors.ts";
import { byNames, given } from "../../base/objects.ts";
import { INTERVAL_OF } from "../../fit/inference/bands.ts";
import { aLevel } from "../../options/fit-options.ts";
import {
  aName,
  aNumber,
  aPart,
  aPositive,
  aRange,
  aSwitch,
  aText,
  atLeastZero,
  aWhole,
  byName,
  type EntriesOf,
  numberThat,
  listOf,
  oneOf,
} from "../../options/option-schema.ts";
import { otherVersion } from "../../options/file-version.ts";
import { checkFile, checkNesting, type FileWords, parseJson } from "../../options/parse-file.ts";
import { INTERVALS } from "../../stats/interval.ts";
import { OPTIMIZE_ENTRIES } from "./check-options.ts";
import { OPTIMUM_STATUSES } from "./optimum-verdict.ts";
import type { ScalingExponents } from "./exponents.ts";
import type { Optimum } from "./optimum.ts";
import type { OptimumInterval } from "./optimum-interval.ts";

/** Shares may be off by rounding. */
const ROUNDING = 1e-9;

const aShare = numberThat(
  (x) => x >= -ROUNDING && x <= 1 + ROUNDING,
  "it must be a share, from 0 to 1",
);
const numbers = byName(aNumber, aName);
const shares = byName(aShare, aName);
const span = aRange(aNumber);

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
  leftOut: shares,
  correlation: byName(byName(aStatistic, aName), aName),
  optima: listOf(listOf(aShare)),
  objective: anInterval,
  predicted: byName(anInterval, aName),
  regret: aPart({ median: aNumber, quantile: aNumber }),
  gain: aPart({ reference: gain, uniform: gain }),
  optimism: aNumber,
  candidates: listOf(
    aPart({
      name: aName,
      objective: aNumber,
      interval: anInterval,
      chanceBest: aNumber,
      meanRank: aNumber,
    }),
  ),
} satisfies EntriesOf<OptimumInterval>);

const { signal: _, onProgress: __, records: ___, deadline: ____, ...REQUEST } = OPTIMIZE_ENTRIES;
const request = aPart(REQUEST) as v.GenericSchema as v.GenericSchema<Optimum["request"]>;

const search = aPart({
  proof: v.nullable(oneOf(["convex", "bound"])),
  lowerBound: aStatistic,
  reasons: texts,
  descents: aCount,
  found: aCount,
  optima: listOf(
    aPart({ weights: shares, objective: aNumber, distance: aNumber, descents: aCount }),
  ),
} satisfies EntriesOf<Optimum["search"]>);

const exponents = aPart({
  params: aStatistic,
  tokens: aStatistic,
  interval: v.nullable(
    aPart({
      params: span,
      tokens: span,
      level: aLevel,
      from: oneOf(["bootstrap", "covariance"]),
    }),
  ),
  isoflop: v.nullable(
    aPart({
      params: aNumber,
      tokens: aNumber,
      interval: aPart({ params: span, tokens: span }),
      groups: aCount,
      rows: aCount,
      withoutMinimum: aCount,
    }),
  ),
} satisfies EntriesOf<ScalingExponents>);

/** The name and the version of the format. */
export const OPTIMUM_VERSION = "mixlaw/optimum@1";

/** An optimum file. Files of earlier versions lack what is optional. */
export const OPTIMUM = aPart({
  ...judged,
  schema: v.literal(OPTIMUM_VERSION, `it must be "${OPTIMUM_VERSION}"`),
  version: aName,
  undetermined: v.optional(byName(span, aName), () => byNames()),
  at: aPart({ params: v.nullable(aPositive), tokens: v.nullable(aPositive) }),
  laws: byName(aName, aName),
  average: v.optional(shares),
  goal: v.union([v.literal("worst"), numbers], 'it must be "worst", or weights by target'),
  request: v.optional(request),
  robust: v.nullable(aText),
  active: listOf(aPart({ constraint: aText, perPercent: aNumber, perEpoch: aStatistic })),
  trainedLimit: v.nullable(
    aPart({ factor: aPositive, largest: shares, lifted: v.nullable(aPart(judged)) }),
  ),
  otherLaws: listOf(
    aPart({
      law: aName,
      objective: aNumber,
      predicted: numbers,
      gain: aPart({ reference: aNumber, uniform: aNumber }),
    }),
  ),
  lawOptima: v.optional(
    listOf(aPart({ law: aName, weights: shares, distance: atLeastZero, objectives: numbers })),
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
  phases: v.optional(
    aPart({
      each: listOf(
        aPart({
          name: aName,
          fraction: aPositive,
          tokens: v.nullable(aPositive),
          weights: shares,
        }),
      ),
      mean: shares,
      epochs: byName(aStatistic, aName),
      change: atLeastZero,
    }),
  ),
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
  candidates: v.optional(
    listOf(
      aPart({
        name: aName,
        ...judged,
        violated: listOf(aPart({ constraint: aName, by: aNumber })),
        interval: v.nullable(anInterval),
        chanceBest: v.nullable(aNumber),
        meanRank: v.nullable(aNumber),
      }),
    ),
  ),
  exponents: v.optional(exponents),
  verdict: verdictOf(OPTIMUM_STATUSES),
  warnings: texts,
} satisfies EntriesOf<Optimum>);

/** What an optimum has a number of for each of its domains. */
const byDomain = ({ interval: spread, ...optimum }: Optimum): Readonly<Record<string, object>> =>
  given({
    "reference.weights": optimum.reference.weights,
    "uniform.weights": optimum.uniform.weights,
    "trainedLimit.lifted.weights": optimum.trainedLimit?.lifted?.weights,
    "interval.weights": spread?.weights,
    "interval.extremes": spread?.extremes,
    "interval.leftOut": spread?.leftOut,
    allocation: optimum.allocation ?? undefined,
    "lattice.units": optimum.lattice?.units,
    "sharpness.ranges": optimum.sharpness.epsilon > 0 ? optimum.sharpness.ranges : undefined,
    ...Object.fromEntries(
      optimum.search.optima.map(({ weights }, i) => [`search.optima.${i}.weights`, weights]),
    ),
  });

/** What an optimum of phases has a number of for each domain, whatever the phase. */
const byPhaseDomain = ({ phases }: Optimum): Readonly<Record<string, object>> => ({
  ...given({ "phases.epochs": phases?.epochs }),
  ...Object.fromEntries(
    (phases?.each ?? []).map(({ weights }, i) => [`phases.each.${i}.weights`, weights]),
  ),
});

/** What an optimum has a loss, or a law, of for each of its targets. */
const byTarget = (optimum: Optimum): Readonly<Record<string, object>> =>
  given({
    laws: optimum.laws,
    "reference.predicted": optimum.reference.predicted,
    "uniform.predicted": optimum.uniform.predicted,
    "trainedLimit.lifted.predicted": optimum.trainedLimit?.lifted?.predicted,
  });

/** The optimum of a value, all of it checked. */
function readOptimum(value: unknown, words: FileWords): Optimum {
  const other = otherVersion(value, "optimum", [OPTIMUM_VERSION]);
  if (other !== undefined) throw new InputError(`${words.source} ${other}`, { file: words.source });
  const optimum = checkFile(OPTIMUM, value, NO_OPTIMUM, words) as unknown as Optimum;
  const refuse = (path: string, problem: string): never => {
    throw new InputError(`${words.source} ${NO_OPTIMUM}: ${path} ${problem}; ${words.remedy}`, {
      file: words.source,
    });
  };
  const domains = Object.keys(optimum.weights);
  const checkDomains = (all: readonly string[], of: string, values: object, path: string): void => {
    const missing = all.find((domain) => !Object.hasOwn(values, domain));
    if (missing !== undefined) refuse(path, `lacks the domain ${JSON.stringify(missing)}`);
    if (Object.keys(values).length > all.length) refuse(path, `has other domains than ${of}`);
  };
  for (const [path, values] of Object.entries(byDomain(optimum)))
    checkDomains(domains, "the optimum's weights", values, path);
  const inPhases = Object.keys(optimum.phases?.mean ?? {});
  for (const [path, values] of Object.entries(byPhaseDomain(optimum)))
    checkDomains(inPhases, "phases.mean", values, path);
  const targets = Object.keys(optimum.predicted);
  for (const [path, values] of Object.entries(byTarget(optimum))) {
    const missing = targets.find((target) => !Object.hasOwn(values, target));
    if (missing !== undefined) refuse(path, `lacks the target ${JSON.stringify(missing)}`);
  }
  const short = (optimum.interval?.optima ?? []).findIndex((h) => h.length !== domains.length);
  if (short >= 0) refuse(`interval.optima.${short}`, `is not ${domains.length} shares, one a domain`); // prettier-ignore
  return optimum;
}

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
  const optimum = readOptimum(parseJson(text, words), words);
  checked.add(optimum);
  return optimum;
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
  readOptimum(optimum, words);
  checked.add(optimum);
  return optimum;
}
