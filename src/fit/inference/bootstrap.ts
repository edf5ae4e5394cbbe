/**
 * A law's bootstrap: replicates of every target, and the jackknife that BCa intervals need, made
 * and kept.
 */
import { decode64, encode64 } from "../../base/base64.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { blocksOf, jackknife, type Samples } from "../../random/resampling.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { Reported } from "../../laws/parameters/parameters.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { interval, standardError } from "../../stats/interval.ts";
import type { Pool } from "../search/pool.ts";
import type { Problem, Searcher, Watch } from "../search/problem.ts";
import { type Refit, refit, refitIterations, toleranceOf } from "../search/refit.ts";
import type { Bootstrap, Fit } from "../result/fit-file.ts";
import type { Best } from "../search/search.ts";

/** Share of the replicates that start from a random point too. */
const RANDOM = 0.25;
/** The part of the work that the replicates are. */
const REPLICATES = 0.9;

/** Iterations of single fits that the replicates of so many targets take, the polish aside. */
export const bootstrapIterations = (targets: number, { bootstrap }: FitSettings): number =>
  refitIterations(targets, bootstrap, RANDOM);

export interface Replicates {
  readonly replicates: readonly Refit[];
  readonly jackknife: readonly Refit[];
}

/** Which runs stay together: those of one label of the group column, or each alone. */
export const resampled = ({ train }: Runs): { readonly blocks: number; readonly blockOf: Int32Array } =>
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
  const anchors = best.map((b) => b?.optima);
  const run = (samples: Samples, random: number, from: number, to: number): Promise<Refit[][]> =>
    refit(
      { law, problem: { ...problem, samples }, scales, anchors, seed: settings.seed, random },
      searcher,
      pool,
      {
        signal: watch.signal,
        tick: (done) => watch.tick(from + done * (to - from)),
      },
    );
  const { bootstrap: count, resampling: scheme, seed } = settings;
  const replicates = await run(
    { count, blocks, blockOf, source: { kind: "bootstrap", scheme, seed, first: 0 } },
    RANDOM,
    0,
    REPLICATES,
  );
  const left =
    settings.interval === "bca" ? await run(jackknife(blockOf, blocks), 0, REPLICATES, 1) : [];
  return anchors.map((_, t) => ({ replicates: replicates[t], jackknife: left[t] ?? [] }));
}

/** What the fit file says of a target's replicates; null where an abort left none. */
export function bootstrapSection(
  law: BoundLaw,
  best: Best,
  made: Replicates,
  runs: Runs,
  settings: FitSettings,
): Bootstrap | null {
  if (made.replicates.length < 2) return null;
  const { level, interval: kind } = settings;
  const report = (theta: Float64Array): Reported => law.reportAt(theta);
  const [replicates, left] = [
    made.replicates.map((r) => report(r.theta)),
    made.jackknife.map((r) => report(r.theta)),
  ];
  const estimate = report(best.theta);
  const flat = (of: readonly Refit[]): string => {
    const all = new Float64Array(of.length * law.size);
    for (const [i, { theta }] of of.entries()) all.set(theta, i * law.size);
    return encode64(all);
  };
  return {
    replicates: made.replicates.length,
    unconverged: [...made.replicates, ...made.jackknife].filter((r) => !r.converged).length,
    otherBasin: made.replicates.filter((r) => r.other).length,
    group: runs.group ?? null,
    blocks: resampled(runs).blocks,
    resampling: settings.resampling,
    level,
    interval: kind,
    tolerance: toleranceOf(runs.train.rows),
    parameters: mapReported(estimate, (x, pick) =>
      interval(kind, x, replicates.map(pick), left.map(pick), level),
    ),
    standardErrors: mapReported(estimate, (_, pick) => standardError(replicates.map(pick))),
    coordinates: flat(made.replicates),
    jackknife: flat(made.jackknife),
  };
}

/**
 * Unfinished refits, or another basin, in more than this share of the replicates are worth a
 * sentence.
 */
const MANY = 0.05;

