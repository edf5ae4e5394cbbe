/**
 * Profile-likelihood intervals: a parameter is held at values further and further from its optimum
 * while all others are fitted again, and the interval ends where the objective has risen by the χ²
 * threshold times the noise.
 *
 * With Q the mean objective over weights of sum W: 2W(Q(v) − Q̂)/φ ~ χ²₁, φ = E ψ²/E ψ′
 * (`Scatter.dispersion`). For squared loss φ is the residual variance and this is the F-test of
 * nonlinear regression (Bates & Watts 1988, ch. 6) with its denominator's degrees of freedom taken
 * as many; for Huber's loss the quasi-likelihood ratio of robust regression (Ronchetti 1982; Huber
 * & Ronchetti 2009, ch. 13).
 */
import { probit } from "simple-statistics";
import { InputError } from "../../base/errors.ts";
import { suggest } from "../../base/wording.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { bind, type BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { type Coordinate, flatten, reportedNames } from "../../laws/parameters/parameters.ts";
import { translate } from "../../laws/translate.ts";
import type { FitSettings } from "../../base/fit-options.ts";
import { advance, ahead, bracket, type Chain, NEAR, next, outermost } from "./profile-walk.ts";
import { axis } from "./identify.ts";
import { informationAt } from "./information.ts";
import type { Pool } from "../search/pool.ts";
import { poseProblem } from "../search/pose-problem.ts";
import type { Polished, Problem, Start, Watch } from "../search/problem.ts";
import type { Fit, Profile } from "../result/fit-file.ts";
import { hopStarts } from "../search/starts.ts";

export const LEVEL = 0.95;

/** A fit to profile: `theta` minimizes target `target` of the problem. */
export interface ProfileTask {
  readonly target: number;
  readonly theta: Float64Array;
}

const FIT = {
  iterations: 1000,
  tolerance: 1e-12,
  gradient: 1e-8,
  newton: true,
  exact: false,
} as const;
const ROUNDS = 40;
/**
 * A logarithm this far from the optimum has no end: a factor of 1e13. Other coordinates: this many
 * widths of their start range.
 */
const FAR = { log: 30, widths: 100 } as const;
/**
 * Ends are tried again from so many points around them, in case another basin is lower there; at
 * most so often, since a lower one moves the end.
 */
const CHECK = { starts: 12, times: 3 } as const;
/** A profile that falls below the optimum by this share has found a better one. */
const BETTER = 1e-4;

/**
 * Positions of the parameters that are asked for: "C" is all of C[…]. Throws InputError (unless
 * told not to check) for a name that no law has, or that is fixed or tied.
 */
export function profiled(
  laws: readonly BoundLaw[],
  names: readonly string[],
  check = true,
): Map<BoundLaw, Map<string, number>> {
  const flag = "--profile";
  const named = ({ label, symbol }: Coordinate, name: string): boolean =>
    label === name || symbol === name;
  for (const name of check ? names : []) {
    if (laws.some(({ coordinates }) => coordinates.some((one) => named(one, name)))) continue;
    const held = laws.find(({ fixed, tied }) => name in fixed || name in tied);
    if (held !== undefined) throw new InputError(`${flag} ${name}: ${name} is ${name in held.fixed ? "fixed" : "tied"}, so it has no interval of its own`, { flag }); // prettier-ignore
    throw new InputError(
      `${flag} ${name}: no law of this fit has such a parameter; ${suggest(name, [...new Set(laws.flatMap(reportedNames))], "parameters")}`,
      { flag },
    );
  }
  return new Map(
    laws.map((law) => {
      const asked = [...law.coordinates.entries()].filter(([, coordinate]) =>
        names.some((name) => named(coordinate, name)),
      );
      return [law, new Map(asked.map(([i, { label }]) => [label, i]))];
    }),
  );
}

/**
 * Profiles of parameters (reported name → coordinate) of every task; all sides of all of them are
 * fitted together, a round at a time, on the pool's threads. `law` must have the problem's
 * coordinates, in which the parameters are those reported: bound with units of 1.
 */
