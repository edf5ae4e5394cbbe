/**
 * `fn bend(sample_index)`: `NormalEquations.bend` of src/solve/normal-equations.ts in WGSL, of the
 * direction in `velocity`.
 */
import type { BentProgram, Program } from "../../expr/program.ts";
import { cleared, ofVector, scaled } from "./group-sums.ts";
import type { Plan } from "./kernel-plan.ts";
import { levelLines, matrixWeightOf, overRuns, residualLines, weighed } from "./run-loop.ts";

/** Where the law is evaluated, and along what it is differentiated. */
const AT = ["theta", "velocity"] as const;

/** The lines of a run that add to its group's sums. */
export const addBend = (program: BentProgram, plan: Plan): string[] => [
  `let along = ${scaled(matrixWeightOf(plan), program, program.bend)};`,
  ...program.columns.map(({ partial }, c) => `v${c} += ${scaled("along", program, partial)};`),
];

/** The lines of a group around the loop over its runs: slope += Gᵀv with v = Σ ω·r″·d. */
function aroundRuns(program: BentProgram, plan: Plan, loop: readonly string[]): string[] {
  const { columns } = program;
  return [
    ...levelLines(program, plan, "mix", AT),
    ofVector(columns.length, (v) => `var ${v} = 0.0;`),
    ...loop,
    ...weighed(
      program,
      plan,
      columns.map((_, c) => `v${c}`),
    ),
    ...columns.flatMap(({ entries }, c) =>
      entries.map(({ param, slot }) => `slope[${param}] += ${scaled(`v${c}`, program, slot)};`),
    ),
  ];
}

/** The lines of the function. */
function bendLines(program: BentProgram, plan: Plan): string[] {
  const run = (row: string, missing: string | undefined): string[] => [
    ...levelLines(program, plan, "run", AT, row),
    ...residualLines(program, plan, row, missing, [matrixWeightOf(plan)]),
    ...addBend(program, plan),
  ];
  return [
    ...cleared("slope", "P", plan.writtenMatrix),
    ...levelLines(program, plan, "fit", AT),
    ...overRuns(program, plan, run, (loop) => aroundRuns(program, plan, loop)),
  ];
}

/** Nothing bends in a program without second derivatives. */
export const bendSource = ({ bent }: Program, plan: Plan): string =>
  [
    "// slope = JᵀΩr″, r″ the second derivative of the residuals along `velocity` at `theta`.",
    "fn bend(sample_index: u32) {",
    ...(bent === undefined ? cleared("slope", "P", plan.writtenMatrix) : bendLines(bent, plan)),
    "}",
  ].join("\n");
