/**
 * Which shares of a mixture the runs of its fits do not tell, and which the constraints leave none.
 */
import { byNames } from "../base/objects.ts";
import { itemAt } from "../base/known.ts";
import { percent, significant } from "../base/format-number.ts";
import { option } from "../base/option-text.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { listed, shorten } from "../base/wording.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { gapFindings, shareGaps } from "../fit/result/known-shares.ts";
import { isTrainedLimit } from "./constraints/kinds/trained-shares.ts";
import { withoutTrainedLimits } from "./constraints/region.ts";
import type { Problem } from "./problem/pose-problem.ts";
import { type ShareRange, shareRange } from "./share-ranges.ts";
import type { Polytope } from "./solver/polytope.ts";
import { feasiblePieces } from "./solver/solve.ts";

/** A range of shares narrower than this is one share. */
const NARROW = 1e-6;
/** Domains that are named in one sentence. */
const NAMED = 8;

/** What the runs do not tell of the shares of a request. */
export interface SharesTold {
  /** By domain: the shares that are allowed, none of which the runs prefer. */
  readonly undetermined: Readonly<Record<string, ShareRange>>;
  readonly findings: readonly Finding[];
}

/**
 * The shares that the runs do not tell. Their ranges are those that the request's own constraints
 * allow; of domains that vary together, with the sum that was chosen.
 * @param h the optimum
 */
export function sharesTold({ data }: FitFile, problem: Problem, h: Float64Array): SharesTold {
  const { domains, region, reference } = problem;
  const gaps = shareGaps(data);
  if (gaps.length === 0) return { undetermined: byNames(), findings: [] };
  const pieces = feasiblePieces(withoutTrainedLimits(region));
  const ranges = gaps.flatMap(({ kind, domains: members }) => {
    const places = members.map((domain) => domains.indexOf(domain));
    const kept = kind === "together" ? places : [];
    return members.map((domain, n) => {
      const range = shareRange(pieces, region.curved, [h, reference], itemAt(places, n), kept);
      return [domain, range] as const;
    });
  });
  const open = ranges.filter(([, [low, high]]) => high - low > NARROW);
  const isOpen = (domain: string): boolean => open.some(([name]) => name === domain);
  const bearing = gaps.filter((gap) => gap.domains.some(isOpen));
  return {
    undetermined: byNames(open),
    findings: [...gapFindings(bearing), ...undeterminedFindings(problem, h, open)],
  };
}

/** "0 … 100 %" */
const rangeInWords = ([low, high]: ShareRange): string =>
  `${significant(100 * low, 3)} … ${percent(high, 3)}`;

function undeterminedFindings(
  { domains, region }: Problem,
  h: Float64Array,
  open: readonly (readonly [string, ShareRange])[],
): Finding[] {
  if (open.length === 0) return [];
  const names = open.map(([domain]) => domain);
  const ranges = open.map(([domain, range]) => `${domain} (${rangeInWords(range)})`);
  const isBarred = (domain: string): boolean =>
    region.limits.some(
      ({ name, max, coefficients }) =>
        isTrainedLimit(name) && max === 0 && coefficients[domains.indexOf(domain)] !== 0,
    );
  const chosen = names
    .filter((domain) => !isBarred(domain))
    .map((domain) => `${percent(itemAt(h, domains.indexOf(domain)), 3)} ${domain}`);
  const barred = names.filter(isBarred);
  const [only] = open;
  const what =
    open.length === 1 && only !== undefined
      ? `the share of ${only[0]} is not determined by these runs (${rangeInWords(only[1])})`
      : `shares not determined by these runs: ${shorten(ranges, NAMED)}`;
  const because = [
    ...(chosen.length === 0
      ? []
      : [`that the mixture has ${listed(chosen)} follows from the law's formula alone`]),
    ...(barred.length === 0
      ? []
      : [
          `without any trained, ${listed(barred)} ${barred.length === 1 ? "stays" : "stay"} 0 unless ${option("beyond")} lifts that`,
        ]),
  ];
  return [finding("shares-not-determined", `${what}: ${because.join("; ")}`, names)];
}

/** Domains that constraints leave no share together, though none forbids it by itself. */
export function leftOutFindings({ domains, region }: Problem, h: Float64Array): Finding[] {
  const pieces = feasiblePieces(region);
  if (pieces.every(({ rows }) => rows.length === 0)) return [];
  const isLeftOut = (piece: Polytope, i: number): boolean =>
    shareRange([piece], [], [h], i)[1] <= NARROW;
  const none = domains.filter(
    (_, i) =>
      pieces.some(({ upper }) => itemAt(upper, i) > NARROW) &&
      pieces.every((piece) => isLeftOut(piece, i)),
  );
  if (none.length === 0) return [];
  const isInvolved = (coefficients: Float64Array): boolean =>
    none.some((domain) => itemAt(coefficients, domains.indexOf(domain)) !== 0);
  const limits = [...new Set(pieces.flatMap(({ rows }) => rows))]
    .filter(({ coefficients }) => isInvolved(coefficients))
    .map(({ name }) => name);
  return [
    finding(
      "left-out-by-constraints",
      `${listed(limits)} hold together only where there is no ${listed(none)}: ${none.length === 1 ? "it" : "they"} can have no share at all`,
      none,
    ),
  ];
}
