/** The rows that a fit file keeps beside those of a table. */
import { itemAt, ownOf } from "../base/known.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import { labelOf } from "../laws/parameters/parameters.ts";
import type { CellValue, ChangedCell, RowChanges } from "./verification.ts";

/** Changed cells that are listed. */
const MOST_CELLS = 100;

/** A row as it was used: its number in the table, whether it was held out, its cells by column. */
interface UsedRow {
  readonly number: number;
  readonly cells: ReadonlyMap<string, CellValue>;
}

/**
 * How the rows differ. Rows are matched by their values first, so that another order is no change,
 * and then by their number in the table.
 */
export function compareRows(kept: Runs, found: Runs): RowChanges {
  const [before, now] = [kept, found].map(usedRows) as [UsedRow[], UsedRow[]];
  const { left: changedBefore, rest: changedNow, inOrder } = matched(before, now);
  const byNumber = new Map(changedNow.map((row) => [row.number, row]));
  const cells: ChangedCell[] = [];
  const gone: number[] = [];
  for (const row of changedBefore) {
    const other = byNumber.get(row.number);
    if (other === undefined) gone.push(row.number);
    else cells.push(...changedCells(row, other));
    byNumber.delete(row.number);
  }
  return {
    cells: cells.slice(0, MOST_CELLS),
    changed: cells.length,
    gone,
    added: [...byNumber.keys()],
    reordered: !inOrder,
  };
}

/** Whether the rows are the same, but for their order. */
export const isUnchanged = ({ changed, gone, added }: RowChanges): boolean =>
  changed + gone.length + added.length === 0;

/** Takes out rows that are the same; `inOrder`: those that are stand in the same order. */
function matched(
  before: readonly UsedRow[],
  now: readonly UsedRow[],
): { readonly left: UsedRow[]; readonly rest: UsedRow[]; readonly inOrder: boolean } {
  const places = new Map<string, number[]>();
  for (const [place, row] of now.entries()) {
    const key = keyOf(row);
    places.set(key, [...(places.get(key) ?? []), place]);
  }
  const taken = new Set<number>();
  const left: UsedRow[] = [];
  let [last, inOrder] = [-1, true];
  for (const row of before) {
    const place = places.get(keyOf(row))?.shift();
    if (place === undefined) {
      left.push(row);
      continue;
    }
    inOrder &&= place > last;
    last = place;
    taken.add(place);
  }
  return { left, rest: now.filter((_, place) => !taken.has(place)), inOrder };
}

const keyOf = ({ cells }: UsedRow): string => JSON.stringify([...cells]);

function changedCells(before: UsedRow, now: UsedRow): ChangedCell[] {
  const columns = new Set([...before.cells.keys(), ...now.cells.keys()]);
  return [...columns].flatMap((column) => {
    const [recorded, found] = [before, now].map(({ cells }) => cells.get(column) ?? null) as [CellValue, CellValue]; // prettier-ignore
    return recorded === found ? [] : [{ row: before.number, column, recorded, found }];
  });
}

/** All rows of the runs, with columns sorted by name. */
const usedRows = (runs: Runs): UsedRow[] => [
  ...rowsOfSet(runs.train, "fitted", runs),
  ...(runs.test === undefined ? [] : rowsOfSet(runs.test, "held out", runs)),
];

function rowsOfSet(set: RunSet, part: string, { domains, targets }: Runs): UsedRow[] {
  const { inputs, weights, losses, sigmas, rowWeights, groups } = set;
  const k = domains.length;
  const columns: [string, (row: number) => CellValue][] = [
    ...Object.entries(inputs).map(([name, values]): [string, (row: number) => CellValue] => [
      ownOf(SYMBOLS, name) ?? name,
      (row) => itemAt(values, row),
    ]),
    ...domains.map((domain, d): [string, (row: number) => CellValue] => [
      `share of ${domain}`,
      (row) => itemAt(weights, row * k + d),
    ]),
    ...targets.flatMap((target, t): [string, (row: number) => CellValue][] => [
      [target, (row) => itemAt(itemAt(losses, t), row)],
      ...(sigmas === undefined
        ? []
        : [[labelOf("sigma", target), (row: number) => itemAt(itemAt(sigmas, t), row)] as [string, (row: number) => CellValue]]), // prettier-ignore
    ]),
    ...(rowWeights === undefined
      ? []
      : [["row weight", (row: number) => itemAt(rowWeights, row)] as [string, (row: number) => CellValue]]), // prettier-ignore
    ...(groups === undefined
      ? []
      : [["group", (row: number) => itemAt(groups, row)] as [string, (row: number) => CellValue]]),
  ];
  const sorted = columns.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Array.from({ length: set.rows }, (_, row) => ({
    number: itemAt(set.rowNumbers, row),
    cells: new Map<string, CellValue>([
      ["used as", part],
      ...sorted.map(([name, valueAt]): [string, CellValue] => [name, orNull(valueAt(row))]),
    ]),
  }));
}

const SYMBOLS: Readonly<Record<string, string>> = { params: "N", tokens: "D" };

/** A missing cell has no value. */
const orNull = (value: CellValue): CellValue =>
  typeof value === "number" && Number.isNaN(value) ? null : value;
