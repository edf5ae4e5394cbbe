/**
 * λ of a ridge by cross-validation: the law is fitted without a fold of the rows, for ever smaller
 * λ, each fit from where the one before ended, and the λ with the least loss in the rows that were
 * left out is taken. Float64 throughout, so that the λ does not depend on the backend.
 */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import type { Watch } from "../../base/watch.ts";
import { lossFunction, lossOf } from "../../expr/loss.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import type { Blocks, Samples } from "../../random/resampling.ts";
import { stream } from "../../random/rng.ts";
import { NormalEquations } from "../../solve/normal-equations.ts";
import type { Pool } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";
import { toleranceOf } from "../search/refit.ts";
import type { StartSource } from "../starts/draws.ts";
import { PURPOSE } from "../starts/starts.ts";

/** Folds, or as many as there are blocks of rows. */
const FOLDS = 5;
/**
 * λ over the loss of a constant: decades from the first to the last, then half a decade either side
 * of the best. A parameter of 1 then costs from ten times that loss to a hundred millionth of it.
 */
const DECADES = { first: 1, last: -8 } as const;
/** Random starts of each fold at the strongest λ, where nothing is known yet. */
const RANDOM = 8;
/** Damping to go on with from the λ before. */
const NEAR = 1e-3;
const FIT = { iterations: 200, tolerance: 1e-10, gradient: 1e-7, newton: true, exact: false } as const; // prettier-ignore

/** What λ is chosen for. */
export interface RidgeTask {
  /** With penalties whose strengths are not known yet. */
  readonly problem: Problem;
  /** The targets that are fitted. */
  readonly targets: readonly number[];
  /** Observed losses by target and row, NaN where there is none. */
  readonly losses: readonly Float64Array[];
  /** Rows of a block stay together in folds. */
  readonly blocks: Blocks;
  /** How often each row counts; rows that are not fitted count 0. Default: each once. */
  readonly counts?: Uint32Array | undefined;
  readonly source: StartSource;
  readonly settings: Pick<FitSettings, "seed" | "residual">;
}

/** The λ of a target, and what it was chosen from. */
export interface ChosenStrength {
  readonly strength: number;
  /** Each λ that was tried, in falling order, and the mean loss in the rows held out. */
  readonly tried: readonly (readonly [strength: number, loss: number])[];
}

/** The fits of one λ: by target, by fold. */
type Ends = readonly (readonly Polished[])[];

/**
 * The λ of each target; undefined for those that are not fitted, and after an abort.
 *
 * @throws InputError for fewer than two blocks of rows
 */
export async function chooseStrengths(
  task: RidgeTask,
  pool: Pool,
  watch: Watch,
): Promise<(ChosenStrength | undefined)[]> {
  const folds = foldsOf(task);
  const units = task.losses.map((_, target) => lossOfConstant(task, target));
  const tried = task.losses.map(() => new Map<number, { loss: number; ends: readonly Polished[] }>()); // prettier-ignore
  const decades = range(DECADES.first, DECADES.last);
  /** Fits all targets, each with its own power of ten, from where fits of larger ones ended. */
  const fitAt = async (powers: readonly number[], part: Watch): Promise<void> => {
    const ends = await fitFolds(task, folds, strengthsAt(units, powers), part, pool, (target) =>
      nearestAbove(itemAt(tried, target), itemAt(powers, target)),
    );
    if (watch.signal?.aborted === true) return;
    for (const target of task.targets) {
      const own = itemAt(ends, target);
      const loss = heldOutLoss(task.problem, folds, target, own);
      itemAt(tried, target).set(itemAt(powers, target), { loss, ends: own });
    }
  };
  const steps = decades.length + 2;
  const part = (n: number): Watch => ({
    signal: watch.signal,
    tick: (done) => watch.tick((n + done) / steps),
  });
  for (const [n, power] of decades.entries()) await fitAt(units.map(() => power), part(n)); // prettier-ignore
  const best = tried.map((ofTarget) => bestPower(ofTarget));
  for (const [n, step] of [0.5, -0.5].entries())
    await fitAt(
      best.map((power) => power + step),
      part(decades.length + n),
    );
  if (watch.signal?.aborted === true) return units.map(() => undefined);
  return units.map((unit, target) => {
    const own = itemAt(tried, target);
    if (!task.targets.includes(target)) return undefined;
    return {
      strength: unit * 10 ** bestPower(own),
      tried: [...own]
        .toSorted(([a], [b]) => b - a)
        .map(([power, { loss }]) => [unit * 10 ** power, loss] as const),
    };
  });
}

/** Whole numbers downwards. */
const range = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

const strengthsAt = (units: readonly number[], powers: readonly number[]): number[] =>
  units.map((unit, target) => unit * 10 ** itemAt(powers, target));

/** The power of ten with the least loss; of equal ones the largest, 0 where nothing was tried. */
const bestPower = (tried: ReadonlyMap<number, { readonly loss: number }>): number =>
  [...tried]
    .toSorted(([a], [b]) => b - a)
    .reduce<readonly [number, number]>(
      (best, [power, { loss }]) => (loss < best[1] ? [power, loss] : best),
      [0, Infinity],
    )[0];

/** The fits of the next larger λ; undefined where there are none. */
function nearestAbove(
  tried: ReadonlyMap<number, { readonly ends: readonly Polished[] }>,
  power: number,
): readonly Polished[] | undefined {
  const above = [...tried.keys()].filter((other) => other > power);
  return above.length === 0 ? undefined : tried.get(Math.min(...above))?.ends;
}

