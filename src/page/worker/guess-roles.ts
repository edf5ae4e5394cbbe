/**
 * What the columns of a table seem to be for. The usual names come first, as for the command line;
 * where they are not there, names that others use, and columns whose values sum to 1.
 */
import { USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import { resolveRoles } from "../../data/runs/column-roles.ts";
import { type Column, type Table, toNumber } from "../../data/table/cells.ts";
import { InputError } from "../../base/errors.ts";
import { SUM_TOLERANCE } from "../../options/limits.ts";
import type { Role } from "../protocol/workshop.ts";

/** Names of the other roles, in lower case. */
const NAMES: readonly (readonly [Role, RegExp])[] = [
  ["params", /^(n|n_?params?|(num_|total_)?param(eter)?s?|model_?size|size)$/],
  ["tokens", /^(d|n_?tokens?|(num_|train(ing)?_|total_)?tokens?|tokens_seen|seen_tokens)$/],
  ["group", /^(group|grp|run_?id|mixture_?id|mix_?id|run)$/],
  ["split", /^(split|subset|set|fold)$/],
];
const LOSS = /(^|_)(loss|bpb|nll|ppl|perplexity)(_|$)/;

/** A column of splits has at most this many different texts. */
const MOST_SPLITS = 12;
/** A mixture has at least this many shares. */
const LEAST_SHARES = 2;

/** The guessed role of each column, in the order of the table. */
export function guessRoles(table: Table): Role[] {
  const roles = new Map<Column, Role>();
  const give = (column: Column | undefined, role: Role): void => {
    if (column !== undefined && !roles.has(column)) roles.set(column, role);
  };
  for (const name of ["params", "tokens"] as const)
    give(table.columns.get(USUAL_COLUMNS[name]), name);
  usualLists(table, give);
  const columns = [...table.columns.values()];
  const has = (role: Role): boolean => [...roles.values()].includes(role);
  for (const column of columns) {
    const name = column.name.toLowerCase();
    const role = NAMES.find(([, names]) => names.test(name))?.[0];
    if (role === undefined || has(role)) continue;
    const isText = differentTexts(column).length > 1;
    if (role === "split" ? isText : role === "group" || isNumeric(column)) give(column, role);
  }
  if (!has("share")) for (const column of sharesIn(columns, table.rows)) give(column, "share");
  if (!has("target"))
    for (const column of columns)
      if (LOSS.test(column.name.toLowerCase()) && isNumeric(column)) give(column, "target");
  return columns.map((column) => roles.get(column) ?? "ignored");
}

/** The shares and losses that have the usual names. */
function usualLists(table: Table, give: (column: Column, role: Role) => void): void {
  const none = { params: false, tokens: false, weights: undefined, inputs: [] };
  const hasLosses = [...table.columns.keys()].some((name) => name.startsWith("loss_"));
  try {
    const { weights, targets } = resolveRoles(table, {
      need: none,
      ...(hasLosses ? {} : { targets: "" }),
    });
    for (const { column } of weights) give(column, "share");
    for (const { column } of targets) give(column, "target");
  } catch (error) {
    if (!(error instanceof InputError)) throw error; // the visitor gives the roles then
  }
}

/** The most columns whose names begin alike and whose values sum to 1 in each row that has all. */
function sharesIn(columns: readonly Column[], rows: number): readonly Column[] {
  const byStem = new Map<string, Column[]>();
  for (const column of columns) {
    if (!isPart(column)) continue;
    const stem = /^[^_.:/ -]+[_.:/ -]/.exec(column.name)?.[0] ?? "";
    byStem.set(stem, [...(byStem.get(stem) ?? []), column]);
  }
  const sumToOne = (some: readonly Column[]): boolean =>
    Array.from({ length: rows }, (_, row) =>
      some.reduce((sum, { cells }) => sum + (toNumber(cells[row] ?? null) ?? NaN), 0),
    ).every((sum) => Number.isNaN(sum) || Math.abs(sum - 1) <= SUM_TOLERANCE);
  const found = [...byStem.values()].filter((some) => some.length >= LEAST_SHARES && sumToOne(some)); // prettier-ignore
  return found.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

const isPart = ({ cells }: Column): boolean =>
  cells.some((cell) => cell !== null) &&
  cells.every((cell) => {
    const value = toNumber(cell) ?? -1;
    return cell === null || (value >= 0 && value <= 1 + SUM_TOLERANCE);
  });

/** Whether all cells that are there are numbers. */
export const isNumeric = ({ cells }: Column): boolean =>
  cells.some((cell) => cell !== null) &&
  cells.every((cell) => cell === null || toNumber(cell) !== undefined);

/** The different texts of a column; none where there are many, or they are numbers. */
export function differentTexts(column: Column): readonly string[] {
  if (isNumeric(column)) return [];
  const texts = new Set<string>();
  for (const cell of column.cells) {
    if (cell !== null) texts.add(String(cell));
    if (texts.size > MOST_SPLITS) return [];
  }
  return [...texts];
}
