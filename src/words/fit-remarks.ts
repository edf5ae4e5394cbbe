/**
 * What a reader of fits must know beside the numbers: what happened to the data, and which fits not
 * to rely on.
 */
import { firstOf } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { withFlagNames } from "./option-flags.ts";
import { count, shorten } from "../base/wording.ts";
import type { FailedFit, Fit, FitFile } from "../fit/result/fit-file.ts";
import { canKeep } from "../fit/result/kept-rows.ts";
import { isFailure } from "../fit/result/fit-verdict.ts";
import { fitsByLaw, type LawAndTarget } from "./fits-by-law.ts";
import { noiseWords } from "./noise-floor.ts";
import { undeterminedCount, undeterminedWhy } from "./undetermined.ts";
import { number, percent } from "../base/format-number.ts";

const REASONS: Readonly<Record<string, string>> = {
  where: `that ${option("where")} does not keep`,
  "zero weight": "of weight 0",
  "missing input": "without an input",
  "missing weight": "without a weight",
  "missing loss": "without any loss",
};

/** A sentence on the data or on some fits, and how it is announced. */
export interface Remark {
  readonly label: "note" | "failed" | "warning";
  /** Options in it are written as flags. */
  readonly sentence: string;
}

/** What stands beside the remarks. */
interface Beside {
  /** Whether a fit's parameters are shown: then it is told which are not determined, and why. */
  readonly isShown: (fit: Fit) => boolean;
  /** Where they are told of the others: "--parameters says which and why." */
  readonly elsewhere: string;
}

/** Notes first, then fits that failed, then warnings; what is said of several fits is said once. */
export function fitRemarks(file: FitFile, beside: Beside): Remark[] {
  const { fits, failed = [] } = file;
  const all = [...fits, ...failed];
  const say = (label: Remark["label"], told: ReadonlyMap<string, readonly LawAndTarget[]>) =>
    [...told].map(([text, some]) => ({ label, sentence: `${who(some, all)}: ${text}` }));
  const remarks: Remark[] = [
    ...notesOf(file, beside).map((sentence) => ({ label: "note" as const, sentence })),
    ...say("failed", failuresOf(fits, failed)),
    ...say("warning", warningsOf(fits, beside)),
  ];
  return remarks.map(({ label, sentence }) => ({ label, sentence: withFlagNames(sentence) }));
}

/** How many rows were left out, by reason; options marked. @example "3 rows without any loss" */
export const droppedWords = (dropped: FitFile["data"]["dropped"]): string[] =>
  dropped.map(({ reason, rows }) => `${count(rows, "row")} ${REASONS[reason] ?? reason}`);

/** What is only to know. */
function notesOf({ data, fits, settings }: FitFile, { isShown, elsewhere }: Beside): string[] {
  const dropped = droppedWords(data.dropped);
  const holding = fits.filter(({ verdict }) => verdict.status !== "failed");
  const unseen = undeterminedCount(
    holding.filter((fit) => !isShown(fit)),
    elsewhere,
  );
  return [
    ...(dropped.length === 0 ? [] : [`left out: ${dropped.join(", ")}`]),
    ...data.notes,
    ...(unseen === undefined ? [] : [unseen]),
    ...sampled(fits, data.rows),
    ...(canKeep(data)
      ? []
      : [
          `the fit file does not keep the ${data.rows + data.testRows} rows: a report lacks the plots of them`,
        ]),
    ...scaled(fits, settings),
    ...held(fits),
    ...drawn(fits),
    ...shared(fits),
    ...hopped(holding),
    ...missed(holding),
    ...floors(holding, fits),
    ...bootstrapped(fits),
  ];
}

/** By sentence: the fits of which it says that they are none. */
function failuresOf(
  fits: readonly Fit[],
  failed: readonly FailedFit[],
): ReadonlyMap<string, readonly LawAndTarget[]> {
  const found = fits.map(({ law, target, verdict }) => {
    const findings = verdict.findings.filter(isFailure);
    return { law, target, findings };
  });
  return bySentence(
    [...found, ...failed].flatMap((fit) =>
      fit.findings.map(({ sentence }) => [sentence, fit] as const),
    ),
  );
}

