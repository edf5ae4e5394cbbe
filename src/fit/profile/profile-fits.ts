/** The profiles of one law's fits to a set of runs. */
import type { Watch } from "../../base/watch.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { errorBlocks } from "../../data/runs/shared-errors.ts";
import type { Blocks } from "../../random/resampling.ts";
import { bind, type BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { translate } from "../../laws/translate.ts";
import type { Pool } from "../search/pool.ts";
import { poseProblem } from "../search/pose-problem.ts";
import type { Problem } from "../search/problem.ts";
import { isIn } from "../../records/shard.ts";
import { startSource } from "../starts/start-source.ts";
import { profile, type ProfileTask, type Profiling } from "./profile.ts";
import { type ProfiledParameters, profiledParameters } from "./profiled-parameters.ts";
import { movesWithOthers, withReported } from "./reported-coordinate.ts";
import type { Profiles } from "./summary.ts";

/** One law's fits, by target. */
export interface ProfileRequest {
  readonly law: BoundLaw;
  /** Undefined where there is no fit. */
  readonly thetas: readonly (Float64Array | undefined)[];
  readonly scales: readonly LossScale[];
  /** Reported names of the parameters. */
  readonly names: readonly string[];
  readonly runs: Runs;
  readonly settings: FitSettings;
  /** λ of the ridge by target; undefined where it is what the settings say. */
  readonly strengths?: readonly number[] | undefined;
}

/** A law in coordinates that can be held, and the way of points from the fitted law's and back. */
interface Frame {
  readonly law: BoundLaw;
  readonly to: (theta: Float64Array) => Float64Array;
  readonly from: (theta: Float64Array) => Float64Array;
}

/**
 * Profiles by target; undefined where there is no fit, or the law has none of the parameters. Of a
 * shard: those of its own targets.
 */
export async function profileFits(
  request: ProfileRequest,
  pool: Pool,
  watch: Watch,
): Promise<(Profiles | undefined)[]> {
  const { thetas, names } = request;
  const own = pool.plan?.deal(thetas.length) ?? { from: 0, to: thetas.length };
  const targets = [...thetas.keys()].filter((t) => thetas[t] !== undefined && isIn(own, t));
  if (targets.length === 0) return thetas.map(() => undefined);
  const profilings = profilingsOf(request);
  const parts: Profiles[][] = [];
  for (const [n, profiling] of profilings.entries()) {
    const tick = (done: number): void => watch.tick((n + done) / profilings.length);
    const tasks = profiling.tasks.filter(({ target }) => isIn(own, target));
    parts.push(await profile({ ...profiling, tasks }, pool, { ...watch, tick }));
  }
  if (parts.length === 0) return thetas.map(() => undefined);
  const order = [...profiledParameters(request.law, names).keys()];
  return thetas.map((_, target) => {
    const task = targets.indexOf(target);
    return task < 0
      ? undefined
      : inOrder(
          parts.map((ofTasks) => ofTasks[task]),
          order,
        );
  });
}

/** Profiles of one fit, put together from parts. */
function inOrder(parts: readonly Profiles[], order: readonly string[]): Profiles {
  const all = Object.fromEntries(parts.flatMap(({ profiles }) => Object.entries(profiles)));
  const unreached = parts.flatMap((part) => part.unreached);
  return {
    profiles: Object.fromEntries(order.map((label) => [label, all[label]])),
    unreached: order.filter((label) => unreached.includes(label)),
  };
}

/**
 * All parameters together that are held where their coordinate is, and each of the others in a
 * coordinate of its own.
 */
function profilingsOf(request: ProfileRequest): Profiling[] {
  const { thetas, names } = request;
  const frame = inUnitsOfOne(request);
  const points = thetas.flatMap((theta) => (theta === undefined ? [] : [frame.to(theta)]));
  const parameters = points.length === 0 ? [] : [...profiledParameters(frame.law, names)];
  const moving = parameters.filter(([, i]) =>
    points.some((theta) => movesWithOthers(frame.law, theta, i)),
  );
  const still = parameters.filter((parameter) => !moving.includes(parameter));
  const alone = moving.map(([label, i]) =>
    profilingOf(request, inReported(frame, i, request.settings), new Map([[label, i]])),
  );
  return still.length === 0 ? alone : [profilingOf(request, frame, new Map(still)), ...alone];
}

/**
 * N and D in units of 1, where the coordinate of A in A/N^α is ln A and not its value at the data's
 * center: holding it holds what is reported.
 */
function inUnitsOfOne({ law: fitted, settings }: ProfileRequest): Frame {
  const law =
    fitted.law.units === "fit"
      ? fitted
      : bind(
          fitted.law,
          fitted.shares,
          { ...settings, frame: { ...fitted.frame, origins: {} }, phases: fitted.phases },
          { params: 1, tokens: 1 },
        );
  return {
    law,
    to: (theta) => translate(fitted, theta, law),
    from: (theta) => translate(law, theta, fitted),
  };
}

/** ln of coordinate `i`'s parameter for that coordinate. */
function inReported(frame: Frame, i: number, settings: FitSettings): Frame {
  const { law, to, from } = withReported(frame.law, i, settings);
  return {
    law,
    to: (theta) => to(frame.to(theta)),
    from: (theta) => frame.from(from(theta)),
  };
}

function profilingOf(
  { law: fitted, thetas, scales, runs, settings, strengths }: ProfileRequest,
  { law, to, from }: Frame,
  parameters: ProfiledParameters,
): Profiling {
  const source = startSource(fitted, runs, scales, settings);
  const tasks = thetas.flatMap((theta, target): ProfileTask[] =>
    theta === undefined ? [] : [{ target, theta: to(theta) }],
  );
  return {
    law,
    problem: {
      ...poseProblem(law, runs.train, settings, strengths),
      box: movedBox(law, tasks, thetas),
    },
    tasks,
    parameters,
    shared: sharedBy(runs),
    width: ({ target }, i) => {
      const [low, high] = law.coordinates[i].spec.start(scales[target], law.domains.length);
      return high - low;
    },
    // The usual hops and random starts, made where they are meant: at the data's center.
    others: ({ target }, theta, round, count) =>
      [
        ...source.hops(target, settings.seed, round * count, [from(theta)], count),
        ...source.random(target, settings.seed, count, round * count),
      ].map(to),
  };
}

/** The rows that share their error, where a user has said so. */
function sharedBy(runs: Runs): Blocks | undefined {
  const blocks = errorBlocks(runs);
  return blocks.kind === "group" ? blocks : undefined;
}

/** The box moves along with the coordinates that the change of units moves. */
function movedBox(
  law: BoundLaw,
  tasks: readonly ProfileTask[],
  thetas: ProfileRequest["thetas"],
): Problem["box"] {
  const shifts = (i: number): number[] =>
    tasks.map(({ target, theta }) => theta[i] - (thetas[target]?.[i] ?? 0));
  return {
    lower: law.lower.map((x, i) => x + Math.min(0, ...shifts(i))),
    upper: law.upper.map((x, i) => x + Math.max(0, ...shifts(i))),
  };
}
