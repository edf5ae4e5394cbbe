/**
 * Profile-likelihood intervals: a parameter is held at values further and further from its optimum
 * while all others are fitted again, and the interval ends where the objective has risen by the
 * threshold of F times the noise.
 *
 * With Q the mean objective over weights of sum W: 2W(Q(v) − Q̂)/φ ~ F(1, n − p), φ = E ψ²/E ψ′
 * (`Scatter.dispersion`). For squared loss φ is the residual variance and this is the F-test of
 * nonlinear regression (Bates & Watts 1988, ch. 6); for Huber's loss the quasi-likelihood ratio of
 * robust regression (Ronchetti 1982; Huber & Ronchetti 2009, ch. 13), with F as McKean & Schrader
 * (1987) have it for least absolute deviations. Where rows share their error, φ is larger by the
 * square of the ratio of a coordinate's standard error that knows of it to the one that does not
 * (Rotnitzky & Jewell 1990), and the degrees of freedom are those of the blocks.
 */
import { isPlain } from "../../laws/parameters/chart.ts";
import type { Watch } from "../../base/watch.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Blocks } from "../../random/resampling.ts";
import type { Pool } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";
import { informationAt } from "../inference/information.ts";
import {
  endOf,
  fitToCheck,
  isDoubtful,
  NEAR,
  replacePoint,
  type Side,
  startAt,
  startSide,
  takeStep,
  THRESHOLD,
} from "./walk.ts";
import { type Profiles, summarizeProfiles } from "./summary.ts";
import type { ProfiledParameters } from "./profiled-parameters.ts";

const FIT = {
  iterations: 1000,
  tolerance: 1e-12,
  gradient: 1e-8,
  newton: true,
  exact: false,
} as const;
/**
 * Rounds of fits at most, one on every side that is not done: more than a walk takes at its
 * shortest strides, so that none ends by it but one that goes back and forth.
 */
const ROUNDS = 400;
/** Progress: what a round takes of the share that is left, about a tenth of all rounds. */
const ROUND_SHARE = 0.1;
/**
 * A logarithm this far from the optimum has no end: a factor of 1e13. Other coordinates: this many
 * widths of their start range.
 */
const FAR = { log: 30, widths: 100 } as const;
/**
 * Length of the first step, in standard errors at the threshold and in widths of the start range.
 */
const FIRST_STEP = { errors: 0.7, widths: 0.5 } as const;
/**
 * An end is checked by fits from `starts` points around it, as many random ones, and the ends of
 * the other sides, since another basin may be lower there; from `jumpStarts` points where the root
 * jumps over the threshold, since a lower basin is likely then. A lower fit moves the end, which is
 * then checked again, up to `times`.
 */
const CHECK = { starts: 12, jumpStarts: 64, times: 4 } as const;

/** A fit to profile: `theta` minimizes target `target` of the problem. */
export interface ProfileTask {
  readonly target: number;
  readonly theta: Float64Array;
}

/** The parameters of some fits of one law, to be profiled together. */
export interface Profiling {
  /**
   * Has the problem's coordinates, in which the parameters are those reported: bound with units of
   * 1.
   */
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly tasks: readonly ProfileTask[];
  readonly parameters: ProfiledParameters;
  /** Rows that share their error; undefined where none do. */
  readonly shared: Blocks | undefined;
  /** Width of a coordinate's start range. */
  readonly width: (task: ProfileTask, coordinate: number) => number;
  /** Points to try an end again from, others in each round: `count` around θ, as many anywhere. */
  readonly others: (
    task: ProfileTask,
    theta: Float64Array,
    round: number,
    count: number,
  ) => readonly Float64Array[];
}

/** The optimum of a task once more, and how a rise of its objective is measured. */
interface Optimum extends Pick<Polished, "theta" | "objective"> {
  /** √ of the statistic, scaled so that its threshold is a normal quantile (`THRESHOLD`). */
  readonly root: (objective: number, coordinate: number) => number;
  readonly standardError: (coordinate: number) => number;
}

/** What has been walked so far. */
interface Walk {
  readonly optima: readonly Optimum[];
  readonly sides: readonly Side[];
  /** How often each side's end has been tried from elsewhere. */
  readonly checks: Map<Side, number>;
}

/** A fit of this round. */
interface Trial extends Required<Pick<Start, "target" | "theta" | "hold">> {
  readonly side: Side;
  readonly distance: number;
}

/**
 * Profiles of every task; all sides of all parameters are fitted together, a round at a time, on
 * the pool's threads. After an abort: as far as they were walked.
 */
