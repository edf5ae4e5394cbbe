/** What every law says of the mixture that each of them would choose. */
import { inPercent, loss, signed } from "../../../base/format-number.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { wrap } from "../../text/layout.ts";
import { left, right, table } from "../../text/table.ts";

/** A row a mixture, a column a law; empty where the file has no other law. */
export function lawTable({ lawOptima = [] }: Optimum, width: number): string {
  const [chosen] = lawOptima;
  if (chosen === undefined) return "";
  const laws = lawOptima.map(({ law }) => law);
  const rows = lawOptima.map(({ law, distance, objectives }, n) => [
    n === 0 ? `${law} (this one)` : law,
    inPercent(distance, 1),
    ...laws.map((judge) => {
      const value = objectives[judge] ?? NaN;
      return n === 0 ? loss(value) : signed(value - (chosen.objectives[judge] ?? NaN), 4);
    }),
  ]);
  const headings = [left("best by"), right("moved %"), ...laws.map((law) => right(law, "objective by"))]; // prettier-ignore
  const about = `objective by: of this mixture, and how much more or less it is for the best mixture by each law${laws.includes("average") ? " and by their average, weighted by back-tests" : ""}; moved: share of the data in other domains`;
  return `${table(headings, rows, { width })}\n${wrap(about, width)}`;
}
