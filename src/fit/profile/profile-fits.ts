/** The profiles of one law's fits to a set of runs. */
import type { FitSettings } from "../../options/fit-options.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { bind, type BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { translate } from "../../laws/translate.ts";
import type { Pool } from "../search/pool.ts";
import { poseProblem } from "../search/pose-problem.ts";
import type { Problem, Watch } from "../search/problem.ts";
import { hopStarts } from "../search/starts.ts";
import { profile, type ProfileTask, type Profiling } from "./profile.ts";
import type { Profiles } from "./summary.ts";
import { profiledParameters } from "./profiled-parameters.ts";

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
}

/** Profiles by target; undefined where there is no fit, or the law has none of the parameters. */
export async function profileFits(
  request: ProfileRequest,
  pool: Pool,
  watch: Watch,
): Promise<(Profiles | undefined)[]> {
  const { thetas } = request;
  const profiling = profilingOf(request);
  if (profiling.parameters.size === 0) return thetas.map(() => undefined);
  const profiles = await profile(profiling, pool, watch);
  return thetas.map(
    (_, target) => profiles[profiling.tasks.findIndex((task) => task.target === target)],
  );
}

/**
 * The law is bound again with N and D in units of 1, where the coordinate of A in A/N^α is ln A and
 * not its value at the data's center: holding it holds what is reported.
 */
function profilingOf({
  law: fitted,
  thetas,
  scales,
  names,
  runs,
  settings,
}: ProfileRequest): Profiling {
  const law =
    fitted.law.units === "fit"
      ? fitted
      : bind(fitted.law, fitted.domains, settings, { params: 1, tokens: 1 });
  const tasks = thetas.flatMap((theta, target): ProfileTask[] =>
    theta === undefined ? [] : [{ target, theta: translate(fitted, theta, law) }],
  );
  return {
    law,
    problem: { ...poseProblem(law, runs.train, settings), box: movedBox(law, tasks, thetas) },
    tasks,
    parameters: profiledParameters(law, names),
    width: ({ target }, i) => {
      const [low, high] = law.coordinates[i].spec.start(scales[target], law.domains.length);
      return high - low;
    },
    // The usual hops, made where start ranges are meant: at the data's center.
    hops: ({ target }, theta, round, count) => {
      const point = translate(law, theta, fitted);
      const hops = hopStarts(fitted, scales[target], settings.seed, round, [point], count);
      return hops.map((hop) => translate(fitted, hop, law));
    },
  };
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
