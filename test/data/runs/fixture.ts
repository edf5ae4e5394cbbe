/** A small table of runs, and what reading it gives or refuses. */
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import type { RunsOptions } from "../../../src/data/runs/runs-options.ts";
import type { Table } from "../../../src/data/table/cells.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { InputError } from "../../../src/base/errors.ts";

export const parse = (text: string): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), "csv", "runs.csv");
export const read = async (text: string, options?: RunsOptions): Promise<Runs> =>
  toRuns(await parse(text), options);
/** The error of a table that is refused. */
export async function refused(text: string, options?: RunsOptions): Promise<InputError> {
  const table = await parse(text);
  try {
    toRuns(table, options);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("the table was accepted");
}
export const everything = { params: true, tokens: true, weights: true, inputs: [] };

export const head = "n_params,n_tokens,h_web,h_code,loss_web,loss_code,split,block";
export const good = `${head}
1e6,1e9,0.25,0.75,3.5,2.5,train,a
2e6,1e9,0.5,0.5,3.4,,train,a
2e6,2e9,1,0,3.3,2.3,eval,b
4e6,2e9,0,1,,2.2,train,b
`;
/** The good table with one cell of one data row changed. */
export function changed(row: number, column: string, cell: string): string {
  const lines = good
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  lines[row][lines[0].indexOf(column)] = cell;
  return lines.map((line) => line.join(",")).join("\n");
}
