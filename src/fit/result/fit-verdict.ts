/** The verdict of a fit: the one place that decides what may be relied on. */
import { bearsOn, type Claim } from "../../base/claims.ts";
import type { Finding, Verdict } from "../../base/verdict.ts";

/**
 * "holds": nothing was found against it. "limited": what it says holds but for the findings.
 * "failed": it is no fit, and nothing may be relied on.
 */
export type FitStatus = "holds" | "limited" | "failed";

export const FIT_STATUSES = ["holds", "limited", "failed"] as const satisfies readonly FitStatus[];

/** Findings after which a fit is none. */
const FAILURES: ReadonlySet<Claim> = new Set([
  "not-converged",
  "worse-than-constant",
  "nothing-finite",
  "data-refused",
]);

/** Whether a fit is none after such a finding. */
export const isFailure = ({ code }: Pick<Finding, "code">): boolean => FAILURES.has(code);

/** The verdict that findings lead to. */
export function fitVerdict(findings: readonly Finding[]): Verdict<FitStatus> {
  const isFailed = findings.some(isFailure);
  const isLimited = findings.some(
    ({ code }) => bearsOn(code, "predictions") || bearsOn(code, "optimum"),
  );
  return { status: isFailed ? "failed" : isLimited ? "limited" : "holds", findings };
}
