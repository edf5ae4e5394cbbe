/**
 * Solving a request: the feasible set's convex pieces, and the best mixture over each. Nothing is
 * described here.
 */
import { AbortedError, InputError } from "../../base/errors.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { blame } from "./find-conflict.ts";
import { lawValue } from "../goal/goal.ts";
import { solveConstrained, type Solution } from "./augmented-lagrangian.ts";
import { type Limits, limitsOf, pieces } from "../request/limits.ts";
import { mirror } from "../../convex/mirror-descent.ts";
import type { OptimizeOptions } from "../request/optimum.ts";
import { plan, type Plan } from "../goal/plan.ts";
import { Polytope } from "./polytope.ts";
import { checkConstraints } from "../request/read-constraints.ts";
import type { Scale } from "../goal/surface.ts";
import { number } from "../../base/format-number.ts";

/** Bounds of the three residuals of a certified optimum. */
export const CERTIFIED = { stationarity: 1e-8, feasibility: 1e-9, complementarity: 1e-8 } as const;

/** From several starts, loosely; those that may be the best go on to the end. */
const ROUGH = { iterations: 60, tolerance: 1e-5, gain: 1e-6 } as const;
/**
 * Ends this close in every share are one, those of a loss this much higher (relatively) are worse
 * for sure.
 */
const ALIKE = { share: 1e-2, loss: 1e-4 } as const;
const FINE = { iterations: 20_000, tolerance: 1e-11 } as const;
/** Mirror descent has no second order. */
const MIRROR = { iterations: 20_000, tolerance: 1e-10 } as const;

/** A request's feasible set at one scale. */
export interface Feasible {
  readonly limits: Limits;
  /** Its convex pieces that are not empty. */
  readonly polytopes: readonly Polytope[];
}

export interface Solved {
  readonly polytope: Polytope;
  readonly solution: Solution;
}

/** Throws InputError naming a smallest set of constraints that cannot hold together. */
export function feasibleSet({ domains, reference }: Plan, options: OptimizeOptions): Feasible {
  const limits = limitsOf(checkConstraints(options.constraints ?? {}), domains, {
    reference,
    tokens: options.tokens,
  });
  const polytopes = pieces(limits)
    .map((piece) => new Polytope(piece))
    .filter((polytope) => polytope.conflict() === undefined);
  if (polytopes.length === 0) {
    // Without the domains that may be left out, or else with them all in.
    const names =
      new Polytope(limits).conflict() ?? new Polytope(pieces(limits)[0]).conflict() ?? [];
    throw new InputError(
      `these constraints cannot hold together: ${names.join(", ")} (shares are at least 0 and sum to 1). Relax one of them.`,
      { flag: "--constraints" },
    );
  }
  return { limits, polytopes };
}

/**
 * The best of the pieces. Throws InputError, naming a smallest conflict, when the curved
 * constraints leave no mixture in any.
 */
export function bestOf(found: readonly Solved[], made: Plan): Solved {
  const feasible = found.filter(({ solution }) => solution.violation <= CERTIFIED.feasibility);
  if (feasible.length > 0)
    return feasible.reduce((a, b) => (b.solution.value < a.solution.value ? b : a));
  const { polytope, solution } = found.reduce((a, b) =>
    b.solution.violation < a.solution.violation ? b : a,
  );
  const names = blame(polytope.set, made.curved, solution.h);
  throw new InputError(
    names.length === 1
      ? `no mixture fulfills ${names[0]}: the nearest misses it by ${number(solution.violation, 3)}. Relax it.`
      : `these constraints cannot hold together: ${names.join(", ")} (the nearest mixture misses by ${number(solution.violation, 3)}). Relax one of them.`,
    { flag: "--constraints" },
  );
}

export const isCertified = ({
  polytope,
  solution: { h, violation, stationarity, complementarity },
}: Solved): boolean =>
  stationarity <= CERTIFIED.stationarity &&
  Math.max(polytope.violation(h), violation) <= CERTIFIED.feasibility &&
  complementarity <= CERTIFIED.complementarity;

/**
 * The best mixture of one piece, from the best of several starts. Throws AbortedError when the
 * signal fires.
 */
