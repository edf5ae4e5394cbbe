/** A law's bootstrap: replicates of every target, and the jackknife that BCa intervals need. */
import type { Watch } from "../../base/watch.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { count } from "../../base/wording.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { errorBlocks } from "../../data/runs/shared-errors.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { jackknife, type Samples } from "../../random/resampling.ts";
import { refitJointly } from "../common/fit-jointly.ts";
import type { Pool } from "../search/pool.ts";
import type { Problem, Searcher } from "../search/problem.ts";
import { type Refit, refit, refitIterations } from "../search/refit.ts";
import type { Best } from "../search/search.ts";
import type { StartSource } from "../starts/draws.ts";

/** Share of the replicates that start from a random point too. */
const RANDOM = 0.25;
/** The part of the work that the replicates are. */
const REPLICATES_PART = 0.9;

/** Estimated iterations of all the fits of replicates of some targets, without the polish. */
export const bootstrapIterations = (targets: number, { bootstrap }: FitSettings): number =>
  refitIterations(targets, bootstrap, RANDOM);

/** One target's. */
export interface Replicates {
  readonly replicates: readonly Refit[];
  /** Empty where no interval needs it. */
  readonly jackknife: readonly Refit[];
}

/**
 * Groups from which a bootstrap is possible at all: of two, a half of the replicates are one group.
 */
const LEAST = 3;

/** Throws the InputError that says why these runs cannot be resampled. */
export function checkBlocks(runs: Runs): void {
  const { blocks, kind } = errorBlocks(runs);
  if (kind === "group" && blocks < LEAST)
    throw new InputError(
      `the group column has ${count(blocks, "value")} in the rows to fit; a bootstrap resamples groups and needs at least ${LEAST} (30 or more to be of use). Name another ${option("group")}.`,
      { file: runs.source, option: "group" },
    );
}

/** A law's fits to all the runs, by target, and what searched for them. */
interface Bootstrapped {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly scales: readonly LossScale[];
  readonly best: readonly (Best | undefined)[];
  readonly searcher: Searcher;
  readonly source?: StartSource;
}

/**
 * All targets and replicates as one batch; by target. After an abort: those that were done. Of a
 * shard: its own.
 */
export async function bootstrapLaw(
  { law, problem, scales, best, searcher, source: starts }: Bootstrapped,
  runs: Runs,
  settings: FitSettings,
  pool: Pool,
  watch: Watch,
): Promise<Replicates[]> {
  const { blocks, blockOf } = errorBlocks(runs);
  const { bootstrap: replicateCount, resampling: scheme, seed } = settings;
  const anchors = best.map((fit) => fit?.optima);
  const { common } = settings;
  const fitTo = async (
    samples: Samples,
    random: number,
    from: number,
    to: number,
  ): Promise<Refit[][]> => {
    const part = { signal: watch.signal, tick: (done: number) => watch.tick(from + done * (to - from)) }; // prettier-ignore
    const joint =
      common.length === 0
        ? undefined
        : await refitJointly({ law, problem, best }, common, samples, pool, part);
    if (joint !== undefined) return joint;
    return refit(
      {
        law,
        problem: { ...problem, samples },
        scales,
        anchors,
        seed,
        random,
        own: pool.plan?.deal(samples.count),
        ...(starts === undefined ? {} : { source: starts }),
      },
      searcher,
      pool,
      part,
    );
  };
  const source = { kind: "bootstrap", scheme, seed, first: 0 } as const;
  const replicates = await fitTo(
    { count: replicateCount, blocks, blockOf, source },
    RANDOM,
    0,
    REPLICATES_PART,
  );
  const leftOut =
    settings.interval === "bca"
      ? await fitTo(jackknife(blockOf, blocks), 0, REPLICATES_PART, 1)
      : [];
  return anchors.map((_, t) => ({ replicates: replicates[t], jackknife: leftOut[t] ?? [] }));
}