/** By sentence: the fits that it warns of. */
function warningsOf(
  fits: readonly Fit[],
  { isShown }: Beside,
): ReadonlyMap<string, readonly LawAndTarget[]> {
  return bySentence(
    fits.flatMap((fit) => {
      const isFailed = fit.verdict.status === "failed";
      const failures = fit.verdict.findings.filter(isFailure).map(({ sentence }) => sentence);
      const warnings = fit.warnings.filter((sentence) => !failures.includes(sentence));
      const why = !isFailed && isShown(fit) ? undeterminedWhy(fit) : undefined;
      return [...warnings, ...(why === undefined ? [] : [why])].map(
        (sentence) => [sentence, fit] as const,
      );
    }),
  );
}

function bySentence<F>(said: readonly (readonly [string, F])[]): ReadonlyMap<string, readonly F[]> {
  const fits = new Map<string, F[]>();
  for (const [sentence, fit] of said) fits.set(sentence, [...(fits.get(sentence) ?? []), fit]);
  return fits;
}

/**
 * Some fits among all: "joint, every target" of a law, "joint loss_a, loss_b", "every fit" for all.
 */
function who(some: readonly LawAndTarget[], all: readonly LawAndTarget[]): string {
  if (some.length === all.length) return all.length === 1 ? "the fit" : "every fit";
  const laws = fitsByLaw(all);
  return [...fitsByLaw(some)]
    .map(([law, ofLaw]) => {
      const every = ofLaw.length > 1 && ofLaw.length === laws.get(law)?.length;
      if (every) return `${law}, every target`;
      const targets = ofLaw.map((fit) => fit.target);
      return `${law} ${shorten(targets, 4)}`;
    })
    .join("; ");
}

/** Fits told of one by one; the fit file has all. */
const MOST = 4;

/** Whether fits are at the noise floor. */
function floors(some: readonly Fit[], all: readonly Fit[]): string[] {
  const sentences = some.flatMap((fit) =>
    noiseWords(fit).map((text) => `${who([fit], all)}: ${text}`),
  );
  const more = sentences.length - MOST;
  return [
    ...sentences.slice(0, MOST),
    ...(more > 0 ? [`noise: the same of ${more} more in the fit file, under "noise"`] : []),
  ];
}

/** That starts were searched on a sample of the rows. */
function sampled(fits: readonly Fit[], rows: number): string[] {
  const sizes = new Set(fits.flatMap(({ search }) => search.sampledRows ?? []));
  if (sizes.size === 0) return [];
  const words = [...sizes].toSorted((a, b) => a - b).join(" and ");
  const isStopped = fits.some(({ search }) => search.status === "interrupted");
  return [
    `starts were searched on a sample of ${words} of ${rows} rows, which the shares of starts and the back-tests are of${isStopped ? "" : "; the best was then fitted to all of them"}`,
  ];
}

/** δ where it follows losses of unusual size. */
function scaled(fits: readonly Fit[], { delta: usual }: FitFile["settings"]): string[] {
  const moved = new Map(
    fits.flatMap(({ target, delta }) =>
      delta === undefined || delta === usual ? [] : [[target, delta] as const],
    ),
  );
  if (moved.size === 0) return [];
  const each = [...moved].map(([target, delta]) => `${target} ${number(delta, 3)}`);
  return [
    `δ is ${usual} times the median loss where that is below 0.1 or above 20 (${shorten(each, 4)}): ${option("delta", "X")} sets it`,
  ];
}

/** Which parameters were not fitted. */
function held(fits: readonly Fit[]): string[] {
  return [...fitsByLaw(fits)].flatMap(([law, ofLaw]) => {
    const { fixed, tied } = firstOf(ofLaw);
    const parts = [
      ...Object.entries(fixed).map(([name, value]) => `${name} is held at ${value}`),
      ...Object.entries(tied).map(([name, other]) => `${name} is tied to ${other}`),
    ];
    return parts.length === 0 ? [] : [`${law}: ${shorten(parts)}`];
  });
}

/** Which parameters the targets have in common, and which statements are of one target alone. */
function shared(fits: readonly Fit[]): string[] {
  return [...fitsByLaw(fits)].flatMap(([law, ofLaw]) => {
    const { common = [] } = firstOf(ofLaw);
    return common.length === 0 ? [] : [`${law}: the targets have in common ${shorten(common)}`];
  });
}

