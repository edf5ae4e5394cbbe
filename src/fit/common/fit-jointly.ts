/**
 * Targets that have parameters in common, fitted together. Each target's own search comes first:
 * its values of the common coordinates are candidates. For each candidate the targets are fitted
 * with these coordinates held, and the best are followed as one fit of all targets.
 */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { Watch } from "../../base/watch.ts";
import { commonCoordinates } from "../../laws/common.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Samples } from "../../random/resampling.ts";
import type { PieceRange } from "../../records/shard.ts";
import { jointLayout, pointOf, stacked } from "../../solve/joint/joint-equations.ts";
import { byObjective } from "../search/candidates.ts";
import type { Pool } from "../search/pool.ts";
import { examinedEquations, type Polished, type Problem, type Start } from "../search/problem.ts";
import { type Refit, toleranceOf } from "../search/refit.ts";
import type { Best } from "../search/search.ts";

/** All coordinates of the targets together, at most: the matrix has the square of them. */
const MOST = 1000;
/** Values of the common coordinates that are tried, and how many of these are followed. */
const CANDIDATES = { tried: 12, followed: 3 } as const;
const HELD = { iterations: 60, tolerance: 1e-9, gradient: 1e-7, newton: true, exact: false } as const; // prettier-ignore
const POLISH = { iterations: 3000, tolerance: 1e-13, gradient: 1e-9, newton: true, exact: false } as const; // prettier-ignore
const BRIEF = { ...POLISH, iterations: 60 } as const;
const REPLICATE = { iterations: 300, tolerance: 1e-12, gradient: 1e-7, newton: true, exact: false } as const; // prettier-ignore
/** Damping to begin with beside an optimum of other samples. */
const NEAR = 1e-4;

/** A law whose targets were searched each by itself. */
interface Searched {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly best: readonly (Pick<Best, "theta"> | undefined)[];
}

/** The same with all that the searches found. */
interface SearchedAlone extends Searched {
  readonly best: readonly (Best | undefined)[];
}

/** The targets that have a fit as one problem, with its layout; undefined where none is common. */
function jointOf({ law, problem, best }: Searched, names: readonly string[]) {
  const common = commonCoordinates(law, names);
  const targets = [...best.keys()].filter((t) => best[t] !== undefined);
  if (common.length === 0 || targets.length < 2) return undefined;
  const layout = jointLayout(law.size, common, targets.length);
  if (layout.size > MOST)
    throw new InputError(
      `${option("common")}: the law ${law.law.name} has ${layout.size} parameters of ${targets.length} targets together, and one fit has at most ${MOST}; name fewer ${option("targets")}, or a smaller law`,
      { option: "common" },
    );
  return { common, targets, layout, problem: { ...problem, joint: { common, targets } } };
}

type Joint = NonNullable<ReturnType<typeof jointOf>>;

/** The targets' best fits with what is common; as they are where the law has nothing of it. */
export async function fitJointly(
  searched: SearchedAlone,
  names: readonly string[],
  pool: Pool,
  watch: Watch,
): Promise<readonly (Best | undefined)[]> {
  const joint = jointOf(searched, names);
  if (joint === undefined) return searched.best;
  const starts = await heldStarts(searched, joint, pool, watch);
  const ends = await pool.run(joint.problem, starts, POLISH, watch);
  // What an abort left is polished briefly: fits that are kept have in common what is common.
  const never = { signal: undefined, tick: () => undefined };
  const isLeft = ends.some(({ ending }) => ending === "interrupted");
  const brief = isLeft ? await pool.run(joint.problem, starts.slice(0, 1), BRIEF, never) : [];
  const [winner] = [...ends, ...brief]
    .filter(({ objective }) => Number.isFinite(objective))
    .toSorted(byObjective);
  if (winner === undefined) return searched.best;
  return searched.best.map((fit, target) => {
    const place = joint.layout.places[joint.targets.indexOf(target)];
    if (fit === undefined || place === undefined) return fit;
    const theta = pointOf(place, winner.theta);
    const objective = examinedEquations(searched.problem, target).evaluate(theta);
    return {
      ...fit,
      theta,
      objective,
      norm: winner.norm,
      optima: [theta],
      tied: [],
      common: joint.common,
    };
  });
}

/**
 * The best starts of the joint fit: for each candidate the targets' fits with it held; of a sample
 * of the rows where one is meant.
 */
