/** How the best mixture by a law moves with the size, for each goal. */
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { table } from "../report.ts";

/** Shares in percent at each size, for D as given. */
export async function optimaBySize(
  file: FitFile,
  law: string,
  goals: ReadonlyMap<string, Readonly<Record<string, number>>>,
  sizes: readonly number[],
  tokens: number,
): Promise<string> {
  const rows: string[][] = [];
  for (const [goal, objective] of goals)
    for (const params of sizes) {
      const { weights } = await optimize(file, { law, params, tokens, units: "absolute", objective, intervals: false }); // prettier-ignore
      rows.push([goal, String(params), ...Object.values(weights).map((x) => (100 * x).toFixed(1))]);
    }
  return table(["goal", "parameters", ...file.data.domains], rows);
}