/** λ of the ridge, the same for all targets or the range of it. */
function drawn(fits: readonly Fit[]): string[] {
  return [...fitsByLaw(fits)].flatMap(([law, ofLaw]) => {
    const ridges = ofLaw.flatMap(({ ridge }) => ridge ?? []);
    if (ridges.length === 0) return [];
    const names = [...new Set(ridges.flatMap(({ parameters }) => Object.keys(parameters)))];
    const each = names.map((name) => {
      const strengths = ridges.flatMap(({ parameters }) => parameters[name] ?? []);
      const [least, most] = [Math.min(...strengths), Math.max(...strengths)];
      return `${name} ${[...new Set([least, most])].map((x) => number(x, 3)).join(" to ")}`;
    });
    const isFound = ridges.some(({ tried }) => tried !== undefined);
    const how = isFound ? `, by cross-validation${givenTo(ofLaw)}` : "";
    return [`${law}: a ridge draws parameters, λ ${shorten(each)}${how}`];
  });
}

/** What took the λ that was found as given, and what of it is not told therefore. */
function givenTo(fits: readonly Fit[]): string {
  const isTested = fits.some(({ backtests }) => backtests !== undefined);
  const isInterval = fits.some(({ bootstrap, profile }) => bootstrap !== null || profile !== undefined); // prettier-ignore
  return [
    isTested ? "; the refits of back-tests keep it, which has seen the runs that they predict" : "",
    isInterval ? "; intervals do not have its choice in them" : "",
  ].join("");
}

type Bootstrap = NonNullable<Fit["bootstrap"]>;

/** How the intervals of each law were made, and which refits did not end as they should. */
function bootstrapped(fits: readonly Fit[]): string[] {
  return [...fitsByLaw(fits)].flatMap(([law, ofLaw]) => {
    const refitted = ofLaw.flatMap(({ target, bootstrap }) =>
      bootstrap === null ? [] : [{ target, bootstrap }],
    );
    if (refitted.length === 0) return [];
    const counted = (what: string, countOf: (bootstrap: Bootstrap) => number): string[] => {
      const counts = refitted
        .map(({ target, bootstrap }) => ({ target, n: countOf(bootstrap) }))
        .filter(({ n }) => n > 0)
        .map(({ target, n }) => `${target} ${n}`);
      return counts.length === 0 ? [] : [`${what}: ${counts.join(", ")}`];
    };
    const { replicates, group, blocks, level, interval } = firstOf(refitted).bootstrap;
    const kind = `${interval === "bca" ? "BCa" : "percentile"} intervals at ${percent(level)}`;
    const parts = [
      `${law}: ${count(replicates, "bootstrap replicate")} of ${blocks} ${group === null ? "rows" : `values of ${group}`}, ${kind}`,
      ...counted("refits still moving at the end", ({ unconverged }) => unconverged),
      ...counted("best in another basin", ({ otherBasin }) => otherBasin),
    ];
    return [parts.join("; ")];
  });
}

/** The largest chance that a search has missed an optimum, and where it is. */
function missed(fits: readonly Fit[]): string[] {
  const chances = fits.flatMap((fit) => {
    const { unseen, followed } = fit.search;
    return typeof unseen !== "number" || followed === undefined
      ? []
      : [{ fit, unseen, least: 1 / followed }];
  });
  if (chances.length === 0) return [];
  const size = ({ unseen, least }: (typeof chances)[number]): number => Math.max(unseen, least);
  const most = chances.reduce((a, b) => (size(b) > size(a) ? b : a));
  const percents = `${most.unseen === 0 ? "below" : "about"} ${number(100 * size(most), 2)} %`;
  const where = chances.length === 1 ? "" : `, most of ${most.fit.law} ${most.fit.target}`;
  return [
    `the chance that another start would end in an optimum that none has: ${percents}${where}`,
  ];
}

/** Where no start agreed, that is nothing to worry about when the hops from the best ones did. */
function hopped(fits: readonly Fit[]): string[] {
  const found = fits
    .filter(({ search }) => search.reachedBest === 0 && search.hops.reachedBest > 1)
    .map(
      ({ law, target, search: { hops } }) =>
        `${law} ${target} ${hops.reachedBest} of ${hops.starts}`,
    );
  if (found.length === 0) return [];
  return [
    `where no start agreed with the best fit, hops from the best starts found it, and agreed: ${shorten(found, 4)}`,
  ];
}
