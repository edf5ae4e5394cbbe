/**
 * Which constraints cannot hold together when curved ones are among them: a smallest set, found by
 * leaving out one after the other.
 */
import type { Smooth } from "../../convex/smooth.ts";
import type { CurvedConstraint, Limit } from "../constraints/kinds/kind.ts";
import type { LinearRegion } from "../constraints/region.ts";
import { minimize } from "../../convex/minimize.ts";
import { Polytope } from "./polytope.ts";

const OPTIONS = { iterations: 500, tolerance: 1e-10 } as const;
/** What a least violation may leave of a set that touches another. */
const TOUCHING = 1e-6;

interface Some {
  readonly limits: readonly Limit[];
  readonly l1: LinearRegion["l1"];
  readonly curved: readonly CurvedConstraint[];
}

/**
 * Names of constraints of which no mixture near `start`'s basin fulfills all, and without any one
 * of which some mixture does. A curved constraint that is not convex may be blamed where a mixture
 * far away would fulfill it.
 */
export function smallestConflict(
  region: LinearRegion,
  curved: readonly CurvedConstraint[],
  start: Float64Array,
): readonly string[] {
  const possible = ({ limits, l1, curved: some }: Some): boolean => {
    const polytope = new Polytope({ ...region, limits, l1 });
    if (polytope.conflict() !== undefined) return false;
    const { h } = minimize(violation(some, start.length), polytope, start, OPTIONS);
    return some.every(({ excess }) => excess.value(h) <= TOUCHING);
  };
  let kept: Some = { limits: region.limits, l1: region.l1, curved };
  const without = (less: Some): void => {
    if (!possible(less)) kept = less;
  };
  // The loosest go first, so that few tight ones are left to name.
  const tightness = ({ min, max }: Limit): number => Math.max(min, 1 - max);
  for (const limit of region.limits.toSorted((a, b) => tightness(a) - tightness(b)))
    without({ ...kept, limits: kept.limits.filter((other) => other !== limit) });
  if (region.l1 !== undefined) without({ ...kept, l1: undefined });
  for (const one of curved)
    without({ ...kept, curved: kept.curved.filter((other) => other !== one) });
  return [...kept.limits, ...(kept.l1 === undefined ? [] : [kept.l1]), ...kept.curved].map(
    ({ name }) => name,
  );
}

/** Σ ½·max(0, g)². */
function violation(curved: readonly CurvedConstraint[], domains: number): Smooth {
  const scratch = new Float64Array(domains);
  return {
    domains,
    value: (h) =>
      curved.reduce((sum, { excess }) => sum + 0.5 * Math.max(0, excess.value(h)) ** 2, 0),
    gradient(h, out) {
      out.fill(0);
      let sum = 0;
      for (const { excess } of curved) {
        const g = Math.max(0, excess.gradient(h, scratch));
        sum += 0.5 * g * g;
        for (let i = 0; i < domains; i++) out[i] += g * scratch[i];
      }
      return sum;
    },
  };
}
