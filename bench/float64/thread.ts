/** A fresh thread of bench/float64/main.ts: its first evaluations, each timed. */
import { parentPort, workerData } from "node:worker_threads";
import { itemAt } from "../../src/base/known.ts";
import type { Problem } from "../../src/fit/search/problem.ts";
import { JavaScriptEvaluation } from "../../src/solve/javascript-evaluation.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { type Float64Order, followFloat64 } from "../../src/wasm/availability.ts";
import { adoptModule, type ProgramModule } from "../../src/wasm/program/module-of-program.ts";

/** What a thread is to do. */
export interface ThreadTask {
  readonly problem: Problem;
  readonly points: readonly Float64Array[];
  readonly order: Float64Order;
  /** The problem's module; without it JavaScript computes. */
  readonly module?: ProgramModule | undefined;
}

const { problem, points, order, module } = workerData as ThreadTask;
const { program, packed, losses } = problem;
const loss = itemAt(losses, 0);
followFloat64(order);
if (module !== undefined) adoptModule(program, loss.name, module);
const begun = performance.now();
const evaluation = module === undefined ? [new JavaScriptEvaluation(program, packed, 0, loss)] : [];
const normal = new NormalEquations(
  program,
  packed,
  0,
  loss,
  itemAt(packed.weights, 0),
  ...evaluation,
);
for (const theta of points) normal.evaluate(theta);
parentPort?.postMessage((performance.now() - begun) / points.length);
