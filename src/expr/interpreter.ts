/**
 * A program evaluated slot by slot, in the words of the operator table: what javascript.ts
 * compiles, in readable form, for pages that forbid compiling.
 */
import type { Evaluator64, Tables } from "./evaluator.ts";
import { type LossKind, lossFunction, lossOf, matrixWeight } from "./loss.ts";
import { OPS } from "./operators.ts";
import { type BentProgram, ofLevel, type Program } from "./program.ts";
import { scatterLoop } from "./scatter-columns.ts";

/** The interpreted form of a program; `loss` is that of `sumLoss` and `sumBend`. */
export function interpreted(program: Program | BentProgram, loss: LossKind): Evaluator64 {
  const levels = levelsOf(program);
  return {
    ...levels,
    ...sumsOf(program, levels.run, loss),
    scatter: scatterLoop(program),
    sumValue(values, tables, weight, from, to, slopes) {
      let total = 0;
      for (let at = from; at < to; at++) {
        const w = weight[at];
        if (w === 0) continue;
        total += w * levels.run(values, tables, at);
        for (const [a, { partial }] of program.columns.entries()) slopes[a] += w * values[partial];
      }
      return total;
    },
  };
}

/** The levels: slots in order, each by its row of the operator table. */
function levelsOf(program: Program): Pick<Evaluator64, "fit" | "mix" | "run"> {
  const { slots, tables: layout } = program;
  const none = new Float64Array();
  const empty: Tables = { mix: none, run: none, response: none };
  const execute = (
    ids: readonly number[],
    values: Float64Array,
    theta: Float64Array,
    tables: Tables,
    row: number,
  ): void => {
    for (const i of ids) {
      const slot = slots[i];
      if (slot.kind === "op")
        values[i] = OPS[slot.op].f64(values[slot.args[0]], values[slot.args[1] ?? 0]);
      else if (slot.kind === "param") values[i] = theta[slot.index];
      else if (slot.kind === "column")
        values[i] = tables[slot.table][row * layout[slot.table].length + slot.index];
    }
  };
  const [fit, mix, run] = (["fit", "mix", "run"] as const).map((level) => ofLevel(program, level));
  return {
    fit: (values, theta) => execute(fit, values, theta, empty, 0),
    mix: (values, tables, group) => execute(mix, values, none, tables, group),
    run(values, tables, at) {
      execute(run, values, none, tables, at);
      return values[program.value];
    },
  };
}

/** The sums over runs that know of the loss. */
function sumsOf(
  program: Program | BentProgram,
  run: Evaluator64["run"],
  name: LossKind,
): Pick<Evaluator64, "sumLoss" | "sumBend"> {
  const { columns } = program;
  const loss = lossOf(name);
  const [rho, psi, omega, weightOf] = [loss.rho, loss.psi, loss.omega(1), matrixWeight(loss)].map(
    lossFunction,
  );
  // as javascript.ts does
  const inMatrix = (residual: number, delta: number, tau: number): number =>
    tau === 1 ? omega(residual, delta, tau) : weightOf(residual, delta, tau);
  return {
    sumLoss(values, tables, weight, from, to, delta, tau, { S, v }) {
      let total = 0;
      for (let at = from; at < to; at++) {
        const w = weight[at];
        if (w === 0) continue;
        const residual = run(values, tables, at);
        total += w * rho(residual, delta, tau);
        const pull = w * psi(residual, delta, tau);
        const stiffness = w * inMatrix(residual, delta, tau);
        for (let a = 0, ab = 0; a < columns.length; a++) {
          const partial = values[columns[a].partial];
          v[a] += pull * partial;
          const scaled = stiffness * partial;
          for (let b = 0; b <= a; b++, ab++) S[ab] += scaled * values[columns[b].partial];
        }
      }
      return total;
    },
    sumBend(values, tables, weight, from, to, delta, tau, pulls) {
      if (!("bend" in program)) throw new Error("the program has no second derivative");
      for (let at = from; at < to; at++) {
        const w = weight[at];
        if (w === 0) continue;
        const residual = run(values, tables, at);
        const pull = w * inMatrix(residual, delta, tau) * values[program.bend];
        for (const [a, { partial }] of columns.entries()) pulls[a] += pull * values[partial];
      }
    },
  };
}