async function heldStarts(
  { problem, best }: Searched,
  { common, targets, layout }: Joint,
  pool: Pool,
  watch: Watch,
  of: Pick<Start, "sample"> = {},
): Promise<Start[]> {
  const fits = targets.map((target) => itemAt(best, target)?.theta ?? new Float64Array());
  const mean = common.map((i) => fits.reduce((sum, theta) => sum + (theta[i] ?? 0), 0) / fits.length); // prettier-ignore
  const step = Math.max(1, Math.ceil(fits.length / (CANDIDATES.tried - 1)));
  const own = fits.filter((_, t) => t % step === 0).map((theta) => common.map((i) => theta[i] ?? 0)); // prettier-ignore
  const candidates = [mean, ...own];
  const starts = candidates.flatMap((values) =>
    targets.map((target, t): Start => {
      const theta = Float64Array.from(fits[t] ?? []);
      for (const [n, i] of common.entries()) theta[i] = values[n] ?? 0;
      return { target, theta, hold: common, ...of };
    }),
  );
  const ends = await pool.run(problem, starts, HELD, watch);
  return candidates
    .map((_, n) => ends.slice(n * targets.length, (n + 1) * targets.length))
    .map((each) => ({
      objective: each.reduce((sum, { objective }) => sum + objective, 0),
      theta: stacked(
        layout,
        each.map(({ theta }) => theta),
      ),
    }))
    .toSorted(byObjective)
    .slice(0, CANDIDATES.followed)
    .map(({ theta }) => ({ target: 0, theta, ...of }));
}

/**
 * Refits to samples of the rows, each target by itself, as refits with what is common. A sample's
 * own refits are where the search for it begins: what it leaves out has no say.
 *
 * @param refits by target, by sample; none of a target that has no fit
 * @param first the sample of the first of them
 */
export async function joinRefits(
  { law, problem }: Pick<Searched, "law" | "problem">,
  names: readonly string[],
  refits: readonly (readonly Refit[])[],
  first: number,
  pool: Pool,
  watch: Watch,
): Promise<Refit[][]> {
  const joined: Refit[][] = refits.map(() => []);
  const count = Math.min(...refits.map(({ length }) => length || Infinity));
  const distance = toleranceOf(problem.packed.order.length);
  for (let n = 0; n < count && watch.signal?.aborted !== true; n++) {
    const best = refits.map((each) => each.at(n));
    const joint = jointOf({ law, problem, best }, names);
    if (joint === undefined) return refits.map((each) => [...each]);
    const starts = await heldStarts({ law, problem, best }, joint, pool, watch, { sample: first + n }); // prettier-ignore
    const ends = await pool.run(joint.problem, starts, { ...REPLICATE, distance }, watch);
    const [winner] = ends.filter(({ ending }) => ending !== "interrupted").toSorted(byObjective);
    if (winner === undefined) break;
    for (const [t, target] of joint.targets.entries())
      itemAt(joined, target).push(refitOf(winner, itemAt(joint.layout.places, t)));
  }
  return joined;
}

/** Joint refits to samples of the rows, all targets of a row together; by target. */
export async function refitJointly(
  searched: Searched,
  names: readonly string[],
  samples: Samples,
  pool: Pool,
  watch: Watch,
): Promise<Refit[][] | undefined> {
  const joint = jointOf(searched, names);
  if (joint === undefined) return undefined;
  const { layout, targets } = joint;
  const points = targets.map((target) => itemAt(searched.best, target)?.theta ?? new Float64Array()); // prettier-ignore
  const own: PieceRange = pool.plan?.deal(samples.count) ?? { from: 0, to: samples.count };
  const theta = stacked(layout, points);
  const starts = Array.from({ length: own.to - own.from }, (_, n) => ({
    target: 0,
    sample: own.from + n,
    theta,
    lambda: NEAR,
  }));
  const options = { ...REPLICATE, distance: toleranceOf(searched.problem.packed.order.length) };
  const ends = await pool.run({ ...joint.problem, samples }, starts, options, watch);
  const undone = ends.findIndex(({ ending }) => ending === "interrupted");
  const done = undone < 0 ? ends : ends.slice(0, undone);
  return searched.best.map((_, target) => {
    const place = layout.places[targets.indexOf(target)];
    return place === undefined ? [] : done.map((end) => refitOf(end, place));
  });
}

const refitOf = ({ theta, objective, ending }: Polished, place: Int32Array): Refit => ({
  theta: pointOf(place, theta),
  objective,
  converged: ending === "converged",
  other: false,
});
