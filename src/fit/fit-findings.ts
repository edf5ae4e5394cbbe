/** What a reader of a fit must know, as findings. */
import { firstOf } from "../base/known.ts";
import { exponential } from "../base/format-number.ts";
import { option } from "../base/option-text.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { shorten } from "../base/wording.ts";
import { cure } from "./inference/cure.ts";
import type { Fitted } from "./inference/fitted.ts";
import type { Identified } from "./inference/identify.ts";
import { collinear } from "./inference/reasons.ts";
import type { Profiles } from "./profile/summary.ts";
import { isCollinear } from "./result/coverage.ts";
import type { Search } from "./result/fit-file.ts";

/**
 * From this |ρ| on, a collinear design is worth a warning even when the fit seems to determine its
 * parameters: a variance inflation 1/(1 − ρ²) of 100.
 */
const NEARLY_ONE = 0.995;

/** Whether the search came to an end, and came there more than once. */
export function searchFindings(
  { status, starts, reachedBest, hops }: Search,
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
        `${reached === 0 ? "none" : "only one"} of ${starts} starts and ${hops.starts} hops came within 0.1 % of the best fit: a better one may exist; try more ${option("restarts")}`,
      ),
    );
  return findings;
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
