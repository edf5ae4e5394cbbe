/** Why a direction is not determined, as sentences about the runs. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Summand } from "../../laws/summands.ts";
import { isCollinear, span, spanWords } from "../result/coverage.ts";
import type { Coverage } from "../result/fit-file.ts";
import { compact, fixed, percent as percentOf, significant } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";

/** Sizes or counts that span less than this factor leave a power law next to straight. */
const NARROW = 4;

/** What about the runs leaves these terms undetermined. `percent`: the noise of a loss. */
export function reasons(
  terms: readonly Summand[],
  members: readonly number[],
  {
    law,
    runs,
    coverage,
  }: { readonly law: BoundLaw; readonly runs: RunSet; readonly coverage: Coverage },
  percent: number,
): string {
  const found: string[] = [];
  const uses = {
    N: terms.some((t) => t.params),
    D: terms.some((t) => t.tokens),
    h: terms.some((t) => t.weights),
  };
  const scale = (
    name: "N" | "D",
    values: Float64Array | undefined,
    distinct: number | null,
  ): void => {
    const range = span(values);
    if (!uses[name] || range === null || distinct === null) return;
    const words = spanWords(name, range, distinct);
    const what = name === "N" ? "sizes" : "token counts";
    if (distinct === 1) found.push(`your runs have ${words}`);
    else if (range.max < NARROW * range.min)
      found.push(
        `your ${what} span too little (${name} from ${compact(range.min)} to ${compact(range.max)})`,
      );
    else if (distinct === 2)
      found.push(
        `your runs have ${words}, and a constant, a coefficient and an exponent need three`,
      );
  };
  scale("N", runs.inputs["params"], coverage.sizes);
  scale("D", runs.inputs["tokens"], coverage.tokenCounts);
  if ((uses.N || uses.D) && law.law.uses.params && law.law.uses.tokens && isCollinear(coverage))
    found.push(collinear(coverage));
  if (uses.h) found.push(...mixtures(members, law, runs));
  return found.length === 0
    ? `the noise of the losses (${significant(percent, 2)} %) hides it`
    : found.join("; ");
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
  { law, runs }: { readonly law: BoundLaw; readonly runs: RunSet },
): string {
  const k = law.domains.length;
  const unused = domainsOf(members, law).filter((domain) => {
    const at = law.domains.indexOf(domain);
    return Array.from({ length: runs.rows }, (_, row) => runs.weights[row * k + at]).every(
      (h) => h === 0,
    );
  });
  return unused.length > 0
    ? `no run has any ${unused.join(", ")}`
    : "it changes no prediction by as much as the noise: the term has vanished";
}

function mixtures(members: readonly number[], law: BoundLaw, runs: RunSet): string[] {
  const k = law.domains.length;
  const distinct = new Set(
    Array.from({ length: runs.rows }, (_, row) =>
      runs.weights.subarray(row * k, (row + 1) * k).join(),
    ),
  ).size;
  const domains = domainsOf(members, law);
  const of = (domain: string) =>
    Array.from(
      { length: runs.rows },
      (_, row) => runs.weights[row * k + law.domains.indexOf(domain)],
    );
  const ranges = domains.map((domain) => ({
    domain,
    range: span(of(domain)) ?? { min: 0, max: 0 },
  }));
  const said: string[] = [];
  if (distinct < 2 * k + 1)
    said.push(
      `there ${distinct === 1 ? "is one mixture" : `are ${distinct} mixtures`} of ${count(k, "domain")}`,
    );
  const narrow = ranges.filter(
    ({ range }) => range.max > 0 && range.max < 2 * range.min && domains.length < k,
  );
  said.push(
    ...narrow
      .slice(0, 2)
      .map(
        ({ domain, range }) =>
          `shares of ${domain} span too little (${percentOf(range.min, 3)} to ${percentOf(range.max, 3)})`,
      ),
  );
  return said;
}
