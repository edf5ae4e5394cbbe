/**
 * How far a run lies beyond the runs that a law was fitted to.
 *
 * N and D alone do not say it: in runs along lines of equal compute the corner of large N and large
 * D lies far beyond in compute, and inside in each of them. So the distance is the largest of
 * three,
 *
 *   x = max over v in N, D, C = 6ND of max(ln v/v_max, ln v_min/v), and 0 inside,
 *
 * of those that the law uses.
 */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Law } from "../../laws/law.ts";
import { computeOf, type Reach } from "../result/coverage.ts";
import type { Extent } from "../result/fit-file.ts";

/** Written counts are rounded: nearer than this to the range is inside. */
const SLACK = 1e-3;

const beyond = (value: number, { min, max }: Extent): number =>
  Math.max(Math.log(value / max), Math.log(min / value));

/**
 * The distance of each row, in natural logarithms; 0 inside.
 *
 * @param reach of the runs that were fitted
 */
export function distancesFrom(
  { params, tokens, compute }: Partial<Reach>,
  uses: Pick<Law["uses"], "params" | "tokens">,
  { rows, inputs }: Pick<RunSet, "rows" | "inputs">,
): Float64Array {
  const N = uses.params ? inputs["params"] : undefined;
  const D = uses.tokens ? inputs["tokens"] : undefined;
  return Float64Array.from({ length: rows }, (_, row) => {
    const far = Math.max(
      N && params ? beyond(N[row], params) : 0,
      D && tokens ? beyond(D[row], tokens) : 0,
      N && D && compute ? beyond(computeOf(N[row], D[row]), compute) : 0,
    );
    return far > SLACK ? far : 0;
  });
}
