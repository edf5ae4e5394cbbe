/** A case's fit as its peers get it: a file that bench/peers/task.py reads. */
import { firstOf, itemAt } from "../../src/base/known.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import type { FitCase } from "../cases.ts";
import type { Measured } from "../measure.ts";
import { pose, type Posed, startsOf } from "../problem.ts";

/**
 * A target: its losses, start ranges and what is to be reached, with a point to check that both
 * compute the same.
 */
function targetOf(
  posed: Posed,
  target: number,
  losses: Float64Array,
  reached: {
    readonly reference: number | undefined;
    readonly best: readonly number[] | undefined;
  },
): object {
  const { law, problem } = posed;
  const { program, packed } = problem;
  const scale = posed.scales[target] ?? { min: 0, mean: 0, max: 0 };
  const theta = startsOf({ ...posed, scales: [scale] }, 1, 7).flatMap((start) => [...start.theta]);
  const objective = new NormalEquations(
    program,
    packed,
    target,
    itemAt(problem.losses, target),
  ).evaluate(Float64Array.from(theta));
  return {
    losses: Array.from(losses, (y) => (Number.isNaN(y) ? null : y)),
    start: law.coordinates.map(({ spec }) => spec.start(scale, law.domains.length)),
    ...reached,
    check: { theta, objective },
  };
}

/** ln of values in units. */
const logs = (values: Float64Array | undefined, unit: number): number[] =>
  Array.from(values ?? [], (value) => Math.log(value / unit));

/**
 * Rows, objective, bounds, starts and goals of a case; undefined where its data are not there.
 * `own`: what mixlaw itself reached, where there is no reference.
 */
export async function taskFor(
  fit: FitCase,
  tiny: boolean,
  own: Measured | undefined,
): Promise<object | undefined> {
  const runs = await fit.runs(tiny);
  if (runs === undefined) return undefined;
  const posed = pose(fit.law, runs, fit.options);
  const { law, problem, residual } = posed;
  const k = law.domains.length;
  const { train } = runs;
  return {
    case: fit.name,
    law: law.law.name,
    domains: k,
    names: law.coordinates.map(({ name }) => name),
    // Losses of the cases are of usual size: one δ for all targets.
    delta: firstOf(problem.losses).delta,
    residual,
    patience: fit.patience ?? {},
    restarts: fit.options.restarts ?? null,
    bootstrap: fit.options.bootstrap ?? null,
    lower: Array.from(law.lower, (x) => Math.max(x, -1e30)),
    upper: Array.from(law.upper, (x) => Math.min(x, 1e30)),
    // How many starts mixlaw followed a target: what it takes to be as certain.
    followed: Math.ceil((own?.followed ?? runs.targets.length) / runs.targets.length),
    ...(fit.model === undefined
      ? {}
      : { model: fit.model, inputs: { x: [...(train.inputs["x"] ?? [])] } }),
    lnN: logs(train.inputs["params"], law.units.params),
    lnD: logs(train.inputs["tokens"], law.units.tokens),
    weights: Array.from({ length: k === 0 ? 0 : train.rows }, (_, row) => [
      ...train.weights.subarray(row * k, (row + 1) * k),
    ]),
    targets: runs.targets.map((name, t) => ({
      name,
      ...targetOf(posed, t, train.losses[t] ?? new Float64Array(), {
        reference: (tiny ? undefined : fit.references[name]) ?? own?.objectives?.[name],
        best: own?.best?.[name],
      }),
    })),
  };
}
