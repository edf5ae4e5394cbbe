/**
 * npm's ml-levenberg-marquardt on a case, in a process of its own: `node npm.js TASK`, the file
 * that bench/peers/run-peers.ts writes. Prints a JSON line.
 *
 * It minimizes squares. Huber's loss is given to it as it is to such tools: squares reweighted
 * between fits, until the objective rests, the weights' roots multiplied into function and
 * derivatives, since its own `weights` enter matrix and gradient inversely to one another (5.1.0).
 * Functions and derivatives are mixlaw's own compiled ones. One core, like the package.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CASES } from "../cases.ts";
import { pose, type Posed, startsOf } from "../problem.ts";
import { ReweightedSquares } from "./reweighted-squares.ts";

/** What the package exports, as far as it is used. */
interface Package {
  readonly levenbergMarquardt: (
    data: { readonly x: readonly number[]; readonly y: readonly number[] },
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
/** Starts of a target, at most. */
const STARTS = 4096;

const path = createRequire(resolve(".cache/peers-npm/package.json")).resolve(
  "ml-levenberg-marquardt",
);
const { levenbergMarquardt } = (await import(pathToFileURL(path).href)) as Package;
const task = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Task;
const fit = CASES.find((benchmark) => benchmark.name === task.case);
if (fit?.kind !== "fit") throw new Error(`bench/peers/npm.ts: ${task.case} is no fit`);
const runs = await fit.runs(task.tiny);
if (runs === undefined) throw new Error("the data are gone");

/** What ends a search, beside its starts. */
interface Goal {
  readonly isReached: (objective: number) => boolean;
  readonly isOver: () => boolean;
}

const finite = (bound: Float64Array): number[] =>
  Array.from(bound, (x) => Math.max(-1e6, Math.min(1e6, x)));

/** A fit of the squares as they are weighed; undefined where a matrix is singular. */
function fitOnce(
  squares: ReweightedSquares,
  { law }: Posed,
  initialValues: number[],
): number[] | undefined {
  const options = {
    initialValues,
    minValues: finite(law.lower),
    maxValues: finite(law.upper),
    jacobianFunction: squares.derivatives,
    damping: 1e-2,
    maxIterations: INNER,
    errorTolerance: 1e-14,
  };
  const data = { x: squares.rows, y: squares.rows.map(() => 0) };
  try {
    return levenbergMarquardt(data, squares.residuals, options).parameterValues;
  } catch {
    return undefined;
  }
}

/** The lowest objective of one start's rounds. */
function descend(
  squares: ReweightedSquares,
  posed: Posed,
  start: readonly number[],
  goal: Goal,
): number {
  let [theta, best] = [[...start], Infinity];
  for (let round = 0, last = Infinity; round < ROUNDS && !goal.isOver(); round++) {
    squares.reweigh(theta);
    const next = fitOnce(squares, posed, theta);
    if (next === undefined) break;
    theta = next;
    const objective = squares.objective(theta);
    if (!Number.isFinite(objective)) break;
    best = Math.min(best, objective);
    if (objective > last * (1 - REST) || goal.isReached(best)) break;
    last = objective;
  }
  return best;
}

/** The lowest objective that one target's starts reach before the goal or the end of the time. */
function search(posed: Posed, target: number, goal: Goal): { best: number; starts: number } {
  const squares = new ReweightedSquares(posed.problem, target);
  const all = startsOf(posed, posed.scales.length * STARTS, 7);
  let [best, starts] = [Infinity, 0];
  for (const start of all.filter((any) => any.target === target)) {
    if (goal.isOver() || goal.isReached(best)) break;
    starts++;
    best = Math.min(best, descend(squares, posed, [...start.theta], goal));
  }
  return { best, starts };
}

const posed = pose(fit.law, runs, fit.options);
const began = performance.now();
let [starts, worst] = [0, -Infinity];
for (const [target, { reference = NaN }] of task.targets.entries()) {
  const from = performance.now();
  const found = search(posed, target, {
    isReached: (objective) => objective <= reference * (1 + WITHIN),
    isOver: () => (performance.now() - from) / 1000 >= task.seconds / task.targets.length,
  });
  starts += found.starts;
  worst = Math.max(worst, found.best / reference - 1);
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