export async function profile(profiling: Profiling, pool: Pool, watch: Watch): Promise<Profiles[]> {
  const walk = await startWalk(profiling, pool, watch);
  for (let round = 0; round < ROUNDS && watch.signal?.aborted !== true; round++) {
    const tick = (done: number): void => watch.tick(1 - (1 - ROUND_SHARE) ** (round + done));
    if (!(await walkOn(profiling, walk, pool, { ...watch, tick }))) break;
  }
  const { law, parameters, tasks } = profiling;
  return tasks.map((_, task) => {
    const sides = walk.sides.filter((side) => side.task === task);
    return summarizeProfiles(law, parameters, sides);
  });
}

/**
 * A round: a step of every side that goes on, a check of every new end. False where all are done.
 */
async function walkOn(
  profiling: Profiling,
  walk: Walk,
  pool: Pool,
  watch: Watch,
): Promise<boolean> {
  const steps = walk.sides.flatMap((side) => stepOf(profiling, walk, side));
  // Ends are checked when no side is walked any more: the ends of others are starts of the check.
  const ended = steps.length > 0 ? [] : walk.sides.filter((side) => isToCheck(walk, side));
  const checks = ended.flatMap((side) => checksOf(profiling, walk, side));
  if (steps.length + checks.length === 0) return false;
  const fits = await fitTrials(profiling, [...steps, ...checks], pool, watch);
  await repeatDoubtful(profiling, walk, steps, fits, pool, watch);
  for (const [n, { side, distance }] of steps.entries())
    takeStep(
      side,
      distance,
      fits[n],
      walk.optima[side.task].root(fits[n].objective, side.coordinate),
    );
  takeChecks(walk, ended, checks, fits.slice(steps.length));
  return true;
}

const fitTrials = (
  { problem }: Profiling,
  trials: readonly Trial[],
  pool: Pool,
  watch: Watch,
): Promise<Polished[]> =>
  pool.run(
    problem,
    trials.map(({ target, theta, hold }) => ({ target, theta, hold })),
    FIT,
    watch,
  );

/**
 * A line through two fits of different basins leads nowhere. Where a step ended far beyond the
 * threshold it is fitted again, from the fit before it, and `fits` gets the better of the two.
 */
async function repeatDoubtful(
  profiling: Profiling,
  walk: Walk,
  steps: readonly Trial[],
  fits: Polished[],
  pool: Pool,
  watch: Watch,
): Promise<void> {
  const root = ({ side }: Trial, fit: Polished): number =>
    walk.optima[side.task].root(fit.objective, side.coordinate);
  const doubtful = [...steps.keys()].filter((n) => isDoubtful({ root: root(steps[n], fits[n]) }));
  if (doubtful.length === 0) return;
  const again = doubtful.map((n) => {
    const { side, distance } = steps[n];
    return trialAt(profiling, walk, side, distance, endOf(side).low.theta);
  });
  const others = await fitTrials(profiling, again, pool, { ...watch, tick: () => undefined });
  for (const [i, n] of doubtful.entries())
    if (root(steps[n], others[i]) < root(steps[n], fits[n]) * (1 - NEAR)) fits[n] = others[i];
}

/** The optima, to the same tolerance as what they are compared with, and all sides at them. */
async function startWalk(profiling: Profiling, pool: Pool, watch: Watch): Promise<Walk> {
  const { law, problem, tasks, parameters, width } = profiling;
  const fits = await pool.run(problem, tasks, FIT, { ...watch, tick: () => undefined });
  const optima = fits.map((fit, task) => optimumOf(profiling, tasks[task].target, fit));
  const sides = tasks.flatMap((task, n) =>
    [...parameters.values()].flatMap((coordinate) =>
      ([-1, 1] as const).map((direction) => {
        const { theta, standardError } = optima[n];
        const range = width(task, coordinate);
        const isLog = !isPlain(law.coordinates[coordinate].spec.chart);
        const far = isLog ? FAR.log : FAR.widths * range;
        const bound = (direction < 0 ? problem.box.lower : problem.box.upper)[coordinate];
        const reach = Math.min(Math.abs(bound - theta[coordinate]), far);
        const isMeant = (bound === 0 && !isLog) || isGivenBound(law, coordinate, direction);
        const meansBound = isMeant && Math.abs(bound - theta[coordinate]) <= far;
        const step = Math.min(
          FIRST_STEP.errors * THRESHOLD * standardError(coordinate) || Infinity,
          FIRST_STEP.widths * range,
        );
        return startSide({ task: n, coordinate, direction, reach, meansBound }, optima[n], step);
      }),
    ),
  );
  return { optima, sides, checks: new Map() };
}

