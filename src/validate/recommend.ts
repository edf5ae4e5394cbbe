/** Which law to use, and whether the rows held out can tell: in sentences, decided here alone. */
import { compact, fixed, percent, signed } from "../base/format-number.ts";
import { itemAt } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { count, shorten } from "../base/wording.ts";
import type { BaselineScore, Conclusion, Difference, LawScore } from "./validation.ts";

/** Whether an interval leaves it open which of two is better. */
const isOpen = (interval: Difference["interval"]): boolean => interval === null || interval[0] <= 0;

/**
 * The law to use: the best on the rows held out, or, of those that cannot be told from it, the one
 * with the fewest parameters. None where the rows held out are predicted as well without a law.
 *
 * @param laws best first; one at least
 * @param level of the intervals
 * @param isSharing whether rows share errors: see `isSharingErrors`
 */
export function recommend(
  laws: readonly LawScore[],
  baselines: readonly BaselineScore[],
  level: number,
  isSharing: boolean,
): Conclusion {
  const best = itemAt(laws, 0);
  const rivals = laws.filter(({ behind }) => behind !== null && isOpen(behind.interval));
  const [chosen = best] = [best, ...rivals].toSorted((a, b) => a.parameters - b.parameters);
  const needless = baselines.find(({ behind: { difference, interval } }) =>
    interval === null ? difference <= 0 : isOpen(interval),
  );
  const findings =
    needless === undefined
      ? [...choice(best, chosen, rivals, laws.length === 1, level), ...reversals(chosen, laws)]
      : [noBetter(best, needless, level)];
  return {
    law: needless === undefined ? chosen.law : null,
    rivals: needless === undefined ? [best, ...rivals].flatMap(({ law }) => law === chosen.law ? [] : [law]) : [], // prettier-ignore
    findings: isSharing ? [...findings, withoutCriteria()] : findings,
  };
}

const withoutCriteria = (): Finding =>
  finding(
    "criteria-left-out",
    `AICc and BIC are left out: rows of one group, or of equal N and shares, share their errors, and the criteria would count each as a run of its own. The rows held out do not mind`,
  );

/** "+0.117 points (95 %: +0.094 … +0.140)". */
const points = (
  { difference, interval }: Pick<Difference, "difference" | "interval">,
  level: number,
): string =>
  // prettier-ignore
  `${signed(difference, 3)} points${interval === null ? ", without an interval" : ` (${percent(level)}: ${interval.map((end) => signed(end, 3)).join(" … ")})`}`;

function choice(
  best: LawScore,
  chosen: LawScore,
  rivals: readonly LawScore[],
  isAlone: boolean,
  level: number,
): Finding[] {
  const error = ({ mean }: LawScore): string =>
    mean.mrePercent === null ? "" : ` (error ${fixed(mean.mrePercent, 3)} %)`;
  if (rivals.length === 0) {
    const worse = isAlone ? "a mean does, and no other was compared" : "each other law does";
    return [
      finding(
        "law-to-use",
        `use ${chosen.law}: it predicts the rows held out better than ${worse}${error(chosen)}`,
        [chosen.law],
      ),
    ];
  }
  const others = rivals.map(
    (law) => `${law.law} ${law.behind === null ? "" : points(law.behind, level)}`,
  );
  return [
    finding(
      "laws-not-told-apart",
      `use ${chosen.law}, ${chosen === best ? "which also predicts the rows held out best" : `the smallest of the laws (${count(chosen.parameters, "parameter")}) that they cannot tell from the best, ${best.law}`}${error(chosen)}: the paired differences to ${best.law} leave open which is better, ${shorten(others, 3)}`,
      [chosen.law],
    ),
  ];
}

const noBetter = (best: LawScore, { name, behind }: BaselineScore, level: number): Finding =>
  finding(
    "no-better-than-mean",
    `use none of these laws: ${best.law}, the best of them, does not predict the rows held out better than the ${name} does, which is ${points(behind, level)} behind it`,
    [best.law],
  );

/**
 * Whether a law that was fitted to the smaller sizes predicts the largest better than the chosen.
 */
function reversals({ law, beyond }: LawScore, laws: readonly LawScore[]): Finding[] {
  if (beyond === null) return [];
  const further = laws.find((other) => other.beyond !== null && other.beyond.behind === null);
  const size = `N = ${compact(beyond.params)}`;
  if (further === undefined || laws.length === 1) return [];
  if (beyond.behind === null || isOpen(beyond.behind.interval))
    return [
      finding(
        "ranks-hold-beyond",
        `at the largest size, ${size}, fitted to the smaller ones, ${beyond.behind === null ? `${law} is the best too` : `${law} cannot be told from the best, ${further.law}`}: no reversal is seen at a further scale`,
        [law],
      ),
    ];
  return [
    finding(
      "ranks-reverse",
      `at the largest size, ${size}, fitted to the smaller ones, ${further.law} predicts better than ${law} (by ${fixed(beyond.behind.difference, 3)} points): for larger runs prefer ${further.law}, and look with ${option("by", "largest")}`,
      [law, further.law],
    ),
  ];
}
