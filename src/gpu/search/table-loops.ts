/**
 * Loops over a table's rows, as WGSL.
 *
 * A software adapter serves the lanes of a subgroup one by one even where they read the same place.
 * There a table is *staged*: each lane reads a row of its own, and the rows of a subgroup go round
 * by shuffles, which cost a quarter (docs/performance.md). All lanes of the subgroup have to take
 * part.
 */
import { placeOf, vectorIndex } from "../layout.ts";
import { range } from "./group-sums.ts";
import { pageName, strideOf, type TableLayout } from "./tables.ts";

/** Vector `vector` of row `row`; by a variable where the table has one page. */
export function vectorOf(layout: TableLayout, row: string, vector: number | string): string {
  if (typeof vector === "string")
    return `${pageName(layout, 0)}[${vectorIndex(row, strideOf(layout, 0), 0)} + ${vector}]`;
  const page = Math.floor(vector / layout.perPage);
  const index = vectorIndex(row, strideOf(layout, page), vector - page * layout.perPage);
  return `${pageName(layout, page)}[${index}]`;
}

/** The name of vector `vector` of the row that the lane itself has read. */
const ownVector = ({ name }: TableLayout, vector: number): string => `own_${name}_${vector}`;

/** The value of column `column` in row `row` of the loop that `loopOver` opens. */
export function cell(layout: TableLayout, row: string, column: number): string {
  const { vector, component } = placeOf(column);
  return layout.staged
    ? `subgroupShuffle(${ownVector(layout, vector)}.${component}, ${row})`
    : `${vectorOf(layout, row, vector)}.${component}`;
}

/**
 * The lines for one row of a loop, given the name of the row for `cell`, and where the row may be
 * beyond the last the condition under which it is missing.
 */
export type RowBody = (row: string, missing: string | undefined) => readonly string[];

/** A row of a turn of a loop: its name, the suffix of its names and where it is. */
interface TurnRow {
  readonly name: string;
  readonly suffix: string;
  readonly at: string;
}

/** The rows of a turn after its first. */
const laterRows = (row: string, perTurn: number): TurnRow[] =>
  range(perTurn)
    .slice(1)
    .map((n) => ({ name: `${row}_${n}`, suffix: `_${n}`, at: `${row} + ${n}u` }));

/** Lines with other names for what they declare. */
function renamed(text: readonly string[], suffix: string): string[] {
  const names = new Set(
    text.flatMap((line) => Array.from(line.matchAll(/\blet (\w+)/g), (match) => match[1])),
  );
  return text.map((line) =>
    line.replace(/\b[a-z]\w*\b/g, (word) => (names.has(word) ? `${word}${suffix}` : word)),
  );
}

/**
 * The lines of a turn, line by line for all of its rows: what a row waits for, a division above
 * all, the others fill. What is left of the last turn is its last row again, which is then missing.
 */
function turn(row: string, end: string, body: RowBody, perTurn: number): string[] {
  const later = laterRows(row, perTurn);
  const bodies = [
    body(row, undefined),
    ...later.map(({ name, suffix, at }) => renamed(body(name, `${at} >= ${end}`), suffix)),
  ];
  return [
    ...later.map(({ name, at }) => `let ${name} = min(${at}, ${end} - 1u);`),
    ...bodies[0].flatMap((_, line) => bodies.map((text) => text[line])),
  ];
}

/** A loop over the rows `from` … `to` − 1, of which a turn takes `perTurn`. */
export function loopOver(
  layout: TableLayout,
  row: string,
  [from, to]: readonly [string, string],
  body: RowBody,
  perTurn = 1,
): string[] {
  const step = perTurn === 1 ? `${row}++` : `${row} += ${perTurn}u`;
  const loop = (first: string, end: string): string[] => [
    `for (var ${row} = ${first}; ${row} < ${end}; ${step}) {`,
    ...turn(row, end, body, perTurn),
    "}",
  ];
  if (!layout.staged) return loop(from, to);
  return [
    `for (var ${row}_from = ${from}; ${row}_from < ${to}; ${row}_from += subgroup_lanes) {`,
    // Rows beyond the last are read too, and never asked for.
    `let own_${row} = ${row}_from + subgroup_lane;`,
    ...range(layout.vectors).map(
      (v) => `let ${ownVector(layout, v)} = ${vectorOf(layout, `own_${row}`, v)};`,
    ),
    `let ${row}_end = min(subgroup_lanes, ${to} - ${row}_from);`,
    ...loop("0u", `${row}_end`),
    "}",
  ];
}