/** Whether the user gave the bound of a coordinate: it is not the one of its law. */
function isGivenBound({ coordinates }: BoundLaw, coordinate: number, direction: 1 | -1): boolean {
  const { bounds, unit, spec } = coordinates[coordinate];
  const side = direction < 0 ? 0 : 1;
  const own = spec.bounds?.[side] ?? direction * Infinity;
  return Math.abs(bounds[side] * unit - own) > 1e-9 * Math.abs(own);
}

function optimumOf(
  { problem, shared }: Profiling,
  target: number,
  { theta, objective }: Polished,
): Optimum {
  const information = informationAt(problem, target, theta, undefined, shared);
  const { noise, quantile, standardError, covariance } = information;
  const mass = problem.packed.weights[target].reduce((a, b) => a + b, 0);
  const axisOf = (coordinate: number): Float64Array =>
    theta.map((_, j) => (j === coordinate ? 1 : 0));
  /** How much larger a coordinate's error is than were those of all rows independent. */
  const inflation = (coordinate: number): number => {
    if (shared === undefined) return 1;
    const axis = axisOf(coordinate);
    const ratio = standardError(axis) / Math.sqrt(covariance(axis, axis));
    return ratio > 0 && Number.isFinite(ratio) ? ratio : 1;
  };
  const scales = theta.map((_, i) => THRESHOLD / quantile / inflation(i));
  return {
    theta,
    objective,
    root: (value, coordinate) => {
      const rise = value - objective;
      if (rise <= 0) return 0;
      if (noise.dispersion === 0) return Infinity;
      return scales[coordinate] * Math.sqrt((2 * mass * rise) / noise.dispersion);
    },
    standardError: (coordinate) => standardError(axisOf(coordinate)),
  };
}

/** The fit that holds a side's coordinate at a distance and starts from `theta`. */
function trialAt(
  { tasks }: Profiling,
  { optima }: Walk,
  side: Side,
  distance: number,
  theta: Float64Array,
): Trial {
  const { task, coordinate, direction } = side;
  const value = optima[task].theta[coordinate] + direction * distance;
  return {
    side,
    distance,
    target: tasks[task].target,
    theta: theta.with(coordinate, value),
    hold: [coordinate],
  };
}

/** The next fit of a side that is still walked. */
const stepOf = (profiling: Profiling, walk: Walk, side: Side): Trial[] =>
  side.next === undefined
    ? []
    : [trialAt(profiling, walk, side, side.next, startAt(side, side.next))];

/** A side that cannot move has nothing to be tried again. */
const isToCheck = ({ checks }: Walk, side: Side): boolean =>
  side.reach > 0 && (checks.get(side) ?? 0) < CHECK.times;

/** Fits at a side's end that start there and around it. */
function checksOf(profiling: Profiling, walk: Walk, side: Side): Trial[] {
  const { point, from } = fitToCheck(side);
  const isJump = from !== point.theta;
  const count = isJump ? CHECK.jumpStarts : CHECK.starts;
  const task = profiling.tasks[side.task];
  const others = profiling.others(task, from, walk.checks.get(side) ?? 0, count);
  const ends = walk.sides.flatMap((other) =>
    other.task === side.task && other !== side ? [endOf(other).low.theta] : [],
  );
  const starts = [...(isJump ? [from] : []), ...others, ...ends];
  return starts.map((theta) => trialAt(profiling, walk, side, point.distance, theta));
}

/** A check that ends lower takes the place of the end's fit; where the end moves, it goes on. */
function takeChecks(
  walk: Walk,
  ended: readonly Side[],
  trials: readonly Trial[],
  fits: readonly Polished[],
): void {
  for (const side of ended) {
    const { point } = fitToCheck(side);
    const best = fits
      .filter((_, n) => trials[n].side === side)
      .reduce((a, b) => (b.objective < a.objective ? b : a));
    const isLower = point.distance > 0 && best.objective < point.objective;
    const root = walk.optima[side.task].root(best.objective, side.coordinate);
    const isMoved = isLower && root < point.root * (1 - NEAR);
    const { theta, objective } = best;
    if (isLower) replacePoint(side, point, { theta, objective, root });
    walk.checks.set(side, isMoved ? (walk.checks.get(side) ?? 0) + 1 : CHECK.times);
  }
}
