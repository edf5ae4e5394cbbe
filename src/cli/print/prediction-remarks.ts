/** What is told beside predictions: of points and fits, and errors where losses are known. */
import { itemAt } from "../../base/known.ts";
import { count } from "../../base/wording.ts";
import { errorPercent } from "../../base/format-number.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { cellAt, type Column, numberAt, rowsOf, type Table } from "../../data/table/cells.ts";
import { chosenFindings } from "../../fit/backtest/choose-law.ts";
import { intervalFindings } from "../../fit/backtest/interval-findings.ts";
import { sizeFindings } from "../../fit/bearing-findings.ts";
import type { BandOptions } from "../../fit/inference/bands.ts";
import { type Prediction, predictionsAt } from "../../fit/predict.ts";
import { predictionFindings } from "../../fit/prediction-findings.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { outside } from "../../words/extrapolation.ts";
import { labelOf } from "../../words/finding-label.ts";
import { tell } from "../io/output.ts";
import type { Predicted } from "./predicted-columns.ts";

/** Flags that say what is asked for. */
interface Asked extends BandOptions {
  readonly law?: readonly string[];
  readonly params?: string;
  readonly tokens?: string;
}

/** What a reader of the predictions must know of points and fits. */
export function tellRemarks(file: FitFile, points: Runs, table: Table, flags: Asked): void {
  for (const note of points.notes.filter((line) => /renormalized|left out|in units of/.test(line)))
    tell(`note: ${note}`);
  for (const sentence of outside(file, points)) tell(`warning: ${sentence}`);
  const asked = {
    params: asksFor("params", table, flags),
    tokens: asksFor("tokens", table, flags),
  };
  const findings = [
    ...predictionFindings(file, points),
    ...sizeFindings(file, file.fits, asked),
    ...intervalFindings(file, predictionsAt(file, points), flags),
    ...(flags.law === undefined ? chosenFindings(file) : []),
  ];
  for (const { code, sentence } of findings) tell(`${labelOf(code)}: ${sentence}`);
}

/**
 * Whether a table asks for predictions at several N or D, or the flags do for those of a column.
 */
function asksFor(name: "params" | "tokens", { columns }: Table, flags: Asked): boolean {
  const column = columns.get(`n_${name}`);
  return flags[name] !== undefined || (column !== undefined && hasSeveral(column));
}

/** Whether the cells of a column differ. */
function hasSeveral(column: Column): boolean {
  const first = rowsOf(column) === 0 ? null : cellAt(column, 0);
  for (let row = 1; row < rowsOf(column); row++) if (cellAt(column, row) !== first) return true;
  return false;
}

/** The error of each prediction, where the table has the target's own column. */
export function tellErrors({ table, predictions, rowOf }: Predicted): void {
  for (const prediction of predictions) {
    const error = meanError(table, prediction, rowOf);
    if (error !== undefined)
      tell(
        `${prediction.law}, ${prediction.target}: mean relative error ${errorPercent(error.percent)} % over ${count(error.rows, "row")}`,
      );
  }
}

/** How far predictions are from a target's own column, where POINTS has one. */
function meanError(
  table: Table,
  { target, values }: Prediction,
  rowOf: readonly number[],
): { percent: number; rows: number } | undefined {
  const column = table.columns.get(target);
  if (column === undefined) return undefined;
  const errors = rowOf.flatMap((row, i) => {
    const observed = numberAt(column, row);
    return observed === undefined || observed === 0
      ? []
      : [Math.abs(itemAt(values, i) / observed - 1)];
  });
  if (errors.length === 0) return undefined;
  return {
    percent: (100 * errors.reduce((sum, e) => sum + e, 0)) / errors.length,
    rows: errors.length,
  };
}
