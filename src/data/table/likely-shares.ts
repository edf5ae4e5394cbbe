/** Columns that may be the shares of a mixture, by their values. */
import { SUM_TOLERANCE } from "../../options/limits.ts";
import { type Column, numberAt, type Table } from "./cells.ts";

/** Rows that are looked at. */
const ROWS = 100;

/**
 * The glob of columns with a common beginning (a folder, or a word before "_", "." or "-") whose
 * values sum to 1, or to 100, in every row. Undefined where there are none.
 *
 * @example likelyShares(table) // "config/mix/*"
 */
export function likelyShares(table: Table): string | undefined {
  const [first] = groupsOfShares(table).keys();
  return first === undefined ? undefined : `${first}*`;
}

/**
 * Names of phases whose columns `PHASE_DOMAIN` sum so, each with the same domains as the first.
 * Undefined where there are not two.
 *
 * @example likelyPhases(table) // ["main", "anneal"]
 */
export function likelyPhases(table: Table): string[] | undefined {
  const groups = [...groupsOfShares(table)].filter(([prefix]) => prefix.endsWith("_"));
  const domainsOf = ([prefix, columns]: (typeof groups)[number]): string =>
    JSON.stringify(columns.map(({ name }) => name.slice(prefix.length)).toSorted());
  const [first] = groups;
  if (first === undefined) return undefined;
  const alike = groups.filter((group) => domainsOf(group) === domainsOf(first));
  return alike.length < 2 ? undefined : alike.map(([prefix]) => prefix.slice(0, -1));
}

/** Columns that may be shares, by their common beginning. */
function groupsOfShares(table: Table): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of table.columns.values())
    for (const [prefix] of column.name.matchAll(/^.*[/_.-](?=.)/g))
      groups.set(prefix, [...(groups.get(prefix) ?? []), column]);
  return new Map(
    [...groups].filter(([, columns]) => columns.length > 1 && sumToOne(table, columns)),
  );
}

function sumToOne({ rows }: Table, columns: readonly Column[]): boolean {
  for (let row = 0; row < Math.min(rows, ROWS); row++) {
    const shares = columns.map((column) => numberAt(column, row) ?? NaN);
    const sum = shares.reduce((total, share) => total + share, 0);
    const isOne = [1, 100].some((whole) => Math.abs(sum / whole - 1) <= SUM_TOLERANCE);
    if (!isOne || shares.some((share) => share < 0)) return false;
  }
  return rows > 0;
}
