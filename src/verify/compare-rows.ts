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
  /** Made anew each time: a table may have a million rows. */
  readonly cells: () => ReadonlyMap<string, CellValue>;
}

/**
 * How the rows differ. Rows are matched by their values first, so that another order is no change,
 * and then by their number in the table.
 */
export function compareRows(kept: Runs, found: Runs): RowChanges {
  const isNamed = isEqual(kept.domains, found.domains) && isEqual(kept.targets, found.targets);
  if (isNamed && isSame(kept.train, found.train) && isSame(kept.test, found.test))
    return { cells: [], changed: 0, gone: [], added: [], reordered: false };
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

/** Whether two sets are equal, number for number: the usual case, which needs no look at rows. */
function isSame(a: RunSet | undefined, b: RunSet | undefined): boolean {
  const columns = (set: RunSet | undefined): (ArrayLike<unknown> | undefined)[] => [
    ...Object.values(set?.inputs ?? {}),
    ...(set?.losses ?? []),
    ...(set?.sigmas ?? []),
    set?.weights,
    set?.rowWeights,
    set?.groups,
    set?.rowNumbers,
    Object.keys(set?.inputs ?? {}),
  ];
  const [before, now] = [columns(a), columns(b)];
  return before.length === now.length && before.every((column, c) => isEqual(column, now[c]));
}

function isEqual(a: ArrayLike<unknown> = [], b: ArrayLike<unknown> = []): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

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

const keyOf = ({ cells }: UsedRow): string => JSON.stringify([...cells()]);

function changedCells(before: UsedRow, now: UsedRow): ChangedCell[] {
  const [then, later] = [before.cells(), now.cells()];
  return [...new Set([...then.keys(), ...later.keys()])].flatMap((column) => {
    const [recorded, found] = [then.get(column) ?? null, later.get(column) ?? null];
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
    cells: () =>
      new Map<string, CellValue>([
        ["used as", part],
        ...sorted.map(([name, valueAt]): [string, CellValue] => [name, orNull(valueAt(row))]),
      ]),
  }));
}

const SYMBOLS: Readonly<Record<string, string>> = { params: "N", tokens: "D" };

/** A missing cell has no value. */
const orNull = (value: CellValue): CellValue =>
  typeof value === "number" && Number.isNaN(value) ? null : value;
