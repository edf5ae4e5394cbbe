/** Tables of what the replicates of a bootstrap say of an optimum. */
import { inPercent, loss, number, percent } from "../../../base/format-number.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { ends } from "../../../words/certainty.ts";
import { left, right, table } from "../../text/table.ts";

/** "35.66 … 52.06". */
export const range = (low: number, high: number): string =>
  `${inPercent(low)} … ${inPercent(high).padStart(5)}`;

/** The ranking of candidates; empty where there are none. */
export function ranking({ interval }: Optimum, width: number): string {
  if (interval === null || interval.candidates.length === 0) return "";
  return table(
    [
      left("candidate"),
      right("objective"),
      right(percent(interval.level)),
      right("best, chance %"),
      right("mean rank"),
    ],
    interval.candidates.map(({ name, objective, interval: around, chanceBest, meanRank }) => [
      name,
      loss(objective),
      ends(around, loss),
      inPercent(chanceBest, 1),
      number(meanRank, 3),
    ]),
    { width },
  );
}