/** Sentences for the fit: what a reader must know of its intervals. */
export function bootstrapWarnings(
  made: Bootstrap | null,
  runs: Runs,
  { bootstrap: asked }: FitSettings,
): string[] {
  if (made === null)
    return ["the bootstrap was interrupted before any replicate was done: there are no intervals"];
  const { replicates, unconverged, otherBasin } = made;
  const said: string[] = [];
  if (replicates < asked)
    said.push(
      `the bootstrap was interrupted after ${replicates} of ${asked} replicates: the intervals are rough`,
    );
  const related = made.group === null ? checkpoints(runs) : 0;
  if (related > 0)
    said.push(
      `${related} of ${runs.train.rows} rows may be checkpoints of one run (same parameters and mixture, other tokens) and were resampled one by one: if so, their errors are not independent and the intervals too narrow. Name the column of the run or the mixture with ${option("group")}`,
    );
  if (unconverged > MANY * replicates)
    said.push(
      "many refits of the bootstrap were still moving, along directions that the data hardly determine, when their iterations were used up; they count where they were",
    );
  if (otherBasin > MANY * replicates)
    said.push(
      "many replicates have their best fit in another basin: parameters can jump between basins, and the intervals span the jump",
    );
  return said;
}

/** Rows that share parameters and mixture with another row of other tokens. */
function checkpoints({ train, domains }: Runs): number {
  const { params, tokens } = train.inputs;
  if (tokens === undefined) return 0;
  const k = domains.length;
  const runs = new Map<string, { rows: number; tokens: Set<number> }>();
  for (let row = 0; row < train.rows; row++) {
    const key = `${params?.[row]};${train.weights.subarray(row * k, (row + 1) * k).join()}`;
    const run = runs.get(key) ?? { rows: 0, tokens: new Set() };
    run.rows++;
    run.tokens.add(tokens[row]);
    runs.set(key, run);
  }
  return [...runs.values()].reduce((sum, run) => sum + (run.tokens.size > 1 ? run.rows : 0), 0);
}

type Nested<T> = Readonly<Record<string, T | Readonly<Record<string, T>>>>;

/** A reported parameter that has no finite value, such as γ = 1/0, is infinite here. */
const finite = (x: number | null | undefined): number => x ?? Infinity;

/** `f` of every reported number, with what picks the same number from another report. */
function mapReported<T>(
  reported: Reported,
  f: (x: number, pick: (other: Reported) => number) => T,
): Nested<T> {
  const scalar = (value: Reported[string]): value is number | null =>
    value === null || typeof value === "number";
  return Object.fromEntries(
    Object.entries(reported).map(([name, value]) => {
      const one = (other: Reported): number =>
        scalar(other[name]) ? finite(other[name]) : Infinity;
      const of = (domain: string) => (other: Reported) => {
        const values = other[name];
        return scalar(values) ? finite(values) : finite(values[domain]);
      };
      // A γ that is finite on the data and not in a replicate, or the other way round, is a number
      // in both.
      if (scalar(value)) return [name, f(finite(value), one)];
      return [
        name,
        Object.fromEntries(
          Object.entries(value).map(([domain, x]) => [domain, f(finite(x), of(domain))]),
        ),
      ];
    }),
  );
}

/**
 * The coordinates of a fit's replicates and jackknife; undefined where it has no bootstrap. Throws
 * InputError for a damaged file.
 */
export function replicatesOf(
  fit: Fit,
  size: number,
): { readonly replicates: Float64Array[]; readonly jackknife: Float64Array[] } | undefined {
  // Files of earlier versions have none.
  const bootstrap = fit.bootstrap as Bootstrap | null | undefined;
  if (bootstrap === null || bootstrap === undefined) return undefined;
  const rows = (text: string, count: number | undefined): Float64Array[] => {
    let values: Float64Array;
    try {
      values = decode64(text);
    } catch {
      values = new Float64Array(1);
    }
    if (values.length % size !== 0 || (count !== undefined && values.length !== count * size))
      throw new InputError(
        `the bootstrap of ${fit.law} on ${fit.target} in the fit file is damaged. Fit again.`,
      );
    return Array.from({ length: values.length / size }, (_, i) =>
      values.subarray(i * size, (i + 1) * size),
    );
  };
  return {
    replicates: rows(bootstrap.coordinates, bootstrap.replicates),
    jackknife: rows(bootstrap.jackknife, undefined),
  };
}
