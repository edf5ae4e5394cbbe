/**
 * The ladder of a set of runs: what makes some runs larger than others, and the levels that they
 * stand on. Back-tests fit the lower levels and predict the higher ones.
 */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Law } from "../../laws/law.ts";
import type { Samples } from "../../random/resampling.ts";
import { computeOf } from "../result/coverage.ts";
import type { LadderAxis } from "../result/backtests.ts";

/** Runs in levels. */
export interface Ladder {
  readonly axis: LadderAxis;
  /** The largest value of the axis in each level, ascending. */
  readonly levels: readonly number[];
  /** The level of each row. */
  readonly levelOf: Int32Array;
}

/**
 * From so many levels on there is something to learn: two tell how a law scales, the third checks.
 */
export const LEAST_LEVELS = 3;
/** Neighbours are put together until there are no more levels than this. */
const MOST_LEVELS = 8;
/** Values nearer than this share to the smallest of a level belong to it. */
const ALIKE = 0.05;

/**
 * The ladder that a law can be tested on; undefined where there are fewer than three levels. N
 * where runs have sizes, each with several runs; compute where sizes vary more than compute does,
 * as they do along lines of equal compute; tokens where there is one size, or the law does not use
 * N.
 */
export function ladderOf(
  uses: Law["uses"],
  { inputs }: Pick<RunSet, "inputs">,
): Ladder | undefined {
  const params = uses.params ? inputs["params"] : undefined;
  const tokens = uses.tokens ? inputs["tokens"] : undefined;
  const sizes = params && levelsOf("params", params);
  if (sizes === undefined || (sizes.levels.length === 1 && tokens !== undefined))
    return tokens && coarse(levelsOf("tokens", tokens));
  if (params === undefined || tokens === undefined) return coarse(sizes);
  if (sizes.levels.length < LEAST_LEVELS) return undefined;
  const compute = levelsOf(
    "compute",
    params.map((n, row) => computeOf(n, tokens[row])),
  );
  return coarse(compute.levels.length < sizes.levels.length ? compute : sizes);
}

/** Values from the smallest up: a new level begins where one is 5 % above the level's first. */
function levelsOf(axis: LadderAxis, values: Float64Array): Ladder {
  const levelOf = new Int32Array(values.length);
  const levels: number[] = [];
  let first = -Infinity;
  for (const row of Int32Array.from(values, (_, at) => at).sort((a, b) => values[a] - values[b])) {
    if (values[row] > first * (1 + ALIKE) || levels.length === 0) {
      first = values[row];
      levels.push(first);
    }
    levels[levels.length - 1] = values[row];
    levelOf[row] = levels.length - 1;
  }
  return { axis, levels, levelOf };
}

/** At most eight levels; undefined of fewer than three. */
function coarse({ axis, levels, levelOf }: Ladder): Ladder | undefined {
  if (levels.length < LEAST_LEVELS) return undefined;
  const count = Math.min(levels.length, MOST_LEVELS);
  const group = (level: number): number => Math.floor((level * count) / levels.length);
  return {
    axis,
    levels: Array.from({ length: count }, (_, to) =>
      Math.max(...levels.filter((__, level) => group(level) === to)),
    ),
    levelOf: levelOf.map(group),
  };
}

/** One level says nothing of how a law scales. */
export const LEAST_FITTED = 2;

/** The runs of the first levels of a ladder as one sample; by default as few as are fitted. */
export const prefixSamples = ({ levels, levelOf }: Ladder, fitted = LEAST_FITTED): Samples => ({
  count: 1,
  blocks: levels.length,
  blockOf: levelOf,
  source: {
    kind: "given",
    weights: Uint32Array.from(levels, (_, level) => (level < fitted ? 1 : 0)),
  },
});