export async function profile(
  law: BoundLaw,
  problem: Problem,
  tasks: readonly ProfileTask[],
  wanted: ReadonlyMap<string, number>,
  widths: (task: number, i: number) => number,
  around: (task: number, theta: Float64Array, round: number) => readonly Float64Array[],
  pool: Pool,
  watch: Watch,
): Promise<Readonly<Record<string, Profile>>[]> {
  // The optimum once more, in these coordinates and to the same tolerance as what it is compared
  // with.
  const bases = await pool.run(problem, tasks, FIT, { ...watch, tick: () => undefined });
  const z = probit(0.5 + LEVEL / 2);
  const infos = bases.map(({ theta }, n) => informationAt(problem, tasks[n].target, theta));
  const mass = tasks.map(({ target }) => problem.packed.weights[target].reduce((a, b) => a + b, 0));
  const root = (task: number, objective: number): number => {
    const rise = objective - bases[task].objective;
    const scale = infos[task].noise.dispersion;
    return rise <= 0 ? 0 : scale === 0 ? Infinity : Math.sqrt((2 * mass[task] * rise) / scale);
  };
  const chains = tasks.flatMap((_, task) =>
    [...wanted.values()].flatMap((i) => ([-1, 1] as const).map((side) => start(task, i, side))),
  );

  function start(task: number, i: number, side: 1 | -1): Chain {
    const { theta, objective } = bases[task];
    const log = law.coordinates[i].spec.chart !== undefined;
    const end = side < 0 ? problem.box.lower[i] : problem.box.upper[i];
    const limit = log ? FAR.log : FAR.widths * widths(task, i);
    const most = Math.min(Math.abs(end - theta[i]), limit);
    const error = infos[task].standardError(axis(law, i));
    const step = Math.min(0.7 * z * error || Infinity, widths(task, i) / 2, most);
    const closed = end === 0 && Math.abs(theta[i]) <= limit && !log;
    return {
      task,
      i,
      side,
      most,
      closed,
      points: [{ t: 0, r: 0, objective, theta }],
      t: step,
      done: most === 0,
      checks: most === 0 ? CHECK.times : 0,
    };
  }

  const fit = (
    starts: readonly Required<Omit<Start, "sample" | "lambda">>[],
    round: number,
  ): Promise<Polished[]> =>
    pool.run(
      problem,
      starts.map(({ target, theta, hold }) => ({ target, theta, hold })),
      FIT,
      {
        ...watch,
        tick: (done) => watch.tick((round + done) / ROUNDS),
      },
    );
  const held = (chain: Chain, from: Float64Array, t: number) => ({
    chain,
    target: tasks[chain.task].target,
    theta: from.with(chain.i, bases[chain.task].theta[chain.i] + chain.side * t),
    hold: [chain.i],
  });
  for (let round = 0; round < ROUNDS && watch.signal?.aborted !== true; round++) {
    const going = chains.filter(({ done }) => !done);
    const ended = chains.filter(({ done, checks }) => done && checks < CHECK.times);
    if (going.length + ended.length === 0) break;
    const steps = going.map((chain) => held(chain, ahead(chain), chain.t));
    const checks = ended.flatMap((chain) => {
      const last = outermost(chain, z);
      return around(chain.task, last.theta, chain.checks++).map((theta) =>
        held(chain, theta, last.t),
      );
    });
    const found = await fit([...steps, ...checks], round);
    for (const [n, chain] of going.entries())
      advance(chain, found[n], root(chain.task, found[n].objective), z);
    const moved = new Set<Chain>();
    for (const [n, { chain }] of checks.entries()) {
      const { theta, objective } = found[going.length + n];
      const point = outermost(chain, z);
      if (chain.points.length === 1 || !(objective < point.objective)) continue;
      const r = root(chain.task, objective);
      if (r < point.r * (1 - NEAR)) moved.add(chain);
      Object.assign(point, { theta, objective, r });
    }
    for (const chain of ended) {
      if (moved.has(chain)) next(chain, z);
      else chain.checks = CHECK.times;
    }
  }
  return tasks.map(
    (_, task) =>
    Object.fromEntries([...wanted].map(([symbol, i]) => [symbol, summarize(law, symbol, chains.filter((c) => c.task === task && c.i === i), z)])), // prettier-ignore
  );
}

