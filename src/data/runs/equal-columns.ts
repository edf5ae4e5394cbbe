/** Columns of losses that are there twice, under two names. */
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { shorten } from "../../base/wording.ts";
import type { Roles } from "./roles.ts";
import type { RunSet } from "./run-set.ts";

/** Numbers at the beginning of a column by which equal ones are looked for. */
const BEGINNING = 8;

/** What is said of losses that are the same in each of several rows. */
export function equalColumns({ targets }: Roles, { rows, losses }: RunSet): string[] {
  if (rows < 2) return [];
  const byBeginning = new Map<string, number[]>();
  const pairs: string[] = [];
  for (const [n, { column }] of targets.entries()) {
    const own = itemAt(losses, n);
    const beginning = own.slice(0, BEGINNING).join();
    const earlier = byBeginning.get(beginning) ?? [];
    byBeginning.set(beginning, earlier);
    const twin = earlier.find((other) => isEqual(own, itemAt(losses, other)));
    if (twin === undefined) earlier.push(n);
    else if (varies(own)) pairs.push(`${column.name} equals ${itemAt(targets, twin).column.name}`);
  }
  if (pairs.length === 0) return [];
  return [
    `${shorten(pairs, 3)} in every train row, and counts as a target of its own: leave it out with ${option("targets")} if it is a copy`,
  ];
}

/** Missing losses, NaN, are equal. */
const isEqual = (a: Float64Array, b: Float64Array): boolean =>
  a.every((value, row) => Object.is(value, b[row]));

const varies = (values: Float64Array): boolean =>
  values.some((value) => !Object.is(value, values[0]));
