/** The verdict of an optimum: the one place that decides what may be said of it. */
import type { Finding, Verdict } from "../../base/verdict.ts";

/**
 * "certified": it meets the first-order conditions. "not-certified": it does not.
 */
export type OptimumStatus = "certified" | "not-certified";

/** The verdict that findings lead to. */
export const optimumVerdict = (findings: readonly Finding[]): Verdict<OptimumStatus> => ({
  status: findings.some(({ code }) => code === "not-certified") ? "not-certified" : "certified",
  findings,
});
