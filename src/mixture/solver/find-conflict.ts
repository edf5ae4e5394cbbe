/**
 * Which constraints cannot hold together when curved ones are among them: a smallest set, found by
 * leaving out one after the other.
 */
import { minimize } from "../../convex/minimize.ts";
import type { Smooth } from "../../convex/smooth.ts";
import type { CurvedConstraint, L1Ball, Limit } from "../constraints/kinds/kind.ts";
import type { LinearRegion } from "../constraints/region.ts";
import { loosestFirst, Polytope } from "./polytope.ts";

const OPTIONS = { iterations: 500, tolerance: 1e-10 } as const;
/** The least violation may leave this much of a set that touches another. */
const TOUCHING = 1e-6;

/** Some of a request's constraints. */
interface Constraints {
  readonly limits: readonly Limit[];
  readonly l1: L1Ball | undefined;
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
  const canHold = (some: Constraints): boolean => {
    const polytope = new Polytope({ ...region, ...some });
    if (polytope.conflict() !== undefined) return false;
    const { h } = minimize(violationOf(some.curved, start.length), polytope, start, OPTIONS);
    return some.curved.every(({ excess }) => excess.value(h) <= TOUCHING);
  };
  let needed: Constraints = { limits: region.limits, l1: region.l1, curved };
  const leaveOut = (fewer: Constraints): void => {
    if (!canHold(fewer)) needed = fewer;
  };
  for (const limit of loosestFirst(region.limits))
    leaveOut({ ...needed, limits: needed.limits.filter((other) => other !== limit) });
  if (region.l1 !== undefined) leaveOut({ ...needed, l1: undefined });
  for (const constraint of curved)
    leaveOut({ ...needed, curved: needed.curved.filter((other) => other !== constraint) });
  const { limits, l1 } = needed;
  return [...limits, ...(l1 === undefined ? [] : [l1]), ...needed.curved].map(({ name }) => name);
}

/** Σ ½·max(0, g)² */
function violationOf(curved: readonly CurvedConstraint[], domains: number): Smooth {
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
