/** The search of one convex piece of the region for local optima, from many starts. */
import type { Problem } from "../problem/pose-problem.ts";
import { type Descending, descendFromMany, type LocalOptimum } from "./descents.ts";
import { bestExchanges } from "./exchange.ts";
import type { Polytope } from "./polytope.ts";
import { ended, heldGoal, type PieceSolution } from "./solve.ts";
import { rangesOf, type Tasker } from "./solver-tasks.ts";

/** A piece's solution with all that was found on the way. */
export interface PieceSearch extends PieceSolution {
  /** Local optima, the best first: `solution` is the first one's. */
  readonly optima: readonly LocalOptimum[];
  readonly descents: number;
}

/** A piece, and its place in the list of those that the region has. */
export interface Piece {
  readonly polytope: Polytope;
  readonly place: number;
}

/** The local optima of one piece. Rejects with AbortedError when the request's signal fires. */
export async function searchPiece(
  problem: Problem,
  { polytope, place }: Piece,
  starts: readonly Float64Array[],
  tasker: Tasker,
): Promise<PieceSearch> {
  const held = { ...problem, goal: heldGoal(problem.goal, polytope) };
  const by = descendingBy(tasker, place);
  const { optima: found, count, curvature } = await descendFromMany(held, polytope, starts, by);
  const optima = found.map(({ solution, descents }) => ({
    solution: ended(problem, polytope, solution),
    descents,
  }));
  return {
    polytope,
    solution: optima[0].solution,
    curvature: curvature.least,
    optima,
    descents: count,
  };
}

const descendingBy = (tasker: Tasker, piece: number): Descending => ({
  descend: (way, starts) =>
    tasker.all(
      "descend",
      starts.map((h) => ({ piece, way, h })),
    ),
  async exchanges(h, than, most) {
    const tasks = rangesOf(h.length, tasker.parts).map((from) => ({ piece, h, than, most, from }));
    return bestExchanges((await tasker.all("exchanges", tasks)).flat(), most);
  },
});
