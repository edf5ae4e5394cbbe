/**
 * Runs are often a grid: every mixture is trained at a few sizes and looked at after some numbers
 * of tokens, so that a column has the same values again and again. What depends on one such column
 * and on no mixture, as exp(b − β·ln D) of the additive law does, is computed once for each of its
 * values, a *cell*, and looked up at the steps. Bits are the same.
 */
import { levelOf, type Program } from "../../expr/program.ts";
import type { Slot } from "../../expr/program.ts";
import { isFunction } from "../math/math-functions.ts";

/** What is computed once a cell of a column. */
export interface CellColumn {
  /** The column's number in the table of runs. */
  readonly column: number;
  /** The slots that are computed, in order. */
  readonly ids: readonly number[];
  /** Those of them that other slots read, or that are results. */
  readonly roots: readonly number[];
}

/** Cells that a column may have; an even number. */
export const MOST_CELLS = 256;

/**
 * The columns of a program that cells pay for: with a function to compute, not only sums and
 * products.
 *
 * @param results slots that are read from the run level
 */
export function cellColumns({ slots }: Program, results: readonly number[]): CellColumn[] {
  // By slot: the one column that it depends on; "several" where there is more to it.
  const columnOf = new Map<number, number | "several">();
  for (const [i, slot] of slots.entries()) {
    if (levelOf(slot) !== "run") continue;
    if (slot.kind === "column") columnOf.set(i, slot.table === "run" ? slot.index : "several");
    if (slot.kind !== "op") continue;
    const read = new Set(
      slot.args.flatMap((arg) =>
        levelOf(slots[arg]) === "mix" ? ["several" as const] : (columnOf.get(arg) ?? []),
      ),
    );
    const [column = "several"] = read;
    columnOf.set(i, read.size === 1 ? column : "several");
  }
  const columns = new Set([...columnOf.values()].filter((column) => column !== "several"));
  const isOperation = (i: number): boolean => slots[i].kind === "op";
  return [...columns].flatMap((column) => {
    const own = [...columnOf.keys()].filter((i) => columnOf.get(i) === column);
    const ids = new Set(own.filter(isOperation));
    if (![...ids].some((i) => isCall(slots[i]))) return [];
    const read = new Set(results);
    for (const [i, slot] of slots.entries())
      if (slot.kind === "op" && !ids.has(i)) for (const arg of slot.args) read.add(arg);
    return [{ column, ids: own, roots: [...ids].filter((i) => read.has(i)) }];
  });
}

const isCall = (slot: Slot): boolean => slot.kind === "op" && isFunction(slot.op);
