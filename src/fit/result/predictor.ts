/** What a law predicts at given coordinates. */
import type { RunSet } from "../../data/runs/run-set.ts";
import { evaluator64 } from "../../expr/float64.ts";
import { workspace } from "../../expr/evaluator.ts";
import { compileValue } from "../../expr/compile.ts";
import type { Node } from "../../expr/graph.ts";
import type { Program } from "../../expr/program.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { finish } from "../../solve/iterate.ts";
import { pack, tablesOf } from "../../solve/pack-tables.ts";

/** By the loss, which fits of several targets share: compiling takes longer than a few rows. */
const programs = new WeakMap<Node, Program>();

function programOf(law: BoundLaw): Program {
  const program = programs.get(law.loss) ?? compileValue(law.loss, law.size);
  programs.set(law.loss, program);
  return program;
}

/** θ → the losses a law predicts, one a row of the set. */
export function predictor(
  law: BoundLaw,
  runs: Pick<RunSet, "rows" | "inputs" | "weights">,
): (theta: Float64Array) => Float64Array {
  const program = programOf(law);
  const packed = pack(program, runs, law.shares.length, []);
  const tables = tablesOf(packed, 0);
  const code = evaluator64(program);
  const values = workspace(program);
  return (theta) => {
    const predicted = new Float64Array(runs.rows);
    code.fit(values, theta);
    for (let g = 0; g + 1 < packed.start.length; g++) {
      code.mix(values, tables, g);
      for (let at = packed.start[g]; at < packed.start[g + 1]; at++)
        predicted[packed.order[at]] = code.run(values, tables, at);
    }
    return predicted;
  };
}

/** Rows whose tables are made at once: those of millions of rows would fill the memory. */
const SLAB = 2 ** 15;

/** Losses a law predicts at θ, one a row of the set. */
export const predictRows = (
  law: BoundLaw,
  theta: Float64Array,
  runs: Pick<RunSet, "rows" | "inputs" | "weights">,
): Float64Array => finish(predictionInSteps(law, theta, runs));

/** The same; of very many rows it yields between slabs of them. */
export function* predictionInSteps(
  law: BoundLaw,
  theta: Float64Array,
  runs: Pick<RunSet, "rows" | "inputs" | "weights">,
): Generator<undefined, Float64Array> {
  if (runs.rows <= SLAB) return predictor(law, runs)(theta);
  const predicted = new Float64Array(runs.rows);
  const k = runs.weights.length / runs.rows;
  for (let from = 0; from < runs.rows; from += SLAB) {
    const to = Math.min(from + SLAB, runs.rows);
    const inputs = Object.fromEntries(
      Object.entries(runs.inputs).map(([name, values]) => [name, values.subarray(from, to)]),
    );
    const slab = { rows: to - from, inputs, weights: runs.weights.subarray(from * k, to * k) };
    predicted.set(predictor(law, slab)(theta), from);
    yield;
  }
  return predicted;
}
