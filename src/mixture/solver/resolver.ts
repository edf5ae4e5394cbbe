/** Solving one request many times: for every replicate of a bootstrap, and along scales. */
import type { FitFile } from "../../fit/result/fit-file.ts";
import { lawValue } from "../goal/goal.ts";
import type { Scale } from "../goal/surface.ts";
import { poseProblem, type Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { Polytope } from "./polytope.ts";
import { cornersOf } from "./starts.ts";
import { bestOf, feasiblePieces, isCertified, type PieceSolution, solvePiece } from "./solve.ts";

/** What changes from one solve of a request to the next. */
export interface Change {
  /** Coordinates of `problem.fits`, in their order. Default: the fitted ones. */
  readonly theta?: readonly ArrayLike<number>[];
  /** Default: the request's. */
  readonly at?: Scale;
  /** A law that is part of an average: it alone then predicts. */
  readonly law?: string | undefined;
  /**
   * Mixtures to start from, such as the last optimum. Default: the reference and the uniform
   * mixture.
   */
  readonly starts?: readonly Float64Array[];
  /** Start from the corners of the feasible set too: for goals that are not convex. */
  readonly corners?: boolean;
}

export interface Resolved {
  readonly h: Float64Array;
  /** The goal by the laws themselves. */
  readonly objective: number;
  readonly certified: boolean;
}

export interface Resolver {
  readonly problem: Problem;
  /**
   * Throws InputError when constraints leave no mixture at that scale; it names those that
   * conflict.
   */
  readonly solve: (change: Change) => Resolved;
}

/**
 * The optimum only, with coordinates and scale as data: everything is compiled and checked once.
 * From a near mixture a solve takes 0.5–1 ms at 7 domains and 7 targets (additive; joint 1–2 ms),
 * 10–20 ms at 64 × 8 (joint 50–100 ms); an L1 ball, curved constraints and the worst-of goal cost
 * some times as much, and `--at-least-or-zero` twice as much a domain.
 *
 * Throws InputError for a request that does not match the file.
 *
 * @example
 * const again = resolver(file, { params: 7e9, tokens: 150e9 });
 * let { h } = again.solve({});
 * // theta: one vector of coordinates a target, in the order of again.problem.fits
 * for (const theta of replicates) shares.push(again.solve({ theta, starts: [h] }).h);
 */
export function resolver(file: FitFile, options: OptimizeOptions): Resolver {
  const problem = poseProblem(file, options);
  const { reference, uniform } = problem;
  /** Coordinates do not move the linear constraints: at the request's scale they are found once. */
  let ownPieces: Polytope[] | undefined;
  return {
    problem,
    solve({ theta, at, law, starts = [reference, uniform], corners = false }) {
      const moved =
        theta === undefined && at === undefined && law === undefined
          ? problem
          : problem.with({ law, ...(at && { at }), ...(theta && { theta }) });
      const pieces =
        at === undefined
          ? (ownPieces ??= feasiblePieces(problem.region))
          : feasiblePieces(moved.region);
      const solutions = pieces.map((polytope): PieceSolution => ({
        polytope,
        solution: solvePiece(
          moved,
          polytope,
          corners ? [...starts, ...cornersOf(polytope)] : starts,
          options,
        ),
        curvature: null,
      }));
      const best = bestOf(solutions, moved);
      const { h } = best.solution;
      return { h, objective: lawValue(moved.goal, h), certified: isCertified(best) };
    },
  };
}
