/**
 * `fn normal_equations(sample_index) -> f32`: `NormalEquations.evaluate` of
 * src/solve/normal-equations.ts in WGSL.
 */
import type { Program } from "../../expr/program.ts";
import {
  addSums,
  addSumsInLoops,
  cleared,
  declareSums,
  ofTriangle,
  scaled,
  sumNames,
} from "./group-sums.ts";
import type { Plan } from "./kernel-plan.ts";
import { ridgeLines } from "./write-ridge.ts";
import { levelLines, matrixWeightOf, overRuns, residualLines, weighed } from "./run-loop.ts";

/** Where the law is evaluated. */
const AT = ["point"] as const;

/** The lines of a run that add to its group's sums. */
export function addRun(program: Program, plan: Plan): string[] {
  const { columns } = program;
  const weight = matrixWeightOf(plan);
  const weighted = columns.map(({ partial }, c) => {
    const text = scaled(weight, program, partial);
    return text === weight ? { name: text } : { name: `d${c}`, text };
  });
  return [
    "sum += cost;",
    "let psi = omega * residual;",
    ...columns.map(({ partial }, c) => `v${c} += ${scaled("psi", program, partial)};`),
    // the weight in the matrix times d
    ...weighted.flatMap(({ name, text }) => (text === undefined ? [] : [`let ${name} = ${text};`])),
    ...ofTriangle(
      columns.length,
      (s, a, b) => `${s} += ${scaled(weighted[a].name, program, columns[b].partial)};`,
    ),
  ];
}

/** The lines of a group around the loop over its runs. */
function aroundRuns(program: Program, plan: Plan, loop: readonly string[]): string[] {
  const q = program.columns.length;
  return [
    "// once a mixture",
    ...levelLines(program, plan, "mix", AT),
    ...declareSums(q),
    ...loop,
    ...weighed(program, plan, sumNames(q)),
    "total += sum;",
    "// gradient += Gᵀv and H += GᵀSG, G the columns' derivatives by coordinates.",
    ...(plan.writtenMatrix ? addSums(program) : addSumsInLoops(program)),
  ];
}

export function normalEquations(program: Program, plan: Plan): string {
  const run = (row: string, missing: string | undefined): string[] => [
    ...levelLines(program, plan, "run", AT, row),
    ...residualLines(program, plan, row, missing, ["cost", "omega", matrixWeightOf(plan)]),
    ...addRun(program, plan),
  ];
  return [
    "// The mean loss at `point`, its gradient and its Gauss–Newton matrix.",
    "fn normal_equations(sample_index: u32) -> f32 {",
    ...cleared("gradient", "P", plan.writtenMatrix),
    ...cleared("H", "T", plan.writtenMatrix),
    "// from the coordinates alone",
    ...levelLines(program, plan, "fit", AT),
    "var total = 0.0;",
    ...overRuns(program, plan, run, (loop) => aroundRuns(program, plan, loop)),
    ...ridgeLines(plan),
    "return total;",
    "}",
  ].join("\n");
}
