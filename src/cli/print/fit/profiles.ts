/** Profile-likelihood intervals as a table. */
import { firstOf } from "../../../base/known.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { flatten } from "../../../laws/parameters/parameters.ts";
import { left, right, table } from "../../text/table.ts";
import { fitsByLaw } from "../../../words/fits-by-law.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { number, percent } from "../../../base/format-number.ts";

/** A table for each law whose fits were profiled: a line a target and parameter. */
export function profileTables({ fits }: FitFile, { style, width }: SummaryOptions): string[] {
  const profiled = fits.filter(({ profile }) => profile !== undefined);
  return [...fitsByLaw(profiled)].map(([law, ofLaw]) => {
    const { level } = firstOf(ofLaw.flatMap(({ profile = {} }) => Object.values(profile)));
    const rows = ofLaw.flatMap((fit) =>
      Object.entries(fit.profile ?? {}).map(([name, { interval }], n) =>
        line(fit, name, interval, n === 0),
      ),
    );
    const headings = [left("target"), left("parameter"), right("best"), right("from"), right("to")];
    return `${style.bold(`${percent(level)} profile intervals, ${law}`)}\n\n${table(headings, rows, { width, keys: 2 })}`;
  });
}

/** `first`: whether it is the first line of its target. */
const line = (
  fit: Fit,
  name: string,
  [low, high]: readonly [number | null, number | null],
  first: boolean,
): string[] => [
  first ? fit.target : "",
  name,
  number(flatten(fit.parameters).get(name) ?? null, 5),
  low === null ? "open" : number(low, 5),
  high === null ? "open" : number(high, 5),
];
