/** How the optimum moves with scale: along lists of places, and in the limit. */
import { AbortedError, withPartial } from "../base/errors.ts";
import { pause } from "../base/pauses.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { optimizeAt, type PathRow, type Point, type Solve, withProgress } from "./at-scale.ts";
import { type Best, bestAlong, optimizeCompute } from "./optimize-compute.ts";
import { FAR, type OptimizeOptions } from "./request/optimize-options.ts";
import type { Optimum } from "./request/optimum.ts";

/** A place on a path: a point, or a training compute at which N and D are chosen too. */
export type Stop =
  | Point
  | {
      /** Training compute, 6ND. */
      readonly flops: number;
    };

/**
 * The optimum at each stop, in order; fewer when the signal fires. `best` as in `optimizeCompute`.
 *
 * @throws InputError as `optimize` does. The `partial` of any error is the rows before it.
 * @example
 * const solve = (options: OptimizeOptions) => engine.optimize(file, options);
 * await optimizePath(file, solve, {}, [{ params: 1e9, tokens: 20e9 }, { flops: 1e21 }]);
 */
export async function optimizePath(
  file: FitFile,
  solve: Solve,
  options: OptimizeOptions,
  stops: readonly Stop[],
  best: Best = bestAlong(file, solve, options),
): Promise<PathRow[]> {
  const rows: PathRow[] = [];
  for (const [i, stop] of stops.entries()) {
    await pause(); // solving leaves the event loop no turn
    if (options.signal?.aborted === true) break;
    const request = withProgress(options, i / stops.length, (i + 1) / stops.length);
    try {
      rows.push(
        "flops" in stop
          ? await optimizeCompute(file, solve, request, stop.flops, best)
          : await optimizeAt(file, solve, request, stop),
      );
    } catch (error) {
      if (!(error instanceof AbortedError)) throw withPartial(error, rows);
      break;
    }
    options.onProgress?.((i + 1) / stops.length);
  }
  return rows;
}

/**
 * The optimum in the limit N, D → ∞, where only the terms that do not shrink decide. Caps from
 * available tokens leave no mixture of ever more tokens.
 *
 * @throws InputError as `optimize` does.
 */
export const optimizeLimit = (solve: Solve, options: OptimizeOptions): Promise<Optimum> =>
  solve({ ...options, params: FAR, tokens: FAR });
