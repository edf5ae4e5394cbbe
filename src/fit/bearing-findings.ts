/**
 * What was found of fits that bears on an answer given by them: said again by `optimize` and
 * `predict`, since who reads the answer may never have seen the fit.
 */
import { bearsOn, type Bearing, type Claim } from "../base/claims.ts";
import { compact, errorPercent, number } from "../base/format-number.ts";
import { firstOf } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { count, plural, shorten } from "../base/wording.ts";
import { labelOf } from "../laws/parameters/parameters.ts";
import { lawIn } from "./file/law-of-fit.ts";
import { restore } from "./predict.ts";
import type { Extent, Fit, FitFile } from "./result/fit-file.ts";
import { upgraded } from "./result/upgrade-fit-file.ts";

/** What may be missing in a file of an earlier version, or one that was cut down. */
type Sparse = Pick<Fit, "law" | "target"> & Partial<Fit>;

/** Below this chance of being none, lack of fit is told. */
const CHANCE = 0.01;
/** Targets and parameters that are named in one sentence. */
const NAMED = 4;

/**
 * The findings, grouped: many targets have one sentence, which says the law and the targets that it
 * is of.
 *
 * @param fits those that the answer is made of; a file of version 1 is read as one of version 2
 * @param what the answer: predicted losses, or the best mixture
 * @example bearingFindings(file, file.fits, "predictions").map(({ sentence }) => sentence)
 */
export function bearingFindings(
  file: FitFile,
  fits: readonly Pick<Fit, "law" | "target">[],
  what: Exclude<Bearing, "parameters">,
): Finding[] {
  const used = upgraded(file).fits.filter((fit) =>
    fits.some(({ law, target }) => law === fit.law && target === fit.target),
  );
  return byLaw(used).flatMap((ofLaw) => [
    ...repeated(ofLaw, what),
    ...atBound(file, ofLaw),
    ...(what === "optimum" ? notDetermined(file, ofLaw) : []),
    ...lackOfFit(ofLaw),
    ...heldOut(ofLaw),
  ]);
}

/** The fits in groups of one law. */
function byLaw<F extends Sparse>(fits: readonly F[]): F[][] {
  const laws = [...new Set(fits.map(({ law }) => law))];
  return laws.map((law) => fits.filter((fit) => fit.law === law));
}

/** "additive fit of loss_a", "additive fits of loss_a, loss_b and 6 more". */
const fitsInWords = (fits: readonly Sparse[]): string =>
  `${firstOf(fits).law} ${plural(fits.length, "fit")} of ${targetsInWords(fits)}`;

const targetsInWords = (fits: readonly Sparse[]): string =>
  shorten(
    fits.map(({ target }) => target),
    NAMED,
  );

const targetsOf = (fits: readonly Sparse[]): string[] => fits.map(({ target }) => target);

/** What the verdicts of the fits say, each code once. */
function repeated(fits: readonly Fit[], what: Bearing): Finding[] {
  const byCode = new Map<Claim, { readonly fit: Fit; readonly sentence: string }[]>();
  for (const fit of fits)
    for (const { code, sentence } of fit.verdict.findings)
      if (bearsOn(code, what)) byCode.set(code, [...(byCode.get(code) ?? []), { fit, sentence }]);
  return [...byCode].map(([code, found]) => {
    const some = [...new Set(found.map(({ fit }) => fit))];
    const sentences = [...new Set(found.map(({ sentence }) => sentence))];
    const alike = sentences.length === 1 ? "" : ` (of ${firstOf(some).target}; others alike)`;
    return finding(code, `${fitsInWords(some)}: ${firstOf(sentences)}${alike}`, targetsOf(some));
  });
}

/** Parameters that ended at a bound of their range. */
function atBound(file: FitFile, fits: readonly Fit[]): Finding[] {
  const bounded = fits.filter((fit) => boundNames(fit).length > 0);
  if (bounded.length === 0) return [];
  const labelsOf = (fit: Fit): string[] => {
    const { coordinates } = restore(file, fit).law;
    return boundNames(fit).map(
      (name) => coordinates.find((coordinate) => coordinate.name === name)?.label ?? name,
    );
  };
  return [
    finding(
      "parameters-at-bound",
      `${fitsInWords(bounded)}: ${namesByCount(bounded, labelsOf)} at a bound of the range: another value may fit better`,
      targetsOf(bounded),
    ),
  ];
}

const boundNames = ({ certificate }: Sparse): readonly string[] => certificate?.atBound ?? [];

