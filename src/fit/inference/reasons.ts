/** Why a direction is not determined, as sentences about the runs. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Summand } from "../../laws/summands.ts";
import { isCollinear, span, spanWords } from "../result/coverage.ts";
import type { Coverage, Extent } from "../result/fit-file.ts";
import { compact, fixed, percent as percentOf, significant } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";

/** Sizes or counts that span less than this factor leave a power law next to straight. */
const NARROW = 4;
/** At most so many domains are named. */
const NAMED = 2;

/** The law and its runs. */
interface Design {
  readonly law: BoundLaw;
  readonly runs: RunSet;
  readonly coverage: Coverage;
}

/** What about the runs leaves these terms undetermined. `percent`: the noise of a loss. */
export function reasons(
  terms: readonly Summand[],
  members: readonly number[],
  { law, runs, coverage }: Design,
  percent: number,
): string {
  const usesN = terms.some(({ params }) => params);
  const usesD = terms.some(({ tokens }) => tokens);
  const usesShares = terms.some(({ weights }) => weights);
  const isTangled = law.law.uses.params && law.law.uses.tokens && isCollinear(coverage);
  const why = [
    ...(usesN ? scaleReasons("N", runs.inputs["params"], coverage.sizes) : []),
    ...(usesD ? scaleReasons("D", runs.inputs["tokens"], coverage.tokenCounts) : []),
    ...((usesN || usesD) && isTangled ? [collinear(coverage)] : []),
    ...(usesShares ? mixtureReasons(members, law, runs) : []),
  ];
  return why.length === 0
    ? `the noise of the losses (${significant(percent, 2)} %) hides it`
    : why.join("; ");
}

/** Sizes or token counts that are too few, or too near to each other. */
function scaleReasons(
  name: "N" | "D",
  values: Float64Array | undefined,
  distinct: number | null,
): string[] {
  const range = span(values);
  if (range === null || distinct === null) return [];
  const words = spanWords(name, range, distinct);
  if (distinct === 1) return [`your runs have ${words}`];
  if (range.max < NARROW * range.min)
    return [
      `your ${name === "N" ? "sizes" : "token counts"} span too little (${name} from ${compact(range.min)} to ${compact(range.max)})`,
    ];
  return distinct === 2
    ? [`your runs have ${words}, and a constant, a coefficient and an exponent need three`]
    : [];
}

/** "ln N and ln D are collinear (correlation 1.000)". */
export const collinear = ({ correlation }: Coverage): string =>
  `ln N and ln D are collinear (correlation ${fixed(correlation ?? 0, 3)})`;

/** The domains that coordinates belong to. */
export const domainsOf = (members: readonly number[], law: BoundLaw): string[] => [
  ...new Set(
    members.flatMap((i) => {
      const { domain } = law.coordinates[i];
      return domain === undefined ? [] : [law.domains[domain]];
    }),
  ),
];

/** Of coordinates that even alone change no prediction by as much as the noise. */
export function vanished(
  members: readonly number[],
  { law, runs }: Pick<Design, "law" | "runs">,
): string {
  const unused = domainsOf(members, law).filter((domain) =>
    sharesOf(domain, law, runs).every((share) => share === 0),
  );
  return unused.length > 0
    ? `no run has any ${unused.join(", ")}`
    : "it changes no prediction by as much as the noise: the term has vanished";
}

/** Shares of a domain of the law, one a run: the sum over phases where the law knows none. */
function sharesOf(
  domain: string,
  { domains, shares }: BoundLaw,
  { rows, weights }: RunSet,
): Float64Array {
  const [width, k, position] = [shares.length, domains.length, domains.indexOf(domain)];
  return Float64Array.from({ length: rows }, (_, row) => {
    let share = 0;
    for (let i = position; i < width; i += k) share += weights[row * width + i];
    return share;
  });
}

/** What the runs have of mixtures. */
interface Mixtures {
  readonly runs: RunSet;
  readonly distinct: number;
  /** The range of a domain's shares, by the domain's name. */
  readonly ranges: ReadonlyMap<string, Extent>;
}

/** By law: each direction that its runs leave open asks for it. */
const MIXTURES = new WeakMap<BoundLaw, Mixtures>();

function mixturesOf(law: BoundLaw, runs: RunSet): Mixtures {
  const known = MIXTURES.get(law);
  if (known?.runs === runs) return known;
  const width = law.shares.length;
  const mixtures = Array.from({ length: runs.rows }, (_, row) =>
    runs.weights.subarray(row * width, (row + 1) * width).join(),
  );
  const rangeOf = (domain: string): Extent =>
    span(sharesOf(domain, law, runs)) ?? { min: 0, max: 0 };
  const ranges = new Map(law.domains.map((domain) => [domain, rangeOf(domain)]));
  const found = { runs, distinct: new Set(mixtures).size, ranges };
  MIXTURES.set(law, found);
  return found;
}

/** Mixtures that are too few, or shares that are too near to each other. */
function mixtureReasons(members: readonly number[], law: BoundLaw, runs: RunSet): string[] {
  const k = law.domains.length;
  const { distinct, ranges } = mixturesOf(law, runs);
  const domains = domainsOf(members, law);
  const narrow = domains
    .map((domain) => ({ domain, range: ranges.get(domain) ?? { min: 0, max: 0 } }))
    .filter(({ range }) => range.max > 0 && range.max < 2 * range.min && domains.length < k);
  return [
    ...(distinct < 2 * k + 1
      ? [
          `there ${distinct === 1 ? "is one mixture" : `are ${distinct} mixtures`} of ${count(k, "domain")}`,
        ]
      : []),
    ...narrow
      .slice(0, NAMED)
      .map(
        ({ domain, range }) =>
          `shares of ${domain} span too little (${percentOf(range.min, 3)} to ${percentOf(range.max, 3)})`,
      ),
  ];
}
