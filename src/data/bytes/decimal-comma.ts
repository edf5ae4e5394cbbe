/** Numbers whose decimal sign is a comma, as spreadsheets write them in half of the world. */
import { itemAt } from "../../base/known.ts";
import { TextColumn } from "./text-column.ts";

/** 5,125 or 1.000.000,5 or -3,5e-2. */
const WITH_COMMA = /^([+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d+),(\d+(?:[eE][+-]?\d+)?)( ?[a-zA-Z%])?$/;

/** 1,000 or 2,500,000, not 0,125: commas that may stand between thousands. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+( ?[a-zA-Z%])?$/;

/** A number with a decimal point. */
const WITH_POINT = /^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?( ?[a-zA-Z%])?$/;

/** 1.000 or 12.500.000, not 0.125: points that may stand between thousands. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/;

const encoder = new TextEncoder();

/**
 * Writes decimal commas as points, in place, and leaves out points between thousands. Columns with
 * decimal points (versions, dates like 01.02) stay as they are; all do where commas may stand
 * between thousands and a column has decimal points.
 *
 * @returns whether there were such numbers
 */
export function withPoints(columns: TextColumn[]): boolean {
  const signs = columns.map(signsOf);
  const hasPoints = signs.some(({ points }) => points);
  const isDecimal = signs.some(({ decimals, commas }) => decimals || (commas && !hasPoints));
  if (!isDecimal) return false;
  for (const [n, column] of columns.entries())
    if (!itemAt(signs, n).points) columns[n] = rewritten(column);
  return true;
}

interface Signs {
  /** Whether there are commas that may be decimal signs. */
  readonly commas: boolean;
  /** Whether there are some that can be nothing else. */
  readonly decimals: boolean;
  /** Whether there are decimal points. */
  readonly points: boolean;
}

function signsOf(column: TextColumn): Signs {
  let [commas, decimals, points] = [false, false, false];
  for (let row = 0; row < column.rows; row++) {
    const cell = column.textAt(row);
    const hasComma = WITH_COMMA.test(cell);
    commas ||= hasComma;
    decimals ||= hasComma && !THOUSANDS.test(cell);
    points ||= WITH_POINT.test(cell) && !GROUPED.test(cell);
  }
  return { commas, decimals, points };
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
