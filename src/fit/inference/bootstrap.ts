/** A law's bootstrap: replicates of every target, and the jackknife that BCa intervals need. */
import type { Watch } from "../../base/watch.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { type Blocks, blocksOf, jackknife, type Samples } from "../../random/resampling.ts";
import type { Pool } from "../search/pool.ts";
import type { Problem, Searcher } from "../search/problem.ts";
import { type Refit, refit, refitIterations } from "../search/refit.ts";
import type { Best } from "../search/search.ts";

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

/** Which runs stay together: those of one label of the group column, or each alone. */
export const resampled = ({ train }: Runs): Blocks =>
  train.groups === undefined
    ? { blocks: train.rows, blockOf: Int32Array.from({ length: train.rows }, (_, row) => row) }
    : blocksOf(train.groups);

/** Throws the InputError that says why these runs cannot be resampled. */
export function checkBlocks(runs: Runs): void {
  const { blocks } = resampled(runs);
  if (blocks < 2)
    throw new InputError(
      `the group column has ${blocks} value in the rows to fit; a bootstrap resamples groups and needs at least 2 (30 or more to be of use). Name another ${option("group")}.`,
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
}

/** All targets and replicates as one batch; by target. After an abort: those that were done. */
export async function bootstrapLaw(
  { law, problem, scales, best, searcher }: Bootstrapped,
  runs: Runs,
  settings: FitSettings,
  pool: Pool,
  watch: Watch,
): Promise<Replicates[]> {
  const { blocks, blockOf } = resampled(runs);
  const { bootstrap: count, resampling: scheme, seed } = settings;
  const anchors = best.map((fit) => fit?.optima);
  const fitTo = (samples: Samples, random: number, from: number, to: number): Promise<Refit[][]> =>
    refit(
      { law, problem: { ...problem, samples }, scales, anchors, seed, random },
      searcher,
      pool,
      {
        signal: watch.signal,
        tick: (done) => watch.tick(from + done * (to - from)),
      },
    );
  const source = { kind: "bootstrap", scheme, seed, first: 0 } as const;
  const replicates = await fitTo({ count, blocks, blockOf, source }, RANDOM, 0, REPLICATES_PART);
  const leftOut =
    settings.interval === "bca"
      ? await fitTo(jackknife(blockOf, blocks), 0, REPLICATES_PART, 1)
      : [];
  return anchors.map((_, t) => ({ replicates: replicates[t], jackknife: leftOut[t] ?? [] }));
}