/** "E, gamma[web]" where all fits have the same, "E (7 of 8), gamma[web] (1)" where not. */
function namesByCount<F extends Sparse>(
  fits: readonly F[],
  namesOf: (fit: F) => readonly string[],
): string {
  const counts = new Map<string, number>();
  for (const fit of fits)
    for (const name of namesOf(fit)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranked = [...counts].toSorted(([, a], [, b]) => b - a);
  const isSame = ranked.every(([, n]) => n === fits.length);
  return shorten(
    ranked.map(([name, n], i) =>
      isSame ? name : `${name} (${i === 0 ? `${n} of ${count(fits.length, "fit")}` : n})`,
    ),
    NAMED,
  );
}

/** Labels of the parameters that have a value for each domain. */
function labelsByDomain(file: FitFile, fit: Fit): ReadonlySet<string> {
  const { law, theta } = restore(file, fit);
  return new Set(
    Object.entries(law.reportAt(theta)).flatMap(([name, value]) =>
      typeof value === "number" || value === null
        ? []
        : Object.keys(value).map((domain) => labelOf(name, domain)),
    ),
  );
}

/**
 * Parameters that the runs do not determine and on which the best mixture depends, or of laws
 * without a mixture the best N and D: those of domains, or all but the constant E.
 */
function notDetermined(file: FitFile, fits: readonly Fit[]): Finding[] {
  const { weights } = lawIn(file, firstOf(fits).law).uses;
  const lost = (fit: Fit): string[] => {
    const { certificate } = fit as Sparse;
    const ofDomains = labelsByDomain(file, fit);
    return (certificate?.notIdentified ?? []).filter((label) =>
      weights ? ofDomains.has(label) : label !== "E",
    );
  };
  const some = fits.filter((fit) => lost(fit).length > 0);
  if (some.length === 0) return [];
  return [
    finding(
      weights ? "mixture-not-determined" : "size-terms-not-determined",
      `${fitsInWords(some)}: the runs do not determine ${namesByCount(some, lost)}`,
      targetsOf(some),
    ),
  ];
}

/** Residuals that are larger than runs of one configuration differ. */
function lackOfFit(fits: readonly Sparse[]): Finding[] {
  const chanceOf = ({ noise }: Sparse): number => noise?.lackOfFit?.p ?? 1;
  const lacking = fits.filter((fit) => chanceOf(fit) < CHANCE);
  if (lacking.length === 0) return [];
  const least = Math.min(...lacking.map(chanceOf));
  return [
    finding(
      "lack-of-fit",
      `${fitsInWords(lacking)}: the law misses something that repeats from run to run (lack of fit, p ${least < 1e-4 ? "< 1e-4" : `= ${number(least, 2)}`})`,
      targetsOf(lacking),
    ),
  ];
}

/** How far predictions were from runs that were held out. */
function heldOut(fits: readonly Sparse[]): Finding[] {
  const errors = fits.flatMap(({ target, test }) =>
    test === null || test === undefined || test.mrePercent === null
      ? []
      : [{ target, rows: test.rows, percents: test.mrePercent }],
  );
  if (errors.length === 0) return [];
  const ranked = errors.toSorted((a, b) => b.percents - a.percents);
  return [
    finding(
      "held-out-error",
      `${firstOf(fits).law} ${plural(errors.length, "fit")}: mean error on ${count(firstOf(ranked).rows, "run")} that ${firstOf(ranked).rows === 1 ? "was" : "were"} held out: ${shorten(
        ranked.map(({ target, percents }) => `${target} ${errorPercent(percents)} %`),
        2 * NAMED,
      )}`,
      ranked.map(({ target }) => target),
    ),
  ];
}

/** Laws that are asked at an N or D that they do not have. */
export function sizeFindings(
  file: FitFile,
  fits: readonly Pick<Fit, "law" | "target">[],
  asked: { readonly params: boolean; readonly tokens: boolean },
): Finding[] {
  const scales = [
    { name: "params", symbol: "N" },
    { name: "tokens", symbol: "D" },
  ] as const;
  return byLaw(fits).flatMap((ofLaw) => {
    const { uses } = lawIn(file, firstOf(ofLaw).law);
    const missing = scales.filter(({ name }) => asked[name] && !uses[name]);
    if (missing.length === 0) return [];
    const symbols = missing.map(({ symbol }) => symbol).join(" or ");
    const trained = missing.flatMap(({ name, symbol }) => {
      const range = file.data.range[name];
      return range === null ? [] : [`${symbol} ${rangeInWords(range)}`];
    });
    const at = trained.length === 0 ? "of its runs" : `of its runs (${trained.join(", ")})`;
    return [
      finding(
        "law-without-size",
        `${fitsInWords(ofLaw)}: the law does not depend on ${symbols}, so the answer is the same at any ${missing.map(({ name }) => option(name)).join(" and ")}: it holds at the scale ${at}, and what changes with scale is not known`,
        targetsOf(ofLaw),
      ),
    ];
  });
}

const rangeInWords = ({ min, max }: Extent): string =>
  min === max ? compact(min) : `${compact(min)} to ${compact(max)}`;