export function solveFrom(
  { goal, curved }: Plan,
  polytope: Polytope,
  starts: readonly Float64Array[],
  options: OptimizeOptions,
): Solution {
  const stop = (): void => {
    if (options.signal?.aborted === true) throw new AbortedError();
  };
  stop();
  if (options.solver === "mirror") {
    if (goal.kind === "worst" || curved.length > 0 || polytope.rows.length > 0) {
      throw new InputError(
        "--solver mirror takes floors and caps only; leave it out for other constraints and for the worst-of objective.",
        { flag: "--solver" },
      );
    }
    const even = new Float64Array(polytope.lower.length).fill(1 / polytope.lower.length);
    const { h } = mirror(
      goal.objective,
      polytope.lower,
      polytope.upper,
      polytope.point(even),
      MIRROR,
    );
    // The certificate is the same, whatever found the point.
    return solveConstrained(goal, [], polytope, h, { ...FINE, iterations: 0 });
  }
  if (starts.length === 1) return solveConstrained(goal, curved, polytope, starts[0], FINE);
  const rough = starts.map((start) => {
    stop();
    return solveConstrained(goal, curved, polytope, start, ROUGH);
  });
  const finished: Solution[] = [];
  const ok = rough.filter((s) => s.violation <= 1e-6);
  const ranked = (ok.length > 0 ? ok : rough).toSorted((a, b) => a.value - b.value);
  const tried: Float64Array[] = [];
  for (const { h, value } of ranked) {
    if (value > ranked[0].value + ALIKE.loss * Math.abs(ranked[0].value)) break;
    if (tried.some((other) => h.every((x, i) => Math.abs(x - other[i]) <= ALIKE.share))) continue;
    stop();
    tried.push(h);
    finished.push(solveConstrained(goal, curved, polytope, h, FINE));
  }
  const fulfilled = finished.filter((s) => s.violation <= CERTIFIED.feasibility);
  return (fulfilled.length > 0 ? fulfilled : finished).reduce((a, b) =>
    b.value < a.value ? b : a,
  );
}

/** What changes from one solve of a request to the next. */
export interface Change {
  /** Coordinates of `plan.fits`, in their order. Default: the fitted ones. */
  readonly theta?: readonly ArrayLike<number>[];
  /** Default: the request's. */
  readonly at?: Scale;
  /**
   * Mixtures to start from, such as the last optimum. Default: the reference and the uniform
   * mixture.
   */
  readonly starts?: readonly Float64Array[];
}

export interface Resolved {
  readonly h: Float64Array;
  /** The goal by the laws themselves. */
  readonly objective: number;
  readonly certified: boolean;
}

export interface Resolver {
  readonly plan: Plan;
  /**
   * Throws InputError when constraints leave no mixture at that scale; it names those that
   * conflict.
   */
  solve(change: Change): Resolved;
}

/**
 * For solving one request many times, as a bootstrap does: the optimum only, with coordinates and
 * scale as data. Everything is compiled and checked once. From a near mixture a solve takes 0.5–1
 * ms at 7 domains and 7 targets (additive; joint 1–2 ms), 10–20 ms at 64 × 8 (joint 50–100 ms); an
 * L1 ball, curved constraints and the worst-of goal cost some times as much, and
 * `--at-least-or-zero` twice as much a domain.
 *
 * Throws InputError for a request that does not match the file.
 *
 * @example
 * const again = resolver(file, { params: 7e9, tokens: 150e9 }); let { h } = again.solve({}); for
 * (const theta of replicates) shares.push(again.solve({ theta, starts: [h] }).h); // theta: one
 * vector a target, in the order of again.plan.fits
 */
export function resolver(file: FitFile, options: OptimizeOptions): Resolver {
  const made = plan(file, options);
  let here: Feasible | undefined;
  const setAt = (at: Scale | undefined): Feasible =>
    at === undefined
      ? (here ??= feasibleSet(made, options))
      : feasibleSet(made, { ...options, tokens: at.tokens });
  return {
    plan: made,
    solve({
      theta,
      at,
      starts = [
        made.reference,
        new Float64Array(made.domains.length).fill(1 / made.domains.length),
      ],
    }) {
      const moved =
        theta === undefined && at === undefined
          ? made
          : made.with({ ...(at && { at }), ...(theta && { theta }) });
      const found = setAt(at).polytopes.map((polytope): Solved => ({
        polytope,
        solution: solveFrom(moved, polytope, starts, options),
      }));
      const best = bestOf(found, moved);
      return {
        h: best.solution.h,
        objective: lawValue(moved.goal, best.solution.h),
        certified: isCertified(best),
      };
    },
  };
}
