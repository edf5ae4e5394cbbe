/**
 * npm's ml-levenberg-marquardt on a case, in a process of its own: `node npm.js TASK`, the file
 * that bench/peers.ts writes. Prints a JSON line.
 *
 * It minimizes squares. Huber's loss is given to it as it is to such tools: squares reweighted
 * between fits, until the objective rests, the weights' roots multiplied into function and
 * derivatives, since its own `weights` enter matrix and gradient inversely to one another (5.1.0).
 * Functions and derivatives are mixlaw's own compiled ones. One core, like the package.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { evaluator64 } from "../../src/expr/float64.ts";
import { lossFunction, lossOf } from "../../src/expr/loss.ts";
import { workspace } from "../../src/expr/evaluator.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { tablesOf } from "../../src/solve/pack-tables.ts";
import { CASES } from "../cases.ts";
import { pose, type Posed, startsOf } from "../problem.ts";

/** What the package exports, as far as it is used. */
interface Package {
  readonly levenbergMarquardt: (
    data: { readonly x: number[]; readonly y: number[] },
    model: (parameters: number[]) => (row: number) => number,
    options: Readonly<Record<string, unknown>>,
  ) => { readonly parameterValues: number[] };
}

interface Task {
  readonly case: string;
  readonly tiny: boolean;
  readonly seconds: number;
  readonly targets: readonly { readonly reference?: number }[];
}

/** Reweightings of a start, and iterations between two. */
const ROUNDS = 40;
const INNER = 25;
/** Relative decrease that ends a start, and the quality that ends the search. */
const REST = 1e-7;
const WITHIN = 1e-4;

const path = createRequire(resolve(".cache/peers-npm/package.json")).resolve(
  "ml-levenberg-marquardt",
);
const { levenbergMarquardt } = (await import(pathToFileURL(path).href)) as Package;
const task = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Task;
const one = CASES.find((c) => c.name === task.case);
if (one?.kind !== "fit")
  throw new Error(`${join("bench/peers", "npm.ts")}: ${task.case} is no fit`);
const runs = await one.runs(task.tiny);
if (runs === undefined) throw new Error("the data are gone");

/**
 * The lowest objective that one target's starts reach before `reached` says so or the time is up.
 */
function search(
  posed: Posed,
  target: number,
  seconds: number,
  reached: (objective: number) => boolean,
): { best: number; starts: number } {
  const { law, problem } = posed;
  const { program, packed, loss } = problem;
  const omega = lossFunction(lossOf(loss.name).omega(1));
  const code = evaluator64(program);
  const [values, tables] = [workspace(program), tablesOf(packed, target)];
  const normal = new NormalEquations(program, packed, target, loss);
  const own = packed.weights[target] ?? new Float64Array();
  const rows = [...own.keys()].filter((at) => (own[at] ?? 0) > 0);
  const each = (parameters: number[], take: (row: number, residual: number) => void): void => {
    code.fit(values, Float64Array.from(parameters));
    for (let g = 0; g + 1 < packed.start.length; g++) {
      code.mix(values, tables, g);
      for (let at = packed.start[g] ?? 0; at < (packed.start[g + 1] ?? 0); at++)
        take(at, code.run(values, tables, at));
    }
  };
  // Roots of the weights, of the order of 1.
  const root = new Float64Array(own.length);
  const model = (parameters: number[]): ((row: number) => number) => {
    const residuals = new Float64Array(own.length);
    each(parameters, (row, residual) => (residuals[row] = (root[row] ?? 0) * residual));
    return (row) => residuals[row] ?? NaN;
  };
  const jacobianFunction = (parameters: number[]): ((row: number) => number[]) => {
    const derivatives: number[][] = [];
    each(parameters, (row) => {
      const mine = Array.from({ length: program.params }, () => 0);
      for (const { partial, entries } of program.columns)
        for (const { param, slot } of entries)
          mine[param] =
            (mine[param] ?? 0) + (root[row] ?? 0) * (values[partial] ?? 0) * (values[slot] ?? 0);
      derivatives[row] = mine;
    });
    return (row) => derivatives[row] ?? [];
  };
  const finite = (bound: Float64Array): number[] =>
    Array.from(bound, (x) => Math.max(-1e6, Math.min(1e6, x)));
  const began = performance.now();
  const left = (): number => seconds - (performance.now() - began) / 1000;
  const all = startsOf(posed, posed.scales.length * 4096, 7).filter(
    (start) => start.target === target,
  );
  let [best, starts] = [Infinity, 0];
  for (const start of all) {
    if (left() <= 0 || reached(best)) break;
    starts++;
    let theta = [...start.theta];
    let last = Infinity;
    for (let round = 0; round < ROUNDS && left() > 0; round++) {
      each(
        theta,
        (row, r) => (root[row] = Math.sqrt((own[row] ?? 0) * rows.length * omega(r, loss.delta))),
      );
      try {
        const options = { initialValues: theta, minValues: finite(law.lower), maxValues: finite(law.upper), jacobianFunction, damping: 1e-2, maxIterations: INNER, errorTolerance: 1e-14 }; // prettier-ignore
        theta = levenbergMarquardt(
          { x: rows, y: rows.map(() => 0) },
          model,
          options,
        ).parameterValues;
      } catch {
        break; // a singular matrix ends the start
      }
      const objective = normal.evaluate(Float64Array.from(theta));
      if (!Number.isFinite(objective)) break;
      best = Math.min(best, objective);
      if (objective > last * (1 - REST) || reached(best)) break;
      last = objective;
    }
  }
  return { best, starts };
}

const posed = pose(one.law, runs, one.options);
const began = performance.now();
let [starts, worst] = [0, -Infinity];
for (const [target, { reference }] of task.targets.entries()) {
  const limit = (reference ?? NaN) * (1 + WITHIN);
  const found = search(
    posed,
    target,
    task.seconds / task.targets.length,
    (objective) => objective <= limit,
  );
  starts += found.starts;
  worst = Math.max(worst, found.best / (reference ?? NaN) - 1);
}
const bound = !(worst <= WITHIN);
const how = `random restarts, ${starts} begun on one core, reweighted squares`;
console.log(
  JSON.stringify({
    case: task.case,
    peer: "npm ml-levenberg-marquardt",
    seconds: (performance.now() - began) / 1000,
    bound,
    startup: 0,
    note: bound
      ? `${how}; not reached within ${task.seconds} s: ${(100 * worst).toPrecision(3)} % above`
      : how,
  }),
);
