/**
 * Random mixtures within any constraints, and the best of them: on the CPU, for every kind of goal
 * and of constraint. Those that are not feasible as drawn are drawn in towards a mixture that is.
 */
import { AbortedError } from "../../base/errors.ts";
import { Pauses } from "../../base/pauses.ts";
import type { Watch } from "../../base/watch.ts";
import { addScaled, difference } from "../../convex/vectors.ts";
import { lawValue } from "../goal/goal.ts";
import { ontoSpace } from "../space/space.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { Polytope } from "../solver/polytope.ts";
import { drawsOf, sampler } from "./random-mixtures.ts";

/** Linear constraints may be violated by rounding. */
const SLACK = 1e-12;
/** The distance to the edge of the feasible set is halved this often. */
const HALVINGS = 8;
/** Mixtures closer than this in every share are one. */
const APART = 1e-2;

export interface FeasibleMixtures {
  /** How many were drawn. */
  readonly samples: number;
  /** The best of them by the laws, no two alike, in order. */
  readonly best: readonly { readonly h: Float64Array; readonly loss: number }[];
}

/**
 * Random mixtures of a piece of the region.
 * @param inside a mixture that fulfills all constraints
 * @throws AbortedError when the signal fires.
 */
export async function feasibleMixtures(
  problem: Problem,
  polytope: Polytope,
  inside: Float64Array,
  {
    samples,
    seed,
    keep,
  }: { readonly samples: number; readonly seed: number; readonly keep: number },
  watch: Watch,
): Promise<FeasibleMixtures> {
  const { goal, region, reference, domains, space } = problem;
  const { lower, upper } = polytope;
  const from = sampler(drawsOf(domains.length, { seed, reference, bounds: { lower, upper } }));
  const isFeasible = (h: Float64Array): boolean =>
    polytope.violation(h) <= SLACK && region.curved.every(({ excess }) => excess.value(h) <= 0);
  const drawn: { readonly h: Float64Array; readonly loss: number }[] = [];
  const h = new Float64Array(domains.length);
  const pauses = new Pauses();
  for (let n = 0; n < samples; n++) {
    from.draw(n, h);
    ontoSpace(space, h);
    const mixture = isFeasible(h) ? h.slice() : drawnIn(inside, h, isFeasible);
    const loss = lawValue(goal, mixture);
    if (Number.isFinite(loss)) drawn.push({ h: mixture, loss });
    if (!pauses.isDue()) continue;
    watch.tick((n + 1) / samples);
    await pauses.take();
    if (watch.signal?.aborted === true) throw new AbortedError();
  }
  return { samples, best: bestApart(drawn, keep) };
}

/** A feasible point of the line from `inside` to h, near where the line leaves the set. */
function drawnIn(
  inside: Float64Array,
  h: Float64Array,
  isFeasible: (h: Float64Array) => boolean,
): Float64Array {
  const direction = difference(h, inside);
  let [low, high] = [0, 1];
  for (let n = 0; n < HALVINGS; n++) {
    const middle = 0.5 * (low + high);
    if (isFeasible(addScaled(inside, middle, direction))) low = middle;
    else high = middle;
  }
  return addScaled(inside, low, direction);
}

/** The first ones in order of loss that are not alike. */
function bestApart(
  drawn: readonly { readonly h: Float64Array; readonly loss: number }[],
  keep: number,
): FeasibleMixtures["best"] {
  const best: { readonly h: Float64Array; readonly loss: number }[] = [];
  for (const mixture of drawn.toSorted((a, b) => a.loss - b.loss)) {
    if (best.length >= keep) break;
    if (best.every(({ h }) => h.some((x, i) => Math.abs(x - mixture.h[i]) > APART)))
      best.push(mixture);
  }
  return best;
}
