/** Tables of what the replicates of a bootstrap say of an optimum. */
import { gain, inPercent, loss, NONE, number, percent } from "../../../base/format-number.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { ends } from "../../../words/certainty.ts";
import { brokenConstraints } from "../../../words/phrases.ts";
import { wrap } from "../../text/layout.ts";
import { left, right, table } from "../../text/table.ts";

/** "35.66 … 52.06". */
export const range = (low: number, high: number): string =>
  `${inPercent(low)} … ${inPercent(high).padStart(5)}`;

/** The ranking of candidates, and what the marked ones break; empty where there are none. */
export function ranking(optimum: Optimum, width: number): string {
  const { candidates = [], interval } = optimum;
  if (candidates.length === 0) return "";
  const sure = interval !== null && candidates.some(({ chanceBest }) => chanceBest !== null);
  const headings = [
    left("candidate"),
    right("objective"),
    right("above the best"),
    ...(sure ? [right(percent(interval.level)), right("best, chance %"), right("mean rank")] : []),
  ];
  const rows = candidates.map(({ name, violated, objective, ...by }) => [
    violated.length === 0 ? name : `${name} *`,
    loss(objective),
    gain(objective - optimum.objective),
    ...(sure
      ? [
          by.interval === null ? NONE : ends(by.interval, loss),
          by.chanceBest === null ? NONE : inPercent(by.chanceBest, 1),
          number(by.meanRank, 3),
        ]
      : []),
  ]);
  const broken = candidates.flatMap(({ name, violated }) => {
    const parts = brokenConstraints(violated);
    return parts === null ? [] : [`${name} is not allowed: it breaks ${parts}`];
  });
  const marks = broken.map((line) => wrap(line, width, "* "));
  return [table(headings, rows, { width }), ...marks].join("\n");
}
