/** The rows that a fit file keeps as tidy tables: what is predicted at them, and what they are. */
import { InputError } from "../../base/errors.ts";
import { entryOf, itemAt } from "../../base/known.ts";
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import { USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import {
  tableOfRecords,
  type WrittenCell,
  type WrittenTable,
} from "../../data/write/written-table.ts";
import { domainOfSupply } from "../../options/supply.ts";
import type { BandOptions } from "../inference/bands.ts";
import { predict, type Prediction } from "../predict.ts";
import type { FitFile } from "../result/fit-file.ts";
import { rowsOf } from "../result/rows-of-file.ts";
import { stacked } from "./stacked.ts";

/** The rows that were fitted and those that were held out. */
const setsOf = ({ train, test }: Runs): [name: "train" | "test", set: RunSet][] => [
  ["train", train],
  ...(test === undefined ? [] : [["test", test] as ["test", RunSet]]),
];

/** The rows that a file keeps. Throws InputError for a file without them. */
function keptRuns(file: FitFile, source: string): Runs {
  const runs = rowsOf(file, source);
  if (runs !== undefined) return runs;
  throw new InputError(
    `${source} keeps no rows: it was asked to leave them out, or has more than 100,000, or is of a mixlaw that kept none; "mixlaw predict" predicts those of a table`,
    { file: source },
  );
}

const PREDICTIONS = {
  law: "text",
  target: "text",
  set: "text",
  row: "whole",
  observed: "number",
  predicted: "number",
  residual: "number",
  low: "number",
  high: "number",
  level: "number",
  interval: "text",
} as const;

/**
 * What each fit that has not failed predicts at the rows that the file keeps, beside what was
 * observed: `residual` is predicted − observed, `interval` says of what the interval is, `row` is
 * the table's data row, from 1.
 *
 * @throws InputError for a file that keeps no rows, and as `predict` does.
 */
export function predictionsTable(
  file: FitFile,
  options: BandOptions = {},
  source = "the fit file",
): WrittenTable {
  const runs = keptRuns(file, source);
  const records = setsOf(runs).flatMap(([name, set]) =>
    predict(file, { ...runs, train: set }, options).flatMap((prediction) =>
      recordsOf(prediction, name, set, runs),
    ),
  );
  return tableOfRecords(PREDICTIONS, records);
}

function recordsOf(
  { law, target, values, band }: Prediction,
  set: "train" | "test",
  { losses, rowNumbers }: RunSet,
  { targets }: Runs,
): Record<keyof typeof PREDICTIONS, WrittenCell>[] {
  const observed = itemAt(losses, targets.indexOf(target));
  return Array.from(values, (predicted, i) => ({
    law,
    target,
    set,
    row: itemAt(rowNumbers, i),
    observed: itemAt(observed, i),
    predicted,
    residual: predicted - itemAt(observed, i),
    low: band === undefined ? null : itemAt(band.low, i),
    high: band === undefined ? null : itemAt(band.high, i),
    level: band?.level ?? null,
    interval: band?.of ?? null,
  }));
}

/** What the column of an input is called where none is mapped: of N, of D, of the supply. */
function usualColumn(input: string): string {
  if (input === "params" || input === "tokens") return USUAL_COLUMNS[input];
  const domain = domainOfSupply(input);
  return domain === undefined ? input : `u_${domain}`;
}

/**
 * The runs that the file keeps, as they were used: counts absolute, shares renormalized, a run a
 * row, with the columns that `mixlaw fit` reads by default.
 *
 * @throws InputError for a file that keeps no rows.
 */
export function runsTable(file: FitFile, source = "the fit file"): WrittenTable {
  const runs = keptRuns(file, source);
  const sets = setsOf(runs);
  const { rows, columnOf } = stacked(sets, ([, set]) => set.rows);
  const { domains, targets, train } = runs;
  const columns = [
    columnOf("row", "whole", ([, { rowNumbers }], row) => itemAt(rowNumbers, row)),
    columnOf("set", "text", ([name]) => name),
    ...Object.keys(train.inputs).map((input) =>
      columnOf(usualColumn(input), "number", ([, { inputs }], row) =>
        itemAt(entryOf(inputs, input), row),
      ),
    ),
    ...domains.map((domain, d) =>
      columnOf(`h_${domain}`, "number", ([, { weights }], row) =>
        itemAt(weights, row * domains.length + d),
      ),
    ),
    ...targets.map((target, t) =>
      columnOf(target, "number", ([, { losses }], row) => itemAt(itemAt(losses, t), row)),
    ),
  ];
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new InputError(
      `the table of runs would have two columns "${twice}": rename that of ${runs.source}, and fit again`,
      { file: source, column: twice },
    );
  return { rows, columns };
}
