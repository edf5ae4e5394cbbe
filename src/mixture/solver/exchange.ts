/**
 * The best mixture that differs from h in two shares: what a descent, which only sees near h, does
 * not find.
 */
import type { Problem } from "../problem/pose-problem.ts";
import { meritOf } from "./starts.ts";
import type { Polytope } from "./polytope.ts";

/** Parts of the most that can be moved from one domain to another. */
const PARTS = [1, 0.5, 0.1] as const;
/** Linear constraints may be violated by rounding. */
const SLACK = 1e-12;

/** Mixtures of less merit than `than`, each by one exchange between two domains, the best first. */
export function exchanges(
  problem: Problem,
  polytope: Polytope,
  h: Float64Array,
  than: number,
): Float64Array[] {
  const merit = meritOf(problem);
  const better: { readonly h: Float64Array; readonly merit: number }[] = [];
  const { lower, upper } = polytope;
  for (const from of h.keys()) {
    for (const to of h.keys()) {
      const most = Math.min(h[from] - lower[from], upper[to] - h[to]);
      if (from === to || !(most > 0)) continue;
      for (const part of PARTS) {
        const moved = h.slice();
        moved[from] =
          part === 1 && most === h[from] - lower[from] ? lower[from] : h[from] - part * most;
        moved[to] += h[from] - moved[from];
        const value = merit(moved);
        if (value < than && polytope.violation(moved) <= SLACK)
          better.push({ h: moved, merit: value });
      }
    }
  }
  return better.toSorted((a, b) => a.merit - b.merit).map((one) => one.h);
}
