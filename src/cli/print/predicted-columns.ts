/** A table with the columns of predictions added, as a file has it. */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { cellAt, type Table } from "../../data/table/cells.ts";
import { csvPieces } from "../../data/write/csv-text.ts";
import { tablePieces, type WrittenFormat } from "../../data/write/write-table.ts";
import { columnToWrite, type WrittenTable } from "../../data/write/written-table.ts";
import type { Prediction } from "../../fit/predict.ts";

/** Predictions at rows of a table; some rows may have none. */
export interface Predicted {
  readonly table: Table;
  readonly predictions: readonly Prediction[];
  /** Of each predicted value, its row in the table, from 0. */
  readonly rowOf: readonly number[];
}

/** A column that is added to the table. */
export interface AddedColumn {
  readonly name: string;
  /** By row of the table; NaN where there is no prediction. */
  readonly values: Float64Array;
}

/** A column for each prediction, and two for its interval. */
export function addedColumns({ table, predictions, rowOf }: Predicted): AddedColumn[] {
  const hasLaws = new Set(predictions.map(({ law }) => law)).size > 1;
  const named = predictions.flatMap(({ law, target, values, band }) => {
    const name = hasLaws ? `pred_${law}_${target}` : `pred_${target}`;
    return [
      { name, values },
      ...(band === undefined
        ? []
        : [
            { name: `${name}_low`, values: band.low },
            { name: `${name}_high`, values: band.high },
          ]),
    ];
  });
  return named.map(({ name, values }) => {
    if (table.columns.has(name))
      throw new InputError(
        `${table.source} has a column "${name}" already, which the prediction would take the place of: rename or drop it`,
        { file: table.source, column: name },
      );
    const byRow = new Float64Array(table.rows).fill(NaN);
    for (const [i, row] of rowOf.entries()) byRow[row] = itemAt(values, i);
    return { name, values: byRow };
  });
}

/** An end that an interval does not have is left empty. */
const cellOf = (value: number): string => (Number.isFinite(value) ? String(value) : "");

/** The table as CSV, with columns added, in pieces. */
function csvOf(table: Table, predicted: readonly AddedColumn[]): Iterable<string> {
  const columns = [...table.columns.values()];
  return csvPieces(
    [...columns, ...predicted].map(({ name }) => name),
    table.rows,
    (row) => [
      ...columns.map((column) => cellAt(column, row)),
      ...predicted.map(({ values }) => cellOf(itemAt(values, row))),
    ],
  );
}

/** The same with types, as Parquet has them. */
const typed = (table: Table, predicted: readonly AddedColumn[]): WrittenTable => ({
  rows: table.rows,
  columns: [
    ...[...table.columns.values()].map(columnToWrite),
    ...predicted.map(({ name, values }) => ({
      name,
      type: "number" as const,
      at: (row: number) => itemAt(values, row),
    })),
  ],
});

/** The table with columns added, in pieces. */
export const predictedPieces = async (
  table: Table,
  predicted: readonly AddedColumn[],
  format: WrittenFormat,
): Promise<Iterable<string | Uint8Array>> =>
  format === "csv" ? csvOf(table, predicted) : tablePieces(typed(table, predicted), format);
