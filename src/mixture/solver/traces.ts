/**
 * Domains of which only the presence counts. Where an exponent is near 0 the law falls as soon as a
 * share is above 0 and hardly any further, while the solvers' continuation below LEAST_SHARE
 * (surface.ts) is flat there: they may leave the domain out, where the law jumps up.
 */
import type { FeasibleSet } from "../../convex/minimize.ts";
import { LEAST_SHARE } from "../../convex/smooth.ts";
import type { CurvedConstraint } from "../constraints/kinds/kind.ts";
import { type Goal, lawValue } from "../goal/goal.ts";

/** Less than this share of the loss is no jump: the continuation itself is off by as much. */
const JUMP = 1e-6;
/** A mixture may violate a curved constraint by this much. */
const FEASIBLE = 1e-9;

/**
 * The mixture with a trace, up to a part per million, of each domain that it leaves out and that
 * lowers the law by being there; the mixture itself where there is none. The trace is taken from
 * the largest share that is at no bound of its own: one at a bound stays there.
 */
export function withTraces(
  goal: Goal,
  curved: readonly CurvedConstraint[],
  set: FeasibleSet,
  h: Float64Array,
): Float64Array {
  const loss = lawValue(goal, h);
  const withTrace = (domains: readonly number[]): Float64Array =>
    h.map((share, i) => (domains.includes(i) ? LEAST_SHARE : share));
  const isLower = (other: Float64Array): boolean =>
    lawValue(goal, other) < loss - JUMP * Math.abs(loss);
  const absent = [...h.keys()].filter((i) => h[i] < LEAST_SHARE);
  const counting = likely(goal, set, h, absent).filter((i) => isLower(set.point(withTrace([i]))));
  if (counting.length === 0) return h;
  const traced = set.point(paidBy(largestInside(set, h), withTrace(counting), h));
  const isFeasible = curved.every(({ excess }) => excess.value(traced) <= FEASIBLE);
  return isFeasible && isLower(traced) ? traced : h;
}

/** Of domains that a mixture leaves out, those that may lower the law by half a jump or more. */
function likely(
  goal: Goal,
  set: FeasibleSet,
  h: Float64Array,
  absent: readonly number[],
): readonly number[] {
  const first = absent.find((i) => set.upper[i] > LEAST_SHARE);
  if (set.isBox !== true || first === undefined) return absent;
  // Of a simplex within bounds the nearest mixture takes the same from the others, whichever of
  // these domains has the trace: one projection tells it for all.
  const paid = set.point(h.with(first, LEAST_SHARE)).with(first, h[first]);
  const loss = lawValue(goal, h);
  return absent.filter(
    (i) => lawValue(goal, paid.with(i, LEAST_SHARE)) < loss - (JUMP / 2) * Math.abs(loss),
  );
}

/** The mixture with what it has more than h taken from one domain, where there is one. */
function paidBy(donor: number | undefined, mixture: Float64Array, h: Float64Array): Float64Array {
  const excess = mixture.reduce((sum, share, i) => sum + share - h[i], 0);
  return donor === undefined ? mixture : mixture.with(donor, mixture[donor] - excess);
}

/** The domain with the largest share between its bounds; undefined where all are at one. */
const largestInside = ({ lower, upper }: FeasibleSet, h: Float64Array): number | undefined =>
  [...h.keys()]
    .filter((i) => h[i] > lower[i] + LEAST_SHARE && h[i] < upper[i] - LEAST_SHARE)
    .toSorted((a, b) => h[b] - h[a])[0];
