/**
 * The loop of a kernel over all runs, as WGSL: over the groups, which are the runs of one mixture,
 * and in each over its runs.
 */
import { input, mul } from "../../expr/graph.ts";
import { isLeastSquares, lossOf, matrixWeight } from "../../expr/loss.ts";
import type { Level, Program } from "../../expr/program.ts";
import { lines, reference, statements, type TableAccess } from "../../expr/wgsl.ts";
import { placeOf } from "../layout.ts";
import { columnsOf, type Plan } from "./kernel-plan.ts";
import { cell, loopOver, type RowBody } from "./table-loops.ts";

/** The loops' variables. */
const [GROUP, RUN] = ["group", "run"];

/** A column of the mixture whose row a member of a team has copied. */
export function mixtureCell(column: number): string {
  const { vector, component } = placeOf(column);
  return `mixture[${vector}].${component}`;
}

/** A column of the group's row of the table. */
const groupCell = ({ mixes, team }: Plan, column: number): string =>
  team > 1 ? mixtureCell(column) : cell(mixes, GROUP, column);

/** Where the columns of a program are in the tables. */
function accessOf(program: Program, plan: Plan, run: string): TableAccess {
  const { runs } = plan;
  const { responses } = columnsOf(program).runs;
  return {
    mix: (column) => groupCell(plan, column),
    run: (column) => cell(runs, run, column),
    response: (column) => cell(runs, run, responses + column),
  };
}

/**
 * The lines of one level of a program, at the coordinates in the array `point`; those of a bent
 * program also along the direction in the array `direction`.
 */
export const levelLines = (
  program: Program,
  plan: Plan,
  level: Level,
  [point, direction]: readonly [point: string, direction?: string],
  run = RUN,
): string[] => lines(program, level, accessOf(program, plan, run), point, direction);

/** What the candidate's sample gives a block. */
const sampleWeight = (block: string): string =>
  `f32(sample_weights[u32(${block}) * settings.samples + sample_index])`;

/** What the candidate's sample gives a group, where groups are weighed. */
const groupWeight = (program: Program, plan: Plan): string | undefined =>
  plan.weighting === "group"
    ? sampleWeight(groupCell(plan, columnsOf(program).mixes.block))
    : undefined;

/** Lines that multiply a group's sums by what the candidate's sample gives it, if it has one. */
export function weighed(program: Program, plan: Plan, sums: readonly string[]): string[] {
  const weight = groupWeight(program, plan);
  if (weight === undefined) return [];
  return [`let weight = ${weight};`, ...sums.map((sum) => `${sum} *= weight;`)];
}

/** A run's share of the mean; none where it is missing. */
function shareOf(
  program: Program,
  { weighting, runs }: Plan,
  run: string,
  missing: string | undefined,
): string {
  const { share, block } = columnsOf(program).runs;
  const own = cell(runs, run, share);
  const sampled = weighting === "run" ? `${own} * ${sampleWeight(cell(runs, run, block))}` : own;
  return missing === undefined ? sampled : `select(${sampled}, 0.0, ${missing})`;
}

/** The run's share, as the loss table's expressions are multiplied by it. */
const SHARE = input("share");
/** The loss table's names, as the kernel has them. */
const LEAVES = { delta: "delta", tau: "tau" } as const;

/**
 * The name of what a run weighs in the matrix: `stiffness` where candidates may have less of
 * reweighting, which are those of samples; else `omega`. A loss that is r²/2 has one weight alone.
 */
export const matrixWeightOf = ({ weighting, loss }: Plan): "omega" | "stiffness" =>
  weighting === "none" || isLeastSquares(loss) ? "omega" : "stiffness";

/**
 * The lines of a run that name its `share`, its `residual` r and what the loss makes of them, of
 * which those that are wanted: its part of the loss `cost` = share·ρ(r), its weight `omega` =
 * share·ω(r), and its `stiffness`, share times `matrixWeight` of src/expr/loss.ts.
 */
export function residualLines(
  program: Program,
  plan: Plan,
  run: string,
  missing: string | undefined,
  wanted: readonly ("cost" | "omega" | "stiffness")[],
): string[] {
  const loss = lossOf(plan.loss);
  const values = {
    cost: mul(SHARE, loss.rho),
    omega: mul(SHARE, loss.omega(1)),
    stiffness: mul(SHARE, matrixWeight(loss)),
  };
  return [
    `let share = ${shareOf(program, plan, run, missing)};`,
    `let residual = ${reference(program, program.value)};`,
    ...statements(Object.fromEntries(wanted.map((name) => [name, values[name]])), LEAVES),
  ];
}

/** The loop over the groups: `group` is put around the loop over a group's runs, of lines `run`. */
export function overRuns(
  program: Program,
  { mixes, runs, runsPerTurn }: Plan,
  run: RowBody,
  group: (loop: readonly string[]) => readonly string[],
): string[] {
  const loop = [
    `let end = rows_before + u32(${cell(mixes, GROUP, columnsOf(program).mixes.end)});`,
    ...loopOver(runs, RUN, ["first", "end"], run, runsPerTurn),
    "first = end;",
  ];
  return [
    "var first = rows_before;",
    ...loopOver(mixes, GROUP, ["0u", "groups"], () => group(loop)),
  ];
}
