/** An optimum in a few sentences, for who decides: what to train, its promise, how sure it is. */
import { compact, loss, percent } from "../base/format-number.ts";
import { ownOf } from "../base/known.ts";
import { count, listed } from "../base/wording.ts";
import type { Optimum } from "../mixture/request/optimum.ts";
import { standsAsOptimum } from "../mixture/request/optimum-verdict.ts";
import { ends, gainSentence } from "./certainty.ts";
import { labelOf, uniqueFindings } from "./finding-label.ts";
import { withFlagNames } from "./option-flags.ts";
import { goalWords, lawWords } from "./phrases.ts";
import { proofWords } from "./proof.ts";

/** Domains that are named, the largest shares first. */
const NAMED = 6;
/** Targets whose losses are told one by one. */
const FEW = 4;

export interface OptimumSummary {
  /** The mixture, and the run that it is for. */
  readonly mixture: string;
  /** The predicted losses, and what is gained. */
  readonly promise: string;
  /** What the verdict comes to. */
  readonly certainty: string;
}

/** Every sentence follows from the verdict and the numbers of the file: nothing is judged here. */
export const optimumSummary = (optimum: Optimum): OptimumSummary => ({
  mixture: `${lead(optimum)} ${shares(optimum)}${run(optimum.at)}.`,
  promise: `${losses(optimum)} ${gainSentence(optimum)}`,
  certainty: [`${proofWords(optimum)}.`, ...headline(optimum), findingsCount(optimum)].join(" "),
});

function lead({ verdict }: Optimum): string {
  if (verdict.status === "not-certified") return "Not to be relied on: the search ended at";
  // The fits have a best mixture all the same.
  if (!standsAsOptimum(verdict))
    return "Not to be relied on: the runs do not tell which mixture is best. By the fits it is";
  return verdict.status === "plateau" ? "One of many that are as good:" : "Train on";
}

/** "43.7 % web, 22.8 % books and 3 other domains (12 %)", and which shares are not determined. */
function shares({ weights, undetermined }: Optimum): string {
  const isKnown = ([domain]: readonly [string, number]): boolean =>
    ownOf(undetermined, domain) === undefined;
  const known = Object.entries(weights).filter((entry) => isKnown(entry) && entry[1] > 0);
  const ranked = known.toSorted(([, a], [, b]) => b - a);
  // One domain too many is named and not counted.
  const named = ranked.length <= NAMED + 1 ? ranked : ranked.slice(0, NAMED);
  const rest = ranked.slice(named.length);
  const words = named.map(([domain, share]) => `${percent(share, 3)} ${domain}`);
  const others = rest.reduce((sum, [, share]) => sum + share, 0);
  if (rest.length > 0)
    words.push(`${count(rest.length, "other domain")} (${percent(others, 3)} together)`);
  const open = Object.keys(undetermined);
  const openWords =
    open.length === 0 ? "" : `; the runs do not determine the share of ${listed(open)}`;
  return `${inSeries(words)}${openWords}`;
}

/** All of them, also where there are many. */
const inSeries = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;

function run({ params, tokens }: Optimum["at"]): string {
  const parts = [
    ...(params === null ? [] : [`${compact(params)} parameters`]),
    ...(tokens === null ? [] : [`${compact(tokens)} tokens`]),
  ];
  return parts.length === 0 ? "" : `, for a run of ${parts.join(" and ")}`;
}

/** The losses of few targets with the interval of a new run, of many only the objective. */
function losses(optimum: Optimum): string {
  const { predicted, prediction, objective, laws, goal } = optimum;
  const by = `Predicted by the ${lawWords(laws)}:`;
  const targets = Object.entries(predicted);
  if (targets.length > FEW || goal === "worst")
    return `${by} ${loss(objective)} for ${goalWords(optimum)}.`;
  const each = targets.map(([target, value]) => {
    const interval = ownOf(prediction?.losses, target);
    return `${target} ${loss(value)}${interval === undefined ? "" : ` (${ends(interval, loss)})`}`;
  });
  const level =
    prediction === null
      ? ""
      : `, ${percent(prediction.level)} intervals of ${prediction.of === "run" ? "a new run" : "the law"}`;
  return `${by} ${each.join(", ")}${level}.`;
}

/** Where replicates lead to other basins, that is said first of all. */
const headline = ({ verdict }: Optimum): string[] =>
  verdict.findings
    .filter(({ code }) => code === "replicates-change-basin")
    .map(({ sentence }) => `${capitalized(withFlagNames(sentence))}.`);

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function findingsCount({ verdict }: Optimum): string {
  const findings = uniqueFindings(verdict.findings);
  const warnings = findings.filter(({ code }) => labelOf(code) === "warning").length;
  if (findings.length === 0) return "Its verdict has no findings.";
  return `${count(warnings, "warning")} and ${count(findings.length - warnings, "note")} on it stand below.`;
}
