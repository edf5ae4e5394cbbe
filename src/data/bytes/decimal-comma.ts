/** Numbers whose decimal sign is a comma, as spreadsheets write them in half of the world. */
import { TextColumn } from "./text-column.ts";

/** 5,125 or 1.000.000,5 or -3,5e-2. */
const WITH_COMMA = /^([+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d+),(\d+(?:[eE][+-]?\d+)?)( ?[a-zA-Z%])?$/;

/** A number with a decimal point. */
const WITH_POINT = /^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?( ?[a-zA-Z%])?$/;

/** 1.000 or 12.500.000: points that may stand between thousands. */
const GROUPED = /^[+-]?\d{1,3}(\.\d{3})+$/;

const encoder = new TextEncoder();

/**
 * Writes decimal commas as points, in place, and leaves out points between thousands. Nothing
 * changes where numbers of the columns have decimal points.
 *
 * @returns whether there were such numbers
 */
export function withPoints(columns: TextColumn[]): boolean {
  let [commas, points] = [false, false];
  for (const column of columns)
    for (let row = 0; row < column.rows; row++) {
      const cell = column.textAt(row);
      commas ||= WITH_COMMA.test(cell);
      points ||= WITH_POINT.test(cell) && !GROUPED.test(cell);
    }
  if (!commas || points) return false;
  for (const [n, column] of columns.entries()) columns[n] = rewritten(column);
  return true;
}

function rewritten(column: TextColumn): TextColumn {
  const result = new TextColumn();
  for (let row = 0; row < column.rows; row++) {
    const cell = column.textAt(row);
    const plain = GROUPED.test(cell)
      ? cell.replaceAll(".", "")
      : cell.replace(WITH_COMMA, (_, whole: string, rest: string, suffix = "") =>
          `${whole.replaceAll(".", "")}.${rest}${suffix}`,
        ); // prettier-ignore
    const bytes = encoder.encode(plain);
    result.push(bytes, 0, bytes.length);
  }
  return result;
}
