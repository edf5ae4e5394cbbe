/** What laws say of mixtures. */
import { byNames } from "../base/objects.ts";
import { itemAt } from "../base/known.ts";
import { lawValue, targetLosses } from "./goal/goal.ts";
import type { Problem } from "./problem/pose-problem.ts";
import type { Judged } from "./request/optimum.ts";

/** Values by the domains' names. */
export const byDomain = <T>(domains: readonly string[], values: ArrayLike<T>): Record<string, T> =>
  byNames(domains.map((domain, i) => [domain, itemAt(values, i)]));

/** What the laws say of a mixture. */
export function judgeOf({ domains, goal, losses, at }: Problem): (h: Float64Array) => Judged {
  const each = targetLosses({ domains, losses, at });
  return (h) => ({
    weights: byDomain(domains, h),
    objective: lawValue(goal, h),
    predicted: byNames(each.map(({ target, loss }) => [target, loss(h)])),
  });
}