function summarize(law: BoundLaw, symbol: string, chains: readonly Chain[], z: number): Profile {
  const value = (theta: Float64Array): number =>
    flatten(law.reportAt(theta)).get(symbol) ?? Infinity;
  const ends = chains.map((chain) => {
    const { low, high } = bracket(chain, z);
    if (high === undefined) return chain.closed && low.t >= chain.most ? value(low.theta) : null;
    const share = Number.isFinite(high.r) ? (z - low.r) / (high.r - low.r) : 1;
    const [theta] = chain.points.map((point) => point.theta);
    const end = value(
      theta.with(chain.i, theta[chain.i] + chain.side * (low.t + share * (high.t - low.t))),
    );
    return Number.isFinite(end) ? end : null;
  });
  const points = chains
    .flatMap((chain) =>
      chain.points.map(({ theta, objective }) => [value(theta), objective] as const),
    )
    .filter(
      ([at], n, list) => Number.isFinite(at) && list.findIndex(([other]) => other === at) === n,
    )
    .toSorted(([a], [b]) => a - b);
  // γ = 1/s falls as s rises.
  const [first, last] = [chains[0].points.at(-1), chains[1].points.at(-1)].map((p) =>
    value((p ?? chains[0].points[0]).theta),
  );
  const [low, high] = first <= last ? ends : ends.toReversed();
  const best = chains[0].points[0].objective;
  const least = points.reduce((a, [, objective]) => Math.min(a, objective), best);
  return {
    level: LEVEL,
    interval: [low, high],
    better: least < best * (1 - BETTER) ? least : null,
    points,
  };
}

/** What `profileFits` works on: one law's fits, by target; undefined where there is none. */
export interface ProfileRequest {
  readonly law: BoundLaw;
  readonly thetas: readonly (Float64Array | undefined)[];
  readonly scales: readonly LossScale[];
  readonly names: readonly string[];
  readonly runs: Runs;
  readonly settings: FitSettings;
}

/**
 * Profiles of one law's fits, by target. The law is bound again with N and D in units of 1, where
 * the coordinate of A in A/N^α is ln A and not its value at the data's center: holding it holds
 * what is reported.
 */
export async function profileFits(
  request: ProfileRequest,
  pool: Pool,
  watch: Watch,
): Promise<(Fit["profile"] | undefined)[]> {
  const { law: bound, thetas, scales, names, runs, settings } = request;
  const law =
    bound.law.units === "fit"
      ? bound
      : bind(bound.law, bound.domains, settings, { params: 1, tokens: 1 });
  const tasks = thetas.flatMap((theta, target) =>
    theta === undefined ? [] : [{ target, theta: translate(bound, theta, law) }],
  );
  // The box moves along with the coordinates that the change of units moves.
  const shifts = (i: number): number[] =>
    tasks.map(({ target, theta }) => theta[i] - (thetas[target]?.[i] ?? 0));
  const lower = law.lower.map((x, i) => x + Math.min(0, ...shifts(i)));
  const upper = law.upper.map((x, i) => x + Math.max(0, ...shifts(i)));
  const problem: Problem = {
    ...poseProblem(law, runs.train, settings),
    box: { lower, upper },
  };
  const wanted = profiled([law], names, false).get(law) ?? new Map<string, number>();
  if (wanted.size === 0) return thetas.map(() => undefined);
  const width = (task: number, i: number): number => {
    const [low, high] = law.coordinates[i].spec.start(
      scales[tasks[task].target],
      law.domains.length,
    );
    return high - low;
  };
  // The usual hops, made where start ranges are meant: at the data's center.
  const around = (task: number, theta: Float64Array, round: number): Float64Array[] => {
    const point = translate(law, theta, bound);
    const hops = hopStarts(
      bound,
      scales[tasks[task].target],
      settings.seed,
      round,
      [point],
      CHECK.starts,
    );
    return hops.map((hop) => translate(bound, hop, law));
  };
  const found = await profile(law, problem, tasks, wanted, width, around, pool, watch);
  return thetas.map((_, target) => found[tasks.findIndex((task) => task.target === target)]);
}