/** Twice the mean loss of a constant: where a parameter of 1 costs as much, λ is this. */
function lossOfConstant({ problem, losses, counts, settings }: RidgeTask, target: number): number {
  const { packed } = problem;
  const { name, delta } = itemAt(problem.losses, target);
  const rho = lossFunction(lossOf(name).rho);
  const y = itemAt(losses, target);
  const weights = itemAt(packed.weights, target);
  const rows = [...packed.order.entries()].flatMap(([at, row]) => {
    const weight = (weights[at] ?? 0) * (counts?.[row] ?? 1);
    return weight > 0 ? [{ weight, y: y[row] ?? NaN }] : [];
  });
  const mass = rows.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (y: number) => number): number =>
    rows.reduce((sum, row) => sum + row.weight * of(row.y), 0) / mass;
  const [center, middle] = [mean((x) => x), mean(Math.log)];
  const residual = {
    raw: (x: number) => x - center,
    log: (x: number) => Math.log(x) - middle,
    relative: (x: number) => center / x - 1,
  }[settings.residual];
  return 2 * mean((x) => rho(residual(x), delta)) || 1;
}

/** Samples that leave a fold out, by row, and the fold of each row: −1 where it is not fitted. */
interface RidgeFolds {
  readonly samples: Samples;
  readonly foldOf: Int32Array;
  readonly counts: Uint32Array;
}

/** Blocks in random order are dealt to the folds in turn. */
function foldsOf({ blocks: { blockOf }, counts, settings }: RidgeTask): RidgeFolds {
  const rows = blockOf.length;
  const own = counts ?? new Uint32Array(rows).fill(1);
  const present = [...new Set(blockOf.filter((_, row) => (own[row] ?? 0) > 0))];
  const count = Math.min(FOLDS, present.length);
  if (count < 2)
    throw new InputError(
      `${option("ridge", "auto")}: the rows to fit are one block that shares its error, and cross-validation needs two; give a number, such as ${option("ridge", 1e-4)}`,
      { option: "ridge" },
    );
  const draws = stream(settings.seed, PURPOSE.ridgeFolds);
  const shuffled = present
    .map((block) => ({ block, key: draws.uniform(block, 0) }))
    .toSorted((a, b) => a.key - b.key || a.block - b.block);
  const foldOfBlock = new Map(shuffled.map(({ block }, n) => [block, n % count]));
  const foldOf = Int32Array.from(blockOf, (block, row) =>
    (own[row] ?? 0) > 0 ? (foldOfBlock.get(block) ?? -1) : -1,
  );
  const weights = new Uint32Array(count * rows);
  for (let fold = 0; fold < count; fold++)
    for (let row = 0; row < rows; row++)
      if (foldOf[row] !== fold) weights[fold * rows + row] = own[row] ?? 0;
  const each = Int32Array.from({ length: rows }, (_, row) => row);
  const samples = {
    count,
    blocks: rows,
    blockOf: each,
    source: { kind: "given" as const, weights },
  };
  return { samples, foldOf, counts: own };
}

/** The best end of each target and fold at some λ. */
async function fitFolds(
  { problem, targets, losses, source, settings }: RidgeTask,
  { samples }: RidgeFolds,
  strengths: readonly number[],
  watch: Watch,
  pool: Pool,
  before: (target: number) => readonly Polished[] | undefined,
): Promise<Ends> {
  const { penalties } = problem;
  const posed = { ...problem, samples, penalties: penalties && { ...penalties, strengths } };
  const starts = targets.flatMap((target): (Start & { readonly sample: number })[] => {
    const known = before(target);
    const random = known === undefined ? source.random(target, settings.seed, RANDOM, 0) : [];
    return Array.from({ length: samples.count }, (_, sample) =>
      known === undefined
        ? random.map((theta) => ({ target, sample, theta }))
        : [{ target, sample, theta: itemAt(known, sample).theta, lambda: NEAR }],
    ).flat();
  });
  const options = { ...FIT, distance: toleranceOf(problem.packed.order.length) };
  const ends = await pool.run(posed, starts, options, watch);
  return losses.map((_, target) =>
    Array.from({ length: targets.includes(target) ? samples.count : 0 }, (__, sample) =>
      ends
        .filter((_end, n) => starts[n]?.target === target && starts[n]?.sample === sample)
        .reduce((a, b) => (b.objective < a.objective ? b : a)),
    ),
  );
}

/** The mean loss in the rows that each fold leaves out; infinite where a fit has no value. */
function heldOutLoss(
  { program, packed, losses }: Problem,
  { foldOf, counts }: RidgeFolds,
  target: number,
  ends: readonly Polished[],
): number {
  const weights = itemAt(packed.weights, target);
  const normal = new NormalEquations(program, packed, target, itemAt(losses, target));
  let [total, mass] = [0, 0];
  for (const [fold, { theta }] of ends.entries()) {
    normal.weigh(
      weights.map((weight, at) => {
        const row = packed.order[at] ?? 0;
        return foldOf[row] === fold ? weight * (counts[row] ?? 0) : 0;
      }),
    );
    if (normal.mass === 0) continue;
    total += normal.mass * normal.evaluate(theta);
    mass += normal.mass;
  }
  return Number.isFinite(total) ? total / mass : Infinity;
}

/** The problem with what was chosen; targets without a choice are not drawn. */
export const withStrengths = (
  problem: Problem,
  chosen: readonly (ChosenStrength | undefined)[],
): Problem =>
  problem.penalties === undefined
    ? problem
    : {
        ...problem,
        penalties: {
          ...problem.penalties,
          strengths: chosen.map((choice) => choice?.strength ?? 0),
        },
      };
