/** A repeated fit as a person reads it. */
import { NONE, number, seconds } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";
import type { Circumstances, ValueDifference, Verification } from "../../verify/verification.ts";
import type { Medium } from "../io/output.ts";
import { wrap } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";
import { findingBlocks } from "./optimum/told.ts";

/** Lines of a table; the JSON has more. */
const MOST_LINES = 40;

/** What `mixlaw verify` prints, without the last line end. */
export function verificationTable(
  verification: Verification,
  source: string,
  { width, style }: Medium,
): string {
  const { fits, repeated, verdict, rows } = verification;
  const differences = verification.differences.filter(isShown);
  const others = verification.differences.length - differences.length;
  const how = [count(fits, "fit"), placeOf(repeated), seconds(verification.seconds)].join(" · ");
  const hidden = Math.max(0, differences.length - MOST_LINES);
  return [
    `${style.bold(source)}\n${style.dim(wrap(how, width))}`,
    ...(rows === null || rows.cells.length === 0 ? [] : [cellTable(rows.cells, width)]),
    ...(differences.length === 0 ? [] : [differenceTable(differences, width)]),
    ...(hidden === 0 ? [] : [`${count(hidden, "line")} more: --json has up to 1000`]),
    ...(others === 0 ? [] : [wrap(`${count(others, "value")} more that hang on the way of the search, which is another here, differ within their tolerances, or belong to parameters that are not determined: --json lists them`, width)]), // prettier-ignore
    ...findingBlocks(verdict.findings, { width, style }),
  ].join("\n\n");
}

/** What counts, and parameters that are not determined. */
const isShown = ({ counts, key, why }: ValueDifference): boolean =>
  counts || (why === "not determined" && key.startsWith("parameters."));

const placeOf = ({ backend: { kind, adapter } }: Circumstances): string =>
  kind === "webgpu" ? `WebGPU: ${adapter}` : `CPU: ${adapter}`;

const cellTable = (cells: NonNullable<Verification["rows"]>["cells"], width: number): string =>
  table(
    [right("row"), left("column"), right("recorded"), right("table")],
    cells
      .slice(0, MOST_LINES)
      .map(({ row, column, recorded, found }) => [`${row}`, column, shown(recorded), shown(found)]),
    { width, keys: 2 },
  );

const differenceTable = (differences: readonly ValueDifference[], width: number): string =>
  table(
    [left("law"), left("target"), left("value"), right("recorded"), right("repeated"), right("tolerance"), left("")], // prettier-ignore
    differences
      .slice(0, MOST_LINES)
      .map(({ law = "", target = "", key, recorded, repeated, tolerance, counts, why }) => [
        law,
        target,
        key,
        ...shownBeside(recorded, repeated),
        tolerance === null ? "" : number(tolerance, 2),
        [counts ? "differs" : "does not count", ...(why === undefined ? [] : [why])].join(": "),
      ]),
    { width, keys: 3 },
  );

/** Characters of a value that are shown. */
const LONGEST = 40;

/** Two values, in all digits where fewer do not tell them apart. */
function shownBeside(a: unknown, b: unknown): string[] {
  const isTold = shown(a) !== shown(b);
  return [a, b].map((value) => shown(value, isTold ? FEWER : ALL));
}

/** Digits of a number. */
const [FEWER, ALL] = [12, 17];

/** Numbers with so many digits; what is no number as JSON, cut. */
function shown(value: unknown, digits = FEWER): string {
  if (value === undefined) return NONE;
  if (typeof value === "number") return String(Number(value.toPrecision(digits)));
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
