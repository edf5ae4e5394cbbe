/** The verdict of an optimum: the one place that decides what may be said of it. */
import type { Finding, Verdict } from "../../base/verdict.ts";

/**
 * "global": proved that no allowed mixture is better by the laws. "local": the best of the local
 * optima that were found. "plateau": many mixtures tie with it, so it is no answer by itself.
 * "not-certified": it does not meet the conditions of a local optimum, or a better mixture is
 * known.
 */
export type OptimumStatus = "global" | "local" | "plateau" | "not-certified";

export const OPTIMUM_STATUSES = [
  "global",
  "local",
  "plateau",
  "not-certified",
] as const satisfies readonly OptimumStatus[];

/** The verdict that findings lead to. @param proved whether it is proved that none is better */
export function optimumVerdict(
  findings: readonly Finding[],
  proved: boolean,
): Verdict<OptimumStatus> {
  const has = (code: Finding["code"]): boolean => findings.some((each) => each.code === code);
  const status = (): OptimumStatus => {
    if (has("not-certified") || has("random-mixture-better")) return "not-certified";
    if (has("plateau")) return "plateau";
    return proved ? "global" : "local";
  };
  return { status: status(), findings };
}

/**
 * Whether an optimum may be relied on as one: it meets the conditions, and the bootstrap's
 * replicates do not lead to other basins. Otherwise the command's exit code is 2.
 */
export const standsAsOptimum = (verdict: Verdict<OptimumStatus>): boolean =>
  verdict.status !== "not-certified" && !changesBasin(verdict);

/** Whether replicates lead to other basins: then intervals of shares say little. */
export const changesBasin = ({ findings }: Verdict<OptimumStatus>): boolean =>
  findings.some(({ code }) => code === "replicates-change-basin");
