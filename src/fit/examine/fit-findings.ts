/** What a reader of a fit must know, as findings. */
import { firstOf } from "../../base/known.ts";
import { exponential, significant } from "../../base/format-number.ts";
import { option } from "../../base/option-text.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { shorten } from "../../base/wording.ts";
import type { AgainstConstant } from "../inference/against-constant.ts";
import { cure } from "../inference/cure.ts";
import type { Fitted } from "../inference/fitted.ts";
import type { Identified } from "../inference/identify.ts";
import { collinear } from "../inference/reasons.ts";
import type { SlopeTest } from "./slopes-by-mixture.ts";
import type { Profiles } from "../profile/summary.ts";
import { isCollinear } from "../result/coverage.ts";
import type { LawForm } from "../../laws/law.ts";
import type { Search } from "../result/fit-file.ts";

/**
 * From this |ρ| on, a collinear design is worth a warning even when the fit seems to determine its
 * parameters: a variance inflation 1/(1 − ρ²) of 100.
 */
const NEARLY_ONE = 0.995;

/** Whether the search came to an end, and came there more than once. */
export function searchFindings(
  { status, starts, followed = starts, reachedBest, hops }: Search,
  gradientNorm: number,
): Finding[] {
  const findings: Finding[] = [];
  if (status === "interrupted")
    findings.push(
      finding("interrupted", "interrupted: this is the best found so far, not a finished fit"),
    );
  if (status === "not-converged")
    findings.push(
      finding(
        "not-converged",
        `the polish did not converge (scaled gradient norm ${exponential(gradientNorm, 1)}): more ${option("restarts")} or a smaller law may help`,
      ),
    );
  const reached = reachedBest + hops.reachedBest;
  if (reached <= 1 && starts > 1)
    findings.push(
      finding(
        "few-starts-agree",
        `${reached === 0 ? "none" : "only one"} of ${followed} starts that were followed to their end and ${hops.starts} hops came within 0.1 % of the best fit: a better one may exist; try more ${option("restarts")}`,
      ),
    );
  return findings;
}

/**
 * A fit may be this much worse than a constant by squares, and better by the loss that was fitted.
 */
const FAR = -1;

/**
 * Whether a fit is better than one number for all runs. By squares it may be a little worse where a
 * robust loss counts a few rows for little that are far off.
 */
export function constantFindings({ r2, hasLessLoss, isExact }: AgainstConstant): Finding[] {
  if (isExact || (r2 !== null && r2 > 0)) return [];
  if (r2 === null)
    return [
      finding(
        "worse-than-constant",
        "every loss is the same number, and the law does not meet it: it is no fit",
      ),
    ];
  const squares = `R² ${significant(r2, 3)} on the scale of the residual, with the weights of the fit`;
  return hasLessLoss && r2 > FAR
    ? [
        finding(
          "far-rows",
          `by squares the fit is worse than a constant (${squares}), by the loss that was fitted it is better: a few rows are far from the law and count for little. Look at them before the fit is used`,
        ),
      ]
    : [
        finding(
          "worse-than-constant",
          `it predicts worse than one number for all runs (${squares}): it is no fit`,
        ),
      ];
}

/**
 * Warnings about a design that cannot tell N and D apart, with runs that would cure it. The
 * certificate has which parameters are not determined, and why.
 */
export function designFindings(fitted: Fitted, identified: Identified): Finding[] {
  const { law, coverage } = fitted;
  const isLost = identified.notIdentified.length > 0;
  const isTangled = law.law.uses.params && law.law.uses.tokens && isCollinear(coverage);
  if (!isLost && !(isTangled && Math.abs(coverage.correlation ?? 0) >= NEARLY_ONE)) return [];
  const findings: Finding[] = [];
  if (isTangled)
    findings.push(
      finding(
        "collinear-sizes",
        `α and β ${isLost ? "cannot" : "can hardly"} be told apart: ${collinear(coverage)}`,
      ),
    );
  const remedy = cure(fitted, identified);
  if (remedy !== undefined)
    findings.push(
      finding(
        "runs-to-add",
        `to ${isTangled ? "cure that" : `determine ${shorten(remedy.lost, 4)}`}, ${remedy.sentence}`,
      ),
    );
  return findings;
}

/**
 * From this F on, slopes by mixture are told, where chance is ruled out besides. In 60 tables drawn
 * from the additive law that was fitted, with errors in percent of the loss that a mixture's runs
 * have in common, F was at most 3.6; in 60 drawn from a joint law, 13 to 89 (the design of
 * bench/evidence/groups.ts).
 */
const STEEP = 4;
/** The largest chance of such an F among mixtures that fall alike. */
const CHANCE = 1e-3;

/** Whether losses fall with N otherwise in one mixture than in another than the law says. */
export function slopeFindings(test: SlopeTest | undefined): Finding[] {
  if (test === undefined || test.F < STEEP || test.p > CHANCE) return [];
  return [
    finding(
      "slopes-by-mixture",
      `how losses fall with N differs from mixture to mixture by more than the law says (F above ${STEEP}): intervals of its parameters and of its own value may hold the truth less often than their level. Another law of N and the mixture may fit better`,
    ),
  ];
}

/** Where the fitted form is another than the published one. */
export const formFindings = ({ beyond = [] }: LawForm): Finding[] =>
  beyond.map((sentence) => finding("beyond-published-form", sentence));

/** Profiles that go through a fit better than the best, and those of which an end is not known. */
export function profileFindings(profiled: Profiles | undefined): Finding[] {
  if (profiled === undefined) return [];
  const { profiles, unreached } = profiled;
  const findings: Finding[] = [];
  const better = Object.entries(profiles).flatMap(([name, { better: objective }]) =>
    objective === null ? [] : [{ name, objective }],
  );
  if (better.length > 0)
    findings.push(
      finding(
        "better-fit-in-profile",
        `the profile of ${shorten(better.map(({ name }) => name))} goes through a better fit (objective ${exponential(firstOf(better).objective, 3)}): try more ${option("restarts")}`,
      ),
    );
  if (unreached.length > 0)
    findings.push(
      finding(
        "profile-not-walked",
        `the profile of ${shorten(unreached)} was not walked to its end: an end that is missing there may not be open`,
      ),
    );
  return findings;
}
