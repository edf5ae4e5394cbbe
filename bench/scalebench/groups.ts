/** The groups of a table of ScaleBench: sub-problems, each with a pool and target points. */
import { join } from "node:path";
import { readRuns, readTable, type Runs, type Table } from "../../src/node.ts";
import { dataFolder } from "../../test/support/data.ts";
import type { BenchTable } from "./tables.ts";

/** Runs of a group. */
export interface Group {
  readonly name: string;
  readonly pool: Runs;
  readonly points: Runs;
  readonly costs: Float64Array;
}

/** What each of a table's budgets comes to in a pool of these costs. */
export function budgetsOf({ budgets }: BenchTable, costs: Float64Array): number[] {
  const total = costs.reduce((a, b) => a + b, 0);
  return budgets.map((share) => share * total);
}

/** R² as ScaleBench counts it. */
export const clipped = (r2: number | null): number => Math.max(-1, Math.min(1, r2 ?? -1));

async function readGroup(
  { name, columns, targets }: BenchTable,
  group: string,
  costOf: (rowNumber: number) => number,
): Promise<Group> {
  const path = join(dataFolder, "scalebench", `${name}.csv`);
  const where = (split: string): string => `split == '${split}' and group == '${group}'`;
  const pool = await readRuns(path, { ...columns, targets: targets.join(), where: where("pool") });
  const points = await readRuns(path, { ...columns, targets: "", where: where("target") });
  return { name: group, pool, points, costs: Float64Array.from(pool.train.rowNumbers, costOf) };
}

/** The columns of a table, and its cells as text; rows count from 1. */
export async function cellsOf({ name }: BenchTable): Promise<{
  readonly columns: Table["columns"];
  readonly cell: (column: string, row: number) => string;
}> {
  const { columns } = await readTable(join(dataFolder, "scalebench", `${name}.csv`));
  return { columns, cell: (column, row) => String(columns.get(column)?.cells[row - 1] ?? "") };
}

/** All groups of a table, in the order of their names. */
export async function groupsOf(bench: BenchTable): Promise<Group[]> {
  const { columns, cell } = await cellsOf(bench);
  const costOf = (row: number): number => bench.cost((name) => Number(cell(name, row)));
  const names = [...new Set(columns.get("group")?.cells)].map(String).toSorted();
  const groups: Group[] = [];
  for (const name of names) groups.push(await readGroup(bench, name, costOf));
  return groups;
}
